import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision, ReadResult, ReadSet } from "../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { deadBlobRow, deadBlobs, namedBlobRow } from "../../src/store/records/blobRows.ts";
import { bucketRow } from "../../src/store/records/BucketRecord.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import { readRow, readRows, readThere, transact } from "../../src/store/transact.ts";
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
  const died = {
    a: { diedAtMs: 1, contentId: "content" },
    b: { diedAtMs: 2, contentId: "" },
    c: { diedAtMs: 3, contentId: undefined },
  };
  await commit(
    store,
    (["b", "a", "c"] as const).map((blob) => put(deadBlobRow(blob), died[blob])),
  );
  const wanted = {
    dead: deadBlobs(2),
    bucket: bucketRow(BUCKET.name),
    several: [deadBlobRow("c"), deadBlobRow("none"), deadBlobRow("a")],
    nothing: undefined,
    object: objectRow(BUCKET.id, "key"),
  };
  const expected = {
    dead: [
      { blob: "a", ...died.a },
      { blob: "b", ...died.b },
    ],
    bucket: BUCKET,
    several: [died.c, undefined, died.a],
    nothing: undefined,
    object: undefined,
  };
  assert.deepEqual(await transact(store, wanted, (records) => ({ changes: [], result: records })), expected);
  assert.deepEqual(await readRows(store, wanted), expected);
  assert.deepEqual(readRow(store, bucketRow(BUCKET.name)), BUCKET, "what is at hand comes without a promise");
});

test("readThere: rows that are empty are left out", async () => {
  const store = await openTestStore();
  const record = { diedAtMs: 1, contentId: "" };
  await commit(store, [put(deadBlobRow("a"), record), put(deadBlobRow("c"), { ...record, diedAtMs: 2 })]);
  const rows = ["c", "b", "a"].map(deadBlobRow);
  assert.deepEqual(await readThere(store, rows), [{ ...record, diedAtMs: 2 }, record]);
  assert.deepEqual(await readThere(store, []), []);
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

test("transact: the time handed in is that of the commit, real where a test has moved S3's", async () => {
  const store = await openTestStore();
  const nowMs = store.nowMs + 5;
  store.nowMs = nowMs;
  const moved = { ...store, clock: () => nowMs + 1_000_000 };
  const given = await transact(moved, { row: namedBlobRow("b") }, (_, at) => ({ changes: [], result: at.realNowMs }));
  assert.equal(given, nowMs);
});

/** An engine that answers later, as one across a network would. */
class LaterEngine extends MemoryMetadataEngine {
  override read(readSet: ReadSet): ReadResult {
    const found = super.read(readSet);
    return new Promise((resolve) => setImmediate(resolve, found)) as unknown as ReadResult;
  }
}

test("readRow, readRows: what is not at hand comes with a promise, and is the same", async () => {
  const store = await openUncheckedStore({ metadata: new LaterEngine() });
  const found = [
    readRow(store, bucketRow(BUCKET.name)),
    readRows(store, { bucket: bucketRow(BUCKET.name), none: bucketRow("none") }),
  ];
  for (const later of found) assert.ok(later instanceof Promise);
  assert.deepEqual(await Promise.all(found), [BUCKET, { bucket: BUCKET, none: undefined }]);
  assert.equal(await readRow(store, bucketRow("none")), undefined);
});
