import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { openFolderJournal } from "../../../src/journal/folder/FolderReader.ts";
import type { RequestRecord } from "../../../src/journal/RequestRecord.ts";
import { settingsFromValues } from "../../../src/config/loadSettings.ts";
import { startServer } from "../../../src/server/startServer.ts";
import { newFolder } from "../../newFolder.ts";
import { ServerProcess, TEST_KEYS } from "../../serverProcess.ts";
import { S3Client } from "@aws-sdk/client-s3";

const POLL_MS = 50;
const Bucket = "bucket";

/** The requests in a folder, once there are as many; a test that waits for more than come ends at its time limit. */
async function requestsIn(folder: string, length: number): Promise<RequestRecord[]> {
  const journal = openFolderJournal(folder);
  for (;;) {
    const found = await journal.find({});
    if (found.length >= length) return found;
    await sleep(POLL_MS);
  }
}

test("journal: what workers have answered is found after all processes were killed, and after a restart", async (t) => {
  const folder = newFolder(t);
  const first = await ServerProcess.start(folder, { args: ["--workers", "2"] });
  t.after(() => first.stop());
  const client = first.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
  await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }))));
  client.destroy();
  const before = await requestsIn(folder, 31);
  await first.kill();
  assert.deepEqual(await requestsIn(folder, 31), before);

  const second = await ServerProcess.start(folder, { args: ["--workers", "2"] });
  t.after(() => second.stop());
  const again = second.client();
  await again.send(new HeadBucketCommand({ Bucket }));
  again.destroy();
  const after = await requestsIn(folder, 32);
  assert.deepEqual(after.slice(0, 31), before);
  assert.equal(after[31]!.operation, "HeadBucket");
  assert.deepEqual(new Set(before.slice(1).map(({ key }) => key)), new Set(keys));
});

test("journal: a server that ends in good order has written all it answered", async (t) => {
  const folder = newFolder(t);
  const server = await ServerProcess.start(folder, { args: ["--workers", "2"] });
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
  await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }))));
  client.destroy();
  assert.equal(await server.stop(), 0);
  assert.equal((await openFolderJournal(folder).find({})).length, 21);
});

for (const workers of [1, 2]) {
  test(`journal: who starts a server with ${workers} workers finds the request of an answer that they have, and what they forget is gone`, async (t) => {
    const data = join(newFolder(t), "data");
    mkdirSync(data);
    const users = { firstUser: TEST_KEYS };
    const settings = { ...settingsFromValues({ data, workers, port: 0, logLevel: "silent" }, {}), ...users };
    const server = await startServer(settings);
    t.after(() => server.stop());
    const client = new S3Client({ endpoint: server.endpoint, region: "us-east-1", credentials: TEST_KEYS, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket }));
    for (let index = 0; index < 20; index += 1) {
      const Key = `key-${index}`;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      const found = await server.journal.find({ key: Key });
      assert.deepEqual(
        found.map(({ operation }) => operation),
        ["PutObject"],
      );
    }
    await server.journal.clear();
    assert.deepEqual(await server.journal.find({}), []);
    await client.send(new HeadBucketCommand({ Bucket }));
    client.destroy();
    assert.equal((await server.journal.find({})).length, 1);
  });
}
