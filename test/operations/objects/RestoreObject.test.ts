import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjects } from "../../../src/operations/lists/ListObjects.ts";
import { ListObjectsV2 } from "../../../src/operations/lists/ListObjectsV2.ts";
import { ListObjectVersions } from "../../../src/operations/lists/ListObjectVersions.ts";
import { CopyObject } from "../../../src/operations/objects/CopyObject.ts";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { RestoreObject } from "../../../src/operations/objects/RestoreObject.ts";
import { PutBucketVersioning } from "../../../src/operations/settings/BucketVersioning.ts";
import type { RestoreRequest } from "../../../src/protocol/generated/types.ts";
import type { RestoreTimes } from "../../../src/store/restoreTimes.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { bucketIn, bytesOf, contextFor, memoryStore, NOW_MS, payloadOf, refusal } from "../contextFor.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A bucket whose objects are restored as S3 restores them, and a clock of its own. */
async function opened(StorageClass = "GLACIER", restoreTimes: RestoreTimes = "s3") {
  const store = Object.assign(memoryStore(), { restoreTimes });
  const clock = { nowMs: NOW_MS };
  let bucket = await bucketIn(store);
  const here = (more: object = {}) => contextFor({ store, bucket, nowMs: clock.nowMs, ...more });
  const named = { Bucket: "bucket", Key: "cold" };
  const put = (more: object = {}) =>
    PutObject.handle({ ...named, StorageClass, ...more }, here({ payload: payloadOf("frozen") }));
  await put();
  return {
    clock,
    store,
    put,
    here,
    restore: async (RestoreRequest: RestoreRequest | undefined, more: object = {}) =>
      (await RestoreObject.handle({ ...named, RestoreRequest, ...more }, here())).status,
    head: async (more: object = {}) => (await HeadObject.handle({ ...named, ...more }, here())).output,
    get: async (more: object = {}) => {
      const { output } = await GetObject.handle({ ...named, ...more }, here());
      return { ...output, text: (await bytesOf(output.Body)).toString() };
    },
    copy: async (more: object = {}) =>
      CopyObject.handle({ Bucket: "bucket", Key: "warm", CopySource: "bucket/cold", ...more }, here()),
    enableVersioning: async () => {
      await PutBucketVersioning.handle({ Bucket: "bucket", VersioningConfiguration: { Status: "Enabled" } }, here());
      bucket = (await findBucket(store, "bucket"))!;
    },
  };
}

const by = (Tier: string, Days = 1): RestoreRequest => ({ Days, GlacierJobParameters: { Tier } });

test("RestoreObject: an archived object is read while its copy is there, and not before or after", async () => {
  const { clock, restore, head, get, copy } = await opened();
  await refusal(get(), { code: "InvalidObjectState", status: 403, details: { StorageClass: "GLACIER" } });
  assert.equal((await head()).Restore, undefined);
  assert.equal(await restore({ Days: 3 }), 202);
  assert.equal((await head()).Restore, 'ongoing-request="true"');
  await refusal(get(), { code: "InvalidObjectState", message: "The operation is not valid for the object's storage class" });
  clock.nowMs += 5 * HOUR_MS - 1;
  await refusal(get(), { code: "InvalidObjectState" });
  clock.nowMs += 1;
  const shown = 'ongoing-request="false", expiry-date="Thu, 05 Mar 2026 00:00:00 GMT"';
  assert.equal((await head()).Restore, shown);
  const { text, Restore, StorageClass } = await get();
  assert.deepEqual([text, Restore, StorageClass], ["frozen", shown, "GLACIER"]);
  await copy();
  clock.nowMs = Date.UTC(2026, 2, 5) - 1;
  assert.equal((await get()).text, "frozen");
  clock.nowMs += 1;
  assert.equal((await head()).Restore, undefined);
  await refusal(get(), { code: "InvalidObjectState" });
  await refusal(copy(), { code: "InvalidObjectState", message: "Operation is not valid for the source object's storage class" });
  // From the beginning.
  assert.equal(await restore({ Days: 1 }), 202);
});

for (const [storageClass, tier, takesMs] of [
  ["GLACIER", "Expedited", 5 * MINUTE_MS],
  ["GLACIER", "Standard", 5 * HOUR_MS],
  ["GLACIER", "Bulk", 12 * HOUR_MS],
  ["DEEP_ARCHIVE", "Standard", 12 * HOUR_MS],
  ["DEEP_ARCHIVE", "Bulk", 48 * HOUR_MS],
] as const) {
  test(`RestoreObject: ${storageClass} by ${tier} takes as long as S3's`, async () => {
    const { clock, restore, head } = await opened(storageClass);
    await restore(by(tier));
    clock.nowMs += takesMs - 1;
    assert.equal((await head()).Restore, 'ongoing-request="true"');
    clock.nowMs += 1;
    const expires = new Date(Math.ceil((clock.nowMs + DAY_MS) / DAY_MS) * DAY_MS).toUTCString();
    assert.equal((await head()).Restore, `ongoing-request="false", expiry-date="${expires}"`);
  });
}

test("RestoreObject: where restores are instant, the first answer is 202 and the object there", async () => {
  const { restore, get } = await opened("DEEP_ARCHIVE", "instant");
  assert.equal(await restore(by("Bulk")), 202);
  assert.equal((await get()).text, "frozen");
  assert.equal(await restore(by("Bulk")), 200);
});

test("RestoreObject: of a copy that is there the time is counted anew, longer or shorter", async () => {
  const { clock, restore, head } = await opened("GLACIER", "instant");
  clock.nowMs = Date.UTC(2012, 9, 15, 10, 30);
  await restore({ Days: 3 });
  assert.match((await head()).Restore!, /expiry-date="Fri, 19 Oct 2012 00:00:00 GMT"/);
  clock.nowMs = Date.UTC(2012, 9, 16, 11);
  assert.equal(await restore({ Days: 1 }), 200);
  assert.match((await head()).Restore!, /expiry-date="Thu, 18 Oct 2012 00:00:00 GMT"/);
});

test("RestoreObject: while a restore is under way it can be made faster, and nothing else", async () => {
  const { clock, restore, head } = await opened();
  await restore(by("Bulk", 2));
  const refused = { code: "RestoreAlreadyInProgress", status: 409, message: "Object restore is already in progress" } as const;
  await refusal(restore(by("Bulk", 2)), refused);
  await refusal(restore(by("Standard", 3)), refused);
  clock.nowMs += HOUR_MS;
  assert.equal(await restore(by("Expedited", 2)), 202);
  await refusal(restore(by("Standard", 2)), refused);
  clock.nowMs += 5 * MINUTE_MS;
  assert.match((await head()).Restore!, /^ongoing-request="false"/);
});

test("RestoreObject: a faster tier that would come later than the restore under way changes its tier alone", async () => {
  const { clock, restore, head } = await opened();
  await restore(by("Bulk"));
  clock.nowMs += 11 * HOUR_MS;
  assert.equal(await restore(by("Standard")), 202);
  clock.nowMs += HOUR_MS;
  assert.match((await head()).Restore!, /^ongoing-request="false"/);
});

test("RestoreObject: refuses what is not archived", async () => {
  for (const StorageClass of ["STANDARD", "STANDARD_IA", "GLACIER_IR"]) {
    const { restore } = await opened(StorageClass);
    const refused = {
      code: "InvalidObjectState",
      status: 403,
      message: "Restore is not allowed for the object's current storage class",
      details: { StorageClass },
    } as const;
    await refusal(restore({ Days: 1 }), refused);
    await refusal(restore(undefined), refused);
  }
  const { restore } = await opened("INTELLIGENT_TIERING");
  await refusal(restore({ Days: 1 }), {
    code: "InvalidArgument",
    message: "INTELLIGENT_TIERING objects are not subject to restore expiry. Do not specify Days when restoring this object",
    details: { ArgumentName: "Days", ArgumentValue: "1" },
  });
  await refusal(restore({}), {
    code: "ObjectAlreadyInActiveTierError",
    status: 403,
    message: "This action is not allowed against this storage tier.",
  });
});

test("RestoreObject: refuses documents that do not say how", async () => {
  const { restore } = await opened("DEEP_ARCHIVE");
  await refusal(restore(undefined), { code: "MissingRequestBodyError" });
  await refusal(restore({}), { code: "MalformedXML" });
  await refusal(restore({ Days: 1, Tier: "Bulk", GlacierJobParameters: { Tier: "Bulk" } }), { code: "MalformedXML" });
  for (const Days of [0, -1, 1_000_001]) {
    await refusal(restore({ Days }), { code: "InvalidArgument", details: { ArgumentName: "Days", ArgumentValue: String(Days) } });
  }
  await refusal(restore(by("Expedited")), {
    code: "InvalidArgument",
    message: "Retrieval option is not supported by this storage class",
    details: { ArgumentName: "Tier", ArgumentValue: "Expedited" },
  });
  await refusal(restore({ Type: "SELECT" }), { code: "NotImplemented" });
  await refusal(restore({ Days: 1, OutputLocation: {} }), { code: "NotImplemented" });
  assert.equal(await restore({ Days: 1_000_000, Tier: "Bulk", Description: "for the audit" }), 202);
});

test("RestoreObject: a version is restored by its id, and a delete marker not at all", async () => {
  const { restore, put, get, enableVersioning, here } = await opened("GLACIER", "instant");
  await enableVersioning();
  const { output } = await put();
  await put();
  assert.equal(await restore({ Days: 1 }, { VersionId: output.VersionId }), 202);
  assert.equal((await get({ VersionId: output.VersionId })).text, "frozen");
  await refusal(get(), { code: "InvalidObjectState" });
  assert.equal(await restore({ Days: 1 }, { VersionId: "null" }), 202);
  assert.equal((await get({ VersionId: "null" })).text, "frozen");
  const marker = (await DeleteObject.handle({ Bucket: "bucket", Key: "cold" }, here())).output.VersionId;
  await refusal(restore({ Days: 1 }, { VersionId: marker }), { code: "MethodNotAllowed", status: 405 });
  await refusal(restore({ Days: 1 }), { code: "NoSuchKey" });
  await refusal(restore({ Days: 1 }, { VersionId: "x" }), { code: "InvalidArgument" });
});

test("RestoreObject: what replaces or copies a restored object is not restored itself", async () => {
  const { restore, put, get, copy, head, here } = await opened("GLACIER", "instant");
  await restore({ Days: 1 });
  await copy({ StorageClass: "GLACIER" });
  assert.equal((await HeadObject.handle({ Bucket: "bucket", Key: "warm" }, here())).output.Restore, undefined);
  await put();
  assert.equal((await head()).Restore, undefined);
  await refusal(get(), { code: "InvalidObjectState" });
});

test("RestoreObject: a copy onto itself brings the object back for good", async () => {
  const { restore, get, copy } = await opened("GLACIER", "instant");
  await restore({ Days: 1 });
  await copy({ Key: "cold", StorageClass: "STANDARD" });
  const { text, Restore, StorageClass } = await get();
  assert.deepEqual([text, Restore, StorageClass], ["frozen", undefined, undefined]);
});

test("RestoreObject: lists show the state of restores where they are asked to", async () => {
  const { clock, restore, put, here } = await opened();
  await put({ Key: "plain", StorageClass: "STANDARD" });
  const shown = async (more: object) => {
    const input = { Bucket: "bucket", ...more };
    const one = (await ListObjects.handle(input, here())).output.Contents!;
    const two = (await ListObjectsV2.handle(input, here())).output.Contents!;
    const versions = (await ListObjectVersions.handle(input, here())).output.Versions!;
    const statuses = [one, two, versions].map((list) => list.map(({ Key, RestoreStatus }) => [Key, RestoreStatus]));
    assert.deepEqual(statuses[0], statuses[1]);
    assert.deepEqual(statuses[0], statuses[2]);
    assert.equal(two[0]!.Owner, undefined);
    return Object.fromEntries(statuses[0]!);
  };
  const asked = { OptionalObjectAttributes: ["RestoreStatus"] };
  assert.deepEqual(await shown(asked), { cold: undefined, plain: undefined });
  await restore({ Days: 2 });
  assert.deepEqual(await shown(asked), { cold: { IsRestoreInProgress: true }, plain: undefined });
  assert.deepEqual(await shown({}), { cold: undefined, plain: undefined });
  clock.nowMs += 5 * HOUR_MS;
  const RestoreExpiryDate = new Date(Date.UTC(2026, 2, 4));
  assert.deepEqual(await shown(asked), { cold: { IsRestoreInProgress: false, RestoreExpiryDate }, plain: undefined });
  clock.nowMs = RestoreExpiryDate.getTime();
  assert.deepEqual(await shown(asked), { cold: undefined, plain: undefined });
});
