import assert from "node:assert/strict";
import { test } from "node:test";
import type { Asked } from "../../answers/AnswerServer.ts";
import { element } from "../TestServer.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** Disks that are full or slow because a rule says so. */

const LARGE = Buffer.alloc(300_000, "0123456789");
const PUT_SMALL: Asked = { method: "PUT", path: "/bucket/new", body: "new" };
const PUT_LARGE: Asked = { method: "PUT", path: "/bucket/new", body: LARGE };

for (const [what, asked] of [
  ["a small object", PUT_SMALL],
  ["a large one", PUT_LARGE],
  ["a copy", { method: "PUT", path: "/bucket/new", headers: { "x-amz-copy-source": "/bucket/key" } }],
  ["an upload", { method: "POST", path: "/bucket/new", query: { uploads: "" } }],
  ["a part", { method: "PUT", path: "/bucket/upload", query: { partNumber: "7", uploadId: "{uploadId}" }, body: "part" }],
  ["a bucket", { method: "PUT", path: "/another" }],
] as const) {
  test(`full disk: ${what} is refused as by a real one, and nothing of it is kept`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.plan({ action: { kind: "disk", how: "full" }, chance: { times: 2 } });
    const { store } = faulty.answers.server;
    const before = await store.blobs.statistics();
    for (let count = 0; count < 2; count += 1) {
      const answer = await faulty.send(asked);
      assert.deepEqual([answer.status, element(answer, "Code")], [503, "ServiceUnavailable"]);
      assert.match(element(answer, "Details")!, /^The server has no room for this write\. Nothing of it was kept/);
    }
    assert.deepEqual((await faulty.lastRecord()).faults, ["disk-1"]);
    assert.deepEqual(await store.blobs.statistics(), before);
    assert.equal((await faulty.send({ method: "HEAD", path: "/bucket/new" })).status, 404);
    await faulty.assertUnharmed();
  });
}

test("full disk: reads go on, and so does what frees room", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.send(PUT_LARGE);
  await faulty.plan({ action: { kind: "disk", how: "full" } });
  assert.equal((await faulty.send({ method: "GET", path: "/bucket/new" })).body, LARGE.toString());
  assert.equal((await faulty.send({ method: "GET", path: "/bucket" })).status, 200);
  assert.equal((await faulty.send({ method: "DELETE", path: "/bucket/new" })).status, 204);
  assert.equal((await faulty.lastRecord()).faults, undefined);
  await faulty.assertUnharmed();
});

test("slow disk: writes and reads take longer, and are what they are", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disk", how: "slow", delayMs: 20 } });
  for (const [asked, leastMs] of [
    [PUT_SMALL, 20],
    // It is begun, written, ended and named.
    [PUT_LARGE, 80],
    // It is opened, and read.
    [{ method: "GET", path: "/bucket/new" }, 40],
  ] as const) {
    const beganAtMs = performance.now();
    const { status, body } = await faulty.send(asked);
    assert.equal(status, 200);
    assert.ok(performance.now() - beganAtMs >= leastMs - 1, `${asked.method} was too fast`);
    if (asked.method === "GET") assert.equal(body, LARGE.toString());
    assert.deepEqual((await faulty.lastRecord()).faults, ["disk-1"]);
  }
  await faulty.assertUnharmed();
});

test("slow disk: who leaves a slow read lets go of what is read", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.send(PUT_LARGE);
  await faulty.plan({ action: { kind: "disk", how: "slow", delayMs: 60_000 }, match: { key: "new" } });
  const { metrics } = faulty.answers.server.service;
  const connection = await faulty.answers.connect();
  await faulty.sendOn(connection, { method: "GET", path: "/bucket/new" });
  while (metrics.snapshot({ delivered: 0, dropped: 0 }).underWay === 0) await new Promise(setImmediate);
  connection.reset();
  await faulty.settled();
  await faulty.assertUnharmed();
});
