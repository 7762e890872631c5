import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewBucket } from "../../../src/store/buckets/buckets.ts";
import { createBucket, deleteBucket, describeBucket, findBucket, presentBucket } from "../../../src/store/buckets/buckets.ts";
import { readSetting } from "../../../src/store/buckets/settings.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { deletedBuckets } from "../../../src/store/records/deletedBucketRows.ts";
import type { Acl } from "../../../src/store/records/Acl.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRows } from "../../../src/store/transact.ts";
import { BUCKET, deleteObject, openTestStore, putObject } from "../testStore.ts";

const NEW: NewBucket = { name: "new", region: "us-east-1", ownerId: "o", ownerName: "O", createdAtMs: 1_700_000_000_000 };
const ACL: Acl = { ownerId: "o", grants: [{ grantee: { kind: "group", group: "AllUsers" }, permission: "READ" }] };

/** Does something to the store after the next operation has looked, and before it commits. */
function beforeCommit({ metadata }: Store, act: () => Promise<unknown>): void {
  const transact = metadata.transact.bind(metadata);
  metadata.transact = async (...args) => {
    metadata.transact = transact;
    await act();
    return transact(...args);
  };
}

const deletedIds = async (store: Store): Promise<readonly string[]> => (await readRows(store, { all: deletedBuckets(10) })).all;

test("createBucket: a bucket has an id of its own, and its settings and their number from the beginning", async () => {
  const store = await openTestStore();
  const made = await createBucket(store, { ...NEW, settings: { tagging: "t", abac: "a" } });
  assert.match(made.id, /^[0-9a-f]{16}$/);
  assert.equal(made.configurationRevision, 2);
  assert.deepEqual(await findBucket(store, "new"), made);
  assert.equal(await readSetting(store, made, "tagging"), "t");
  assert.equal(await readSetting(store, made, "abac"), "a");
  const other = await createBucket(store, { ...NEW, name: "other" });
  assert.notEqual(other.id, made.id);
  assert.equal(other.configurationRevision, 0);
});

test("createBucket: one's own again is the same bucket in us-east-1, and refused where either is elsewhere", async () => {
  const store = await openTestStore();
  const made = await createBucket(store, NEW);
  assert.deepEqual(await createBucket(store, { ...NEW, createdAtMs: 5 }), made);
  assert.deepEqual(await findBucket(store, "new"), made);
  const refused = { code: "BucketAlreadyOwnedByYou", details: [["BucketName", "new"]], explanation: /2023-11-14T22:13:20\.000Z/ };
  await assert.rejects(createBucket(store, { ...NEW, region: "eu-west-1" }), refused);
  await createBucket(store, { ...NEW, name: "far", region: "eu-west-1" });
  for (const region of ["eu-west-1", "us-east-1"])
    await assert.rejects(createBucket(store, { ...NEW, name: "far", region }), { code: "BucketAlreadyOwnedByYou" });
});

test("createBucket: somebody else's is refused, in us-east-1 too", async () => {
  const store = await openTestStore();
  await createBucket(store, NEW);
  const refused = { code: "BucketAlreadyExists", details: [["BucketName", "new"]] };
  await assert.rejects(createBucket(store, { ...NEW, ownerId: "p" }), refused);
});

test("createBucket: again, it sets the ACL anew or takes it away, where there can be one", async () => {
  const store = await openTestStore();
  const open: NewBucket = { ...NEW, objectOwnership: "ObjectWriter" };
  const made = await createBucket(store, open);
  assert.equal((await createBucket(store, open)).configurationRevision, 0);
  const shared = await createBucket(store, { ...open, acl: ACL });
  assert.deepEqual(shared, { ...made, acl: ACL, configurationRevision: 1 });
  assert.deepEqual(await findBucket(store, "new"), shared);
  assert.deepEqual(await createBucket(store, open), { ...made, acl: undefined, configurationRevision: 2 });
  assert.equal((await findBucket(store, "new"))?.acl, undefined);
  const closed = await createBucket(store, { ...NEW, name: "closed" });
  assert.deepEqual(await createBucket(store, { ...NEW, name: "closed", acl: ACL }), closed);
});

test("createBucket: of two at once one is told that it was turned away, and so is one beside a deletion", async () => {
  const store = await openTestStore();
  beforeCommit(store, () => createBucket(store, NEW));
  await assert.rejects(createBucket(store, NEW), { code: "OperationAborted", explanation: /^The bucket "new" was created by/ });
  const bucket = (await findBucket(store, "new"))!;
  beforeCommit(store, () => deleteBucket(store, bucket));
  await assert.rejects(createBucket(store, NEW), { code: "OperationAborted", explanation: /^The bucket "new" was deleted by/ });
});

test("deleteBucket: of two at once one is turned away, and so is one of a bucket that was made anew meanwhile", async () => {
  const store = await openTestStore();
  const bucket = await createBucket(store, NEW);
  await deleteBucket(store, bucket);
  assert.equal(await findBucket(store, "new"), undefined);
  await assert.rejects(deleteBucket(store, bucket), { code: "OperationAborted", explanation: /was deleted by/ });
  await createBucket(store, NEW);
  await assert.rejects(deleteBucket(store, bucket), { code: "OperationAborted", explanation: /was created by/ });
});

test("deleteBucket: an object keeps a bucket, and what is left of one is noted only where something is", async () => {
  const store = await openTestStore();
  await putObject(store, "key", Buffer.from("a"));
  const refused = { code: "BucketNotEmpty", details: [["BucketName", "bucket"]], explanation: /^The bucket still holds objects/ };
  await assert.rejects(deleteBucket(store, BUCKET), refused);
  await deleteObject(store, "key");
  await deleteBucket(store, BUCKET);
  assert.deepEqual(await deletedIds(store), []);
  const set = await createBucket(store, { ...NEW, settings: { cors: "c" } });
  await deleteBucket(store, set);
  assert.deepEqual(await deletedIds(store), [set.id]);
});

test("presentBucket: the bucket as it is now, if it is still the same", async () => {
  const now: BucketRecord = { ...BUCKET, configurationRevision: 7 };
  assert.equal(presentBucket(now, BUCKET), now);
  const refused = { code: "NoSuchBucket", details: [["BucketName", "bucket"]] };
  assert.throws(() => presentBucket(undefined, BUCKET), refused);
  assert.throws(() => presentBucket({ ...BUCKET, id: "f".repeat(16) }, BUCKET), refused);
});

test("describeBucket: what is said of a bucket is committed with its next revision", async () => {
  const store = await openTestStore();
  const described = await describeBucket(store, BUCKET, (committed) => ({ ...committed, versioning: "Enabled" }));
  assert.deepEqual(described, { ...BUCKET, versioning: "Enabled", configurationRevision: 1 });
  assert.deepEqual(await findBucket(store, "bucket"), described);
  const other = { ...BUCKET, id: "f".repeat(16) };
  await assert.rejects(
    describeBucket(store, other, (committed) => committed),
    { code: "NoSuchBucket" },
  );
});
