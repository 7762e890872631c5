import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryBlobEngine } from "../../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { blobEngineSuite, getBlob, patternBytes, putBlob } from "./blobs.suite.ts";

blobEngineSuite("memory", async () => new MemoryBlobEngine());

test("MemoryBlobEngine: a fork and its origin go their own ways", async () => {
  const origin = new MemoryBlobEngine();
  const shared = await putBlob(origin, patternBytes(100));
  const fork = origin.fork();
  const ofOrigin = await putBlob(origin, patternBytes(200, 2));
  const ofFork = await putBlob(fork, patternBytes(300, 3));
  await origin.remove(shared);
  assert.deepEqual(await getBlob(fork, shared, 0, 100), patternBytes(100));
  assert.deepEqual(await getBlob(origin, ofOrigin, 0, 200), patternBytes(200, 2));
  assert.deepEqual(await getBlob(fork, ofFork, 0, 300), patternBytes(300, 3));
  assert.deepEqual(await origin.statistics(), { blobs: 1, sizeBytes: 200 });
  assert.deepEqual(await fork.statistics(), { blobs: 2, sizeBytes: 400 });
});

test("MemoryBlobEngine: later changes of a chunk handed over do not reach the blob", async () => {
  const engine = new MemoryBlobEngine();
  const writer = await engine.create();
  const chunk = patternBytes(1000);
  await writer.write(chunk);
  const { id } = await writer.finish();
  chunk.fill(0);
  assert.deepEqual(await getBlob(engine, id, 0, 1000), patternBytes(1000));
});
