import assert from "node:assert/strict";
import { test } from "node:test";
import { writeBlob } from "../../src/store/objects/content.ts";
import { deadBlobRow, deadBlobs, namedBlobRow } from "../../src/store/records/blobRows.ts";
import { completedUploadRow } from "../../src/store/records/CompletedUploadRecord.ts";
import { contentRow, releases } from "../../src/store/records/ContentRecord.ts";
import { deletedBucketRow } from "../../src/store/records/deletedBucketRows.ts";
import { partRow } from "../../src/store/records/PartRecord.ts";
import { mark, put } from "../../src/store/records/Row.ts";
import { UnreadableRecordError } from "../../src/store/records/UnreadableRecordError.ts";
import { abandonedUploadRow, uploadRow } from "../../src/store/records/UploadRecord.ts";
import { readRow, readRows } from "../../src/store/transact.ts";
import type { CollectorOptions } from "../../src/tasks/collect.ts";
import {
  collect,
  COLLECT_INTERVAL_MS,
  COMPLETED_UPLOAD_KEPT_MS,
  DEAD_BLOB_GRACE_MS,
  forgetCompletedUploads,
  runCollector,
} from "../../src/tasks/collect.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import { expectLoose } from "../store/checkedStore.ts";
import type { TestStore } from "../store/testStore.ts";
import { BUCKET, commit, deleteObject, flipBit, openTestStore, putObject, source } from "../store/testStore.ts";

/** The collector beside records that cannot be read: it tells of them, goes on, and removes nothing that may hang on them. */

const LARGE = patternBytes(300_000);

interface Round {
  readonly store: TestStore;
  /** What was told, in order. */
  readonly told: string[];
  readonly options: CollectorOptions;
}

async function openDamaged(): Promise<Round> {
  const store = await openTestStore();
  expectLoose(store);
  const told: string[] = [];
  const onFailure = (_: string, cause: unknown): void => {
    assert.ok(cause instanceof UnreadableRecordError, String(cause));
    told.push(cause.message);
  };
  return { store, told, options: { signal: new AbortController().signal, onFailure, pause: async () => undefined } };
}

async function blobCount(store: TestStore): Promise<number> {
  return (await store.blobs.statistics()).blobs;
}

/** Puts and deletes objects; resolves with the ids of their contents. */
async function deletedObjects(store: TestStore, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let object = 0; object < count; object++) {
    ids.push(((await putObject(store, `key${object}`, LARGE)).location as { id: string }).id);
    await deleteObject(store, `key${object}`);
  }
  return ids;
}

test("collect: content that cannot be read stays, with its blobs, and the rest goes", async () => {
  const { store, told, options } = await openDamaged();
  const ids = await deletedObjects(store, 3);
  await flipBit(store, contentRow(ids[1]!).key, 33);
  assert.equal((await collect(store, options)).referencesEnded, 2);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  assert.equal((await collect(store, options)).blobsRemoved, 2);
  assert.equal(await blobCount(store), 1);
  const { queued } = await readRows(store, { queued: releases(10) });
  assert.deepEqual(
    queued.map(({ contentId }) => contentId),
    [ids[1]],
  );
  assert.deepEqual(told, Array(2).fill(`the record contents/${ids[1]} does not match its checksum`));
});

test("collect: more unreadable contents than a batch has rows do not keep what comes behind them", async () => {
  const { store, options } = await openDamaged();
  const damaged = Array.from({ length: 300 }, (_, index) => `a${String(index).padStart(3, "0")}`);
  for (const id of damaged) {
    await commit(store, [
      { key: contentRow(id).key, value: Buffer.of(9) },
      { key: Buffer.from(`\x08${id}\0x`), value: Buffer.alloc(0) },
    ]);
  }
  await deletedObjects(store, 1);
  // Content ids begin with their time, and so with a 0.
  await commit(store, [{ key: Buffer.from("\x08b\0x"), value: Buffer.alloc(0) }]);
  assert.equal((await collect(store, options)).referencesEnded, 2);
  assert.equal((await readRows(store, { queued: releases(1_000) })).queued.length, 300);
});

test("collect: a dead blob whose row cannot be read stays, and the rest goes", async () => {
  const { store, told, options } = await openDamaged();
  await deletedObjects(store, 3);
  await collect(store, options);
  const { dead } = await readRows(store, { dead: deadBlobs(10) });
  const { blob } = dead[1]!;
  await flipBit(store, deadBlobRow(blob).key, 17);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  assert.equal((await collect(store, options)).blobsRemoved, 2);
  assert.equal(await blobCount(store), 1);
  assert.deepEqual(told, [`the record deadBlobs/${blob} does not match its checksum`]);
});

test("collect: a blob that is called dead and named by a record stays", async () => {
  const { store, told, options } = await openDamaged();
  await putObject(store, "kept", LARGE);
  await deletedObjects(store, 1);
  await collect(store, options);
  const [{ key, value }] = (await readRows(store, { dead: { ...deadBlobs(1), decode: (entry) => entry } })).dead as [
    { key: Uint8Array; value: Uint8Array },
  ];
  // As one flipped bit of the key would leave it: blobs are numbered. Older versions wrote the time alone, without a checksum.
  let kept = "";
  for await (const id of store.blobs.suspects({ all: true })) {
    if ((await readRow(store, namedBlobRow(id))) !== undefined) kept = id;
  }
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(store.nowMs));
  await commit(store, [
    { key, value: undefined },
    { key: deadBlobRow(kept).key, value: time },
  ]);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  assert.equal((await collect(store, options)).blobsRemoved, 0);
  assert.deepEqual(told, [`the record deadBlobs/${kept} calls a blob dead that a record names`]);
  await commit(store, [{ key: deadBlobRow(kept).key, value }]);
  assert.equal((await collect(store, options)).blobsRemoved, 0);
  assert.match(told[1]!, /does not match its checksum/);
});

test("collect: a part that cannot be read stays, with its upload's row, and the others go", async () => {
  const { store, told, options } = await openDamaged();
  for (let partNumber = 1; partNumber <= 3; partNumber++) {
    const { blob, changes, sizeBytes } = await writeBlob(store, source(LARGE));
    const record = {
      partNumber,
      sizeBytes,
      etag: "0",
      lastModifiedMs: store.nowMs,
      blob,
      checksum: undefined,
      cipher: undefined,
    };
    await commit(store, [...changes, put(partRow("upload", partNumber), record)]);
  }
  await commit(store, [mark(abandonedUploadRow("upload"))]);
  await flipBit(store, partRow("upload", 2).key, 11);
  assert.equal((await collect(store, options)).partsEnded, 2);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  assert.deepEqual(await collect(store, options), { referencesEnded: 0, partsEnded: 0, blobsRemoved: 2 });
  assert.equal(await readRow(store, abandonedUploadRow("upload")), true);
  assert.equal(await blobCount(store), 1);
  assert.deepEqual(told, Array(2).fill("the record parts/upload/2 does not match its checksum"));
});

test("collect: the uploads of a deleted bucket are abandoned, also those that cannot be read", async () => {
  const { store, told, options } = await openDamaged();
  const { key } = uploadRow(BUCKET.id, "a/\0\u00e9", "upload");
  const { blob, changes, sizeBytes } = await writeBlob(store, source(LARGE));
  const part = { partNumber: 1, sizeBytes, etag: "0", lastModifiedMs: 1, blob, checksum: undefined, cipher: undefined };
  await commit(store, [
    ...changes,
    { key, value: Buffer.from("not a record") },
    put(partRow("upload", 1), part),
    mark(deletedBucketRow(BUCKET.id)),
  ]);
  assert.equal((await collect(store, options)).partsEnded, 1);
  assert.deepEqual((await store.metadata.read({ keys: [key] })).values, [undefined]);
  assert.equal(await readRow(store, deletedBucketRow(BUCKET.id)), undefined);
  assert.deepEqual(told, []);
});

test("forgetCompletedUploads: one that cannot be read is told of and stays", async () => {
  const { store, told, options } = await openDamaged();
  const record = {
    bucketId: BUCKET.id,
    key: "key",
    etag: "0-1",
    checksum: undefined,
    completedAtMs: store.nowMs,
    versionId: undefined,
    encryption: undefined,
  };
  for (const id of ["a", "b", "c"]) await commit(store, [put(completedUploadRow(id), record)]);
  await flipBit(store, completedUploadRow("b").key, 50);
  store.nowMs += COMPLETED_UPLOAD_KEPT_MS + 1;
  assert.equal(await forgetCompletedUploads(store, options), 2);
  assert.deepEqual(told, ["the record completedUploads/b does not match its checksum"]);
});

test("runCollector: tells of an unreadable record once an hour, not each second", async () => {
  const { store, told, options } = await openDamaged();
  const [id] = await deletedObjects(store, 1);
  await flipBit(store, contentRow(id!).key, 12);
  const ending = new AbortController();
  let rounds = 0;
  await runCollector(store, {
    ...options,
    signal: ending.signal,
    pause: async (ms) => {
      if (ms !== COLLECT_INTERVAL_MS) return;
      store.nowMs += 60_000;
      if (++rounds === 90) ending.abort();
    },
  });
  assert.equal(rounds, 90);
  assert.equal(told.length, 3);
});
