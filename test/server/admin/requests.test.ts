import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, startAdminServer } from "./AdminClient.ts";

test("ListRequests: tells what was asked, in the order in which it ended, and nothing of itself", async () => {
  await using server = await startAdminServer();
  await server.request("PUT", "/bucket/a", { body: "1" });
  await server.request("GET", "/bucket/missing");
  await ask(server.port, "GET", "/-/requests");
  const { status, json, headers } = await ask(server.port, "GET", "/-/requests");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/json");
  assert.deepEqual(
    json.requests.map(({ operation, key, status: answered }: Record<string, unknown>) => [operation, key, answered]),
    [
      ["CreateBucket", undefined, 200],
      ["PutObject", "a", 200],
      ["GetObject", "missing", 404],
    ],
  );
});
