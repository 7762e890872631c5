import assert from "node:assert/strict";
import { test } from "node:test";
import { describeBucket } from "../../../src/store/buckets/buckets.ts";
import type { Deletion } from "../../../src/store/objects/objects.ts";
import { deleteObject, deleteObjects } from "../../../src/store/objects/objects.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import type { Store } from "../../../src/store/Store.ts";
import { BUCKET, objectRecord, openTestStore, putObject } from "../testStore.ts";

const REFUSED = { code: "AccessDenied", message: "Mfa Authentication must be used for this request" };
const NULL_VERSION = "null";

/** A store whose bucket has an object from before it had versions, and MFA delete as given. */
async function opened(mfaDelete: BucketRecord["mfaDelete"]): Promise<{ store: Store; bucket: BucketRecord }> {
  const store = await openTestStore();
  await putObject(store, "key", Buffer.from("a"));
  const bucket = await describeBucket(store, BUCKET, (before) => ({ ...before, versioning: "Enabled", mfaDelete }));
  return { store, bucket };
}

const deletion = (versionId: string | undefined, hasSecondFactor: boolean): Deletion => ({
  key: "key",
  versionId,
  ifMatch: undefined,
  bypassesGovernance: false,
  hasSecondFactor,
});

test("MFA delete: an object may be deleted without a second factor, for its version stays", async () => {
  for (const mfaDelete of ["Enabled", "Disabled", undefined] as const) {
    const { store, bucket } = await opened(mfaDelete);
    assert.ok((await deleteObject(store, bucket, deletion(undefined, false), store.clock())).marker !== undefined);
    const [deleted] = await deleteObjects(store, bucket, [deletion(undefined, false)], store.clock());
    assert.ok(!(deleted instanceof Error));
    assert.equal(deleted?.gone, undefined);
  }
});

test("MFA delete: a version is deleted with a second factor only, and of several none without", async () => {
  const { store, bucket } = await opened("Enabled");
  await assert.rejects(deleteObject(store, bucket, deletion(NULL_VERSION, false), store.clock()), REFUSED);
  for (const deletions of [
    [deletion(NULL_VERSION, false)],
    [deletion(undefined, false), deletion(NULL_VERSION, false)],
    [deletion(NULL_VERSION, true), deletion(NULL_VERSION, false)],
  ])
    await assert.rejects(deleteObjects(store, bucket, deletions, store.clock()), REFUSED);
  assert.ok((await objectRecord(store, "key")) !== undefined);
  const mixed = [deletion(undefined, false), deletion(NULL_VERSION, true)];
  const [marked, gone] = await deleteObjects(store, bucket, mixed, store.clock());
  assert.ok(!(marked instanceof Error) && marked?.marker !== undefined);
  assert.ok(!(gone instanceof Error) && gone?.gone !== undefined);
});

test("MFA delete: where it is off or was never on, no second factor is wanted", async () => {
  for (const mfaDelete of ["Disabled", undefined] as const) {
    const { store, bucket } = await opened(mfaDelete);
    assert.ok((await deleteObject(store, bucket, deletion(NULL_VERSION, false), store.clock())).gone !== undefined);
  }
});
