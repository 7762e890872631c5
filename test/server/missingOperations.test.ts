import assert from "node:assert/strict";
import { test } from "node:test";
import { TestServer } from "./TestServer.ts";

test("NotImplemented: the log names each operation that is asked for and not built, once", async () => {
  const warnings: unknown[] = [];
  await using server = await TestServer.start({ warn: (facts, what) => warnings.push({ ...facts, what }) });
  const what = "an operation was asked for that this server does not have yet; it is not logged again";
  for (const subresource of ["metadataTable", "metadataTable", "session"]) {
    const { status } = await server.request("GET", "/bucket", { query: { [subresource]: "" } });
    assert.equal(status, 501);
  }
  assert.deepEqual(warnings, [
    { operation: "GetBucketMetadataTableConfiguration", what },
    { operation: "CreateSession", what },
  ]);
});
