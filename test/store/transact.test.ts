import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision, ReadResult } from "../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { deadBlobRow, deadBlobs, namedBlobRow } from "../../src/store/records/blobRows.ts";
import { bucketRow } from "../../src/store/records/BucketRecord.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import { readRow, readRows, transact } from "../../src/store/transact.ts";
import {
  BUCKET,
  commit,
  copyObject,
  deleteObject,
  objectRecord,
  openTestStore,
  openUncheckedStore,
  putObject,
} from "./testStore.ts";

test("transact: records come under the names of their rows, lists in order, ranges as they are limited", async () => {
  const store = await openTestStore();
  await commit(store, [put(deadBlobRow("b"), 2), put(deadBlobRow("a"), 1), put(deadBlobRow("c"), 3)]);
  const wanted = {
    dead: deadBlobs(2),
    bucket: bucketRow(BUCKET.name),
    several: [deadBlobRow("c"), deadBlobRow("none"), deadBlobRow("a")],
    nothing: undefined,
    object: objectRow(BUCKET.id, "key"),
  };
  const expected = {
    dead: [
      { blob: "a", diedAtMs: 1 },
      { blob: "b", diedAtMs: 2 },
    ],
    bucket: BUCKET,
    several: [3, undefined, 1],
    nothing: undefined,
    object: undefined,
  };
  assert.deepEqual(await transact(store, wanted, (records) => ({ changes: [], result: records })), expected);
  assert.deepEqual(await readRows(store, wanted), expected);
  assert.deepEqual(readRow(store, bucketRow(BUCKET.name)), BUCKET, "what is at hand comes without a promise");
});

test("transact: ids are new, in one decision and in all, and the same when a decision runs again", async () => {
  const store = await openTestStore();
  const runs: string[][] = [];
  const decide = (_: unknown, { newId }: { newId: () => string }) => {
    runs.push([newId(), newId(), newId()]);
    return { changes: [], result: undefined };
  };
  await transact(store, {}, decide);
  await transact(store, {}, decide);
  assert.equal(runs.length, 4, "the store of the tests runs each decision twice");
  assert.deepEqual([runs[0], runs[2]], [runs[1], runs[3]]);
  assert.equal(new Set(runs.flat()).size, 6);
  for (const id of runs.flat()) assert.match(id, /^[0-9a-f]{20}$/);
});

/** Every decision on this engine, to be run again. */
class RecordingEngine extends MemoryMetadataEngine {
  readonly recorded: { readonly records: ReadResult; readonly decision: unknown; readonly again: () => unknown }[] = [];

  override transact<Result>(
    readSet: Parameters<MemoryMetadataEngine["transact"]>[0],
    decide: (records: ReadResult) => Decision<Result>,
  ): Promise<Result> {
    return super.transact(readSet, (records) => {
      const decision = decide(records);
      this.recorded.push({ records, decision, again: () => decide(records) });
      return decision;
    });
  }
}

test("transact: decisions that were recorded decide the same when they are replayed, chance and names included", async () => {
  const metadata = new RecordingEngine();
  const store = await openUncheckedStore({ metadata });
  for (const sizeBytes of [10, 100_000]) {
    await putObject(store, "key", Buffer.alloc(sizeBytes, 1));
    await putObject(store, "key", Buffer.alloc(sizeBytes, 2));
    await copyObject(store, "key", "copy");
    await copyObject(store, "key", "copy");
    await deleteObject(store, "key");
  }
  assert.equal(metadata.recorded.length, 11);
  for (const { decision, again } of metadata.recorded) assert.deepEqual(again(), decision);
});

test("transact: a decision sees the bucket as it is committed, and an object is its owner's", async () => {
  const store = await openTestStore();
  await commit(store, [put(bucketRow(BUCKET.name), { ...BUCKET, ownerId: "other", ownerName: "Other" })]);
  await putObject(store, "key", Buffer.from("bytes"));
  const { ownerId, ownerName } = (await objectRecord(store, "key"))!;
  assert.deepEqual([ownerId, ownerName], ["other", "Other"]);
});

test("transact: the time handed in is that of the commit", async () => {
  const store = await openTestStore();
  const nowMs = store.nowMs + 5;
  store.nowMs = nowMs;
  const given = await transact(store, { row: namedBlobRow("b") }, (_, at) => ({ changes: [], result: at.nowMs }));
  assert.equal(given, nowMs);
});
