import assert from "node:assert/strict";
import { test } from "node:test";
import { createBucket } from "../../../src/store/buckets/buckets.ts";
import { writeBlob } from "../../../src/store/objects/content.ts";
import { findObject } from "../../../src/store/objects/objects.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { deadBlobs } from "../../../src/store/records/blobRows.ts";
import { objectRow } from "../../../src/store/records/ObjectRecord.ts";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import { UnreadableRecordError } from "../../../src/store/records/UnreadableRecordError.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import { readRows } from "../../../src/store/transact.ts";
import type { Completion } from "../../../src/store/uploads/multipart.ts";
import { abortUpload, completeUpload, createUpload, isUploadIdOf, putPart } from "../../../src/store/uploads/multipart.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import { expectLoose } from "../checkedStore.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, deleteObject, flipBit, objectRecord, openTestStore, putObject, source } from "../testStore.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";

const BEGAN_MS = 1_700_000_000_000;

function begin(store: TestStore, bucket: BucketRecord = BUCKET, key = "key"): Promise<UploadRecord> {
  return createUpload(store, bucket, {
    key,
    initiatedAtMs: BEGAN_MS,
    storageClass: "GLACIER",
    ownerId: bucket.ownerId,
    ownerName: bucket.ownerName,
    initiatorId: "i",
    initiatorName: "I",
    system: { contentType: "text/plain" },
    user: [["a", "b"]],
    checksumAlgorithm: undefined,
    ...PLAIN_OBJECT,
    checksumType: undefined,
  });
}

async function upload(store: TestStore, record: UploadRecord, partNumber: number, text: string): Promise<PartRecord> {
  const written = await writeBlob(store, source(Buffer.from(text)));
  const part: PartRecord = {
    partNumber,
    sizeBytes: written.sizeBytes,
    etag: "00".repeat(16),
    lastModifiedMs: BEGAN_MS + partNumber,
    blob: written.blob,
    checksum: { algorithm: "CRC64NVME", type: "FULL_OBJECT", value: text },
    cipher: undefined,
  };
  await putPart(store, BUCKET, record, part, written);
  return part;
}

function completionOf(record: UploadRecord, parts: readonly PartRecord[], more: Partial<Completion> = {}): Completion {
  return {
    bucket: BUCKET,
    key: record.key,
    uploadId: record.uploadId,
    parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag, checksum: undefined })),
    checksumType: undefined,
    checksum: undefined,
    objectSizeBytes: undefined,
    conditions: { ifMatch: undefined, ifNoneMatch: undefined },
    sumUp: (summed) => ({ algorithm: "CRC64NVME", type: "FULL_OBJECT", value: summed.map(({ value }) => value).join("+") }),
    nowMs: BEGAN_MS + 1_000_000,
    ...more,
  };
}

async function collectAll(store: TestStore): Promise<void> {
  const signal = new AbortController().signal;
  const options = { signal, onFailure: assert.fail, pause: async () => undefined };
  await collect(store, options);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options);
}

async function dead(store: TestStore): Promise<string[]> {
  const { dead: found } = await readRows(store, { dead: deadBlobs(10) });
  // A part is of no content.
  for (const { contentId } of found) assert.equal(contentId, "");
  return found.map(({ blob }) => blob).toSorted();
}

test("completeUpload: the object is dated by the beginning of its upload, and is what the upload was begun with", async () => {
  const store = await openTestStore();
  const record = await begin(store);
  const { etag } = await completeUpload(store, completionOf(record, [await upload(store, record, 3, "all")]));
  const { content, ...object } = (await objectRecord(store, "key"))!;
  assert.equal(content.kind, "content");
  assert.deepEqual(object, {
    lastModifiedMs: BEGAN_MS,
    sizeBytes: 3,
    etag,
    storageClass: "GLACIER",
    ownerId: BUCKET.ownerId,
    ownerName: BUCKET.ownerName,
    checksum: { algorithm: "CRC64NVME", type: "FULL_OBJECT", value: "all" },
    system: { contentType: "text/plain" },
    user: [["a", "b"]],
    partsCount: 1,
    ...UNVERSIONED,
    ...PLAIN_OBJECT,
  });
});

test("putPart: the blob of a part that is sent again dies, and goes", async () => {
  const store = await openTestStore();
  const record = await begin(store);
  const first = await upload(store, record, 1, "first");
  const second = await upload(store, record, 1, "second");
  assert.deepEqual(await dead(store), [first.blob]);
  await collectAll(store);
  assert.deepEqual(await store.blobs.statistics(), { blobs: 1, sizeBytes: second.sizeBytes });
});

test("putPart: a part for an upload that has ended leaves nothing behind", async () => {
  const store = await openTestStore();
  const record = await begin(store);
  await abortUpload(store, BUCKET, "key", record.uploadId);
  await assert.rejects(upload(store, record, 1, "late"), { code: "NoSuchUpload" });
  assert.deepEqual(await store.blobs.statistics(), { blobs: 0, sizeBytes: 0 });
});

test("completeUpload: the blobs of parts that are not listed die, and go; those of listed ones stay", async () => {
  const store = await openTestStore();
  const record = await begin(store);
  const unlisted = [await upload(store, record, 1, "one"), await upload(store, record, 3, "three")];
  const listed = await upload(store, record, 2, "two");
  await completeUpload(store, completionOf(record, [listed]));
  assert.deepEqual(await dead(store), unlisted.map(({ blob }) => blob).toSorted());
  await collectAll(store);
  assert.deepEqual(await store.blobs.statistics(), { blobs: 1, sizeBytes: 3 });
});

test("completeUpload: the content of the object that is replaced goes", async () => {
  const store = await openTestStore();
  for (const before of [10, 100_000]) {
    await putObject(store, "key", Buffer.alloc(before));
    const record = await begin(store);
    await completeUpload(store, completionOf(record, [await upload(store, record, 1, "all")]));
    await collectAll(store);
    assert.deepEqual(await store.blobs.statistics(), { blobs: 1, sizeBytes: 3 });
  }
});

test("completeUpload: repeated for another key or in another bucket, a finished upload is none", async () => {
  const store = await openTestStore();
  const other = await createBucket(store, { name: "other", region: "us-east-1", ownerId: "o", ownerName: "O", createdAtMs: 1 });
  const record = await begin(store);
  const parts = [await upload(store, record, 1, "all")];
  const { sizeBytes, ...first } = await completeUpload(store, completionOf(record, parts));
  assert.equal(sizeBytes, 3);
  assert.deepEqual(await completeUpload(store, completionOf(record, parts, { nowMs: BEGAN_MS + 9_000_000 })), first);
  await assert.rejects(completeUpload(store, completionOf(record, parts, { key: "other" })), { code: "NoSuchUpload" });
  await assert.rejects(completeUpload(store, completionOf(record, parts, { bucket: other })), { code: "NoSuchUpload" });
  assert.equal(await objectRecord(store, "other"), undefined);
  assert.equal(await findObject(store, other, "key"), undefined);
});

test("completeUpload: repeated when its object is gone again, it still answers, and brings nothing back", async () => {
  const store = await openTestStore();
  const record = await begin(store);
  const parts = [await upload(store, record, 1, "all")];
  const { sizeBytes: _once, ...first } = await completeUpload(store, completionOf(record, parts));
  await deleteObject(store, "key");
  assert.deepEqual(await completeUpload(store, completionOf(record, parts)), first);
  assert.equal(await objectRecord(store, "key"), undefined);
});

test("completeUpload: takes the place of a record that cannot be read, begun before or after, unless it asks something of it", async () => {
  const store = await openTestStore();
  expectLoose(store);
  await putObject(store, "key", Buffer.from("before"));
  const early = await begin(store);
  await flipBit(store, objectRow(BUCKET.id, "key").key, 40);
  const late = await begin(store);
  assert.equal(late.begunOn, "");
  const part = await upload(store, late, 1, "late");
  const conditions = { ifMatch: undefined, ifNoneMatch: "*" };
  await assert.rejects(completeUpload(store, completionOf(late, [part], { conditions })), UnreadableRecordError);
  await completeUpload(store, completionOf(late, [part]));
  assert.equal((await objectRecord(store, "key"))?.sizeBytes, 4);
  await flipBit(store, objectRow(BUCKET.id, "key").key, 40);
  await completeUpload(store, completionOf(early, [await upload(store, early, 1, "early")]));
  assert.equal((await objectRecord(store, "key"))?.sizeBytes, 5);
});

test("isUploadIdOf: an upload id names its key and bucket; one of the oldest form might be of any", async () => {
  const store = await openTestStore();
  const { uploadId } = await begin(store);
  assert.match(uploadId, /^[0-9a-f]{68}$/);
  assert.equal(uploadId.slice(0, 12), BEGAN_MS.toString(16).padStart(12, "0"));
  assert.ok(isUploadIdOf(BUCKET, "key", uploadId));
  assert.ok(!isUploadIdOf(BUCKET, "other", uploadId));
  assert.ok(!isUploadIdOf({ ...BUCKET, id: "fedcba9876543210" }, "key", uploadId));
  for (const key of ["key", "other"]) assert.ok(isUploadIdOf(BUCKET, key, uploadId.slice(0, 60)));
  for (const id of [
    "",
    "0",
    `${uploadId}0`,
    `0${uploadId}`,
    ` ${uploadId}`,
    uploadId.slice(1),
    uploadId.slice(0, 59),
    uploadId.toUpperCase(),
  ]) {
    assert.ok(!isUploadIdOf(BUCKET, "key", id), id);
  }
});

test("createUpload: no two ids are alike, and those of later uploads sort behind", async () => {
  const store = await openTestStore();
  const ids: string[] = [];
  for (const initiatedAtMs of [1, 1, 255, 256, BEGAN_MS]) {
    ids.push((await createUpload(store, BUCKET, { ...(await begin(store)), initiatedAtMs })).uploadId);
  }
  assert.equal(new Set(ids.map((id) => id.slice(12))).size, ids.length);
  assert.deepEqual(
    ids.map((id) => parseInt(id.slice(0, 12), 16)),
    [1, 1, 255, 256, BEGAN_MS],
  );
});
