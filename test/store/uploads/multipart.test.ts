import assert from "node:assert/strict";
import { test } from "node:test";
import { createBucket } from "../../../src/store/buckets/buckets.ts";
import { writeBlob } from "../../../src/store/objects/content.ts";
import { findObject } from "../../../src/store/objects/objects.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { deadBlobs } from "../../../src/store/records/blobRows.ts";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import { readRows } from "../../../src/store/transact.ts";
import type { Completion } from "../../../src/store/uploads/multipart.ts";
import { completeUpload, createUpload, putPart } from "../../../src/store/uploads/multipart.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, deleteObject, objectRecord, openTestStore, putObject, source } from "../testStore.ts";

const BEGAN_MS = 1_700_000_000_000;

function begin(store: TestStore, bucket: BucketRecord = BUCKET, key = "key"): Promise<UploadRecord> {
  return createUpload(store, bucket, {
    key,
    initiatedAtMs: BEGAN_MS,
    storageClass: "GLACIER",
    initiatorId: "i",
    initiatorName: "I",
    system: { contentType: "text/plain" },
    user: [["a", "b"]],
    checksumAlgorithm: undefined,
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
  return (await readRows(store, { dead: deadBlobs(10) })).dead.map(({ blob }) => blob).toSorted();
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
  const first = await completeUpload(store, completionOf(record, parts));
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
  const first = await completeUpload(store, completionOf(record, parts));
  await deleteObject(store, "key");
  assert.deepEqual(await completeUpload(store, completionOf(record, parts)), first);
  assert.equal(await objectRecord(store, "key"), undefined);
});
