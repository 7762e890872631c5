import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucket } from "../../../src/operations/buckets/CreateBucket.ts";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { createUpload } from "../../../src/store/uploads/multipart.ts";
import { deletedBucketRow } from "../../../src/store/records/deletedBucketRows.ts";
import { bucketIn, contextFor, memoryStore, NOW_MS, OWNER, payloadOf, refusal } from "../contextFor.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";

async function opened() {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  const remove = () => DeleteBucket.handle({ Bucket: "bucket" }, contextFor({ store, bucket }));
  return { store, bucket, remove };
}

test("DeleteBucket: removes an empty bucket", async () => {
  const { store, remove, bucket } = await opened();
  assert.deepEqual((await remove()).output, {});
  assert.equal(await findBucket(store, "bucket"), undefined);
  const { values } = await store.metadata.read({ keys: [deletedBucketRow(bucket.id).key] });
  assert.equal(values[0], undefined, "nothing is left for the collector");
});

test("DeleteBucket: keeps a bucket with objects", async () => {
  const { store, bucket, remove } = await opened();
  await PutObject.handle({ Bucket: "bucket", Key: "\u0000" }, contextFor({ store, bucket, payload: payloadOf("") }));
  await refusal(remove(), {
    code: "BucketNotEmpty",
    status: 409,
    message: "The bucket you tried to delete is not empty",
    details: { BucketName: "bucket" },
  });
  await DeleteObject.handle({ Bucket: "bucket", Key: "\u0000" }, contextFor({ store, bucket }));
  await remove();
});

test("DeleteBucket: objects of other buckets are not its own", async () => {
  const { store, remove } = await opened();
  for (const name of ["bucke", "bucket0"]) {
    const other = await bucketIn(store, name);
    await PutObject.handle({ Bucket: name, Key: "k" }, contextFor({ store, bucket: other, payload: payloadOf("x") }));
  }
  await remove();
});

test("DeleteBucket: uploads under way go with it, and leave one row to the collector", async () => {
  const { store, bucket, remove } = await opened();
  const upload = {
    key: "k",
    initiatedAtMs: NOW_MS,
    storageClass: "STANDARD",
    ownerId: OWNER.canonicalId,
    ownerName: OWNER.displayName,
    initiatorId: OWNER.canonicalId,
    initiatorName: OWNER.displayName,
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    ...PLAIN_OBJECT,
    checksumType: undefined,
  };
  for (let count = 0; count < 3; count++) await createUpload(store, bucket, upload);
  await remove();
  const { values } = await store.metadata.read({ keys: [deletedBucketRow(bucket.id).key] });
  assert.ok(values[0]);
  await refusal(createUpload(store, bucket, upload), { code: "NoSuchBucket" });
});

test("DeleteBucket: OperationAborted when another request deletes the bucket first", async () => {
  const { remove } = await opened();
  const [first, second] = await Promise.allSettled([remove(), refusal(remove(), { code: "OperationAborted", status: 409 })]);
  assert.equal(first.status, "fulfilled");
  assert.equal(second.status, "fulfilled");
});

test("DeleteBucket: OperationAborted when the bucket was made anew meanwhile, which stays", async () => {
  const { store, bucket, remove } = await opened();
  await remove();
  await CreateBucket.handle({ Bucket: "bucket" }, contextFor({ store }));
  assert.notEqual((await findBucket(store, "bucket"))?.id, bucket.id);
  await refusal(remove(), {
    code: "OperationAborted",
    message: "A conflicting conditional operation is currently in progress against this resource. Please try again.",
  });
  assert.ok(await findBucket(store, "bucket"));
});
