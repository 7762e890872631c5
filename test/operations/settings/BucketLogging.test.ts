import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucket } from "../../../src/operations/buckets/CreateBucket.ts";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { GetBucketLogging, PutBucketLogging } from "../../../src/operations/settings/BucketLogging.ts";
import type { LoggingEnabled, TargetGrant } from "../../../src/protocol/generated/types.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { bucketIn, contextFor, OWNER, refusal, STRANGER } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

/** A bucket, and one called "logs" beside it. */
async function withTarget(ObjectOwnership: string = "BucketOwnerEnforced"): Promise<VersionedBucket> {
  const bucket = await VersionedBucket.made();
  await CreateBucket.handle({ Bucket: "logs", ObjectOwnership }, contextFor({ store: bucket.store, bucket: undefined }));
  return bucket;
}

const PLAIN: LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "" };

/** What the bucket shows once this was put. */
async function shownAfter(bucket: VersionedBucket, wanted: LoggingEnabled | undefined): Promise<LoggingEnabled | undefined> {
  await bucket.ask(PutBucketLogging, { BucketLoggingStatus: { LoggingEnabled: wanted } });
  return withoutGaps((await bucket.ask(GetBucketLogging, {})).LoggingEnabled);
}

/** Members without a value are not written. */
function withoutGaps<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}

function grant(Permission: string, Grantee: TargetGrant["Grantee"]): TargetGrant {
  return { Grantee, Permission };
}

test("GetBucketLogging: access is not logged, which is an empty document", async () => {
  assert.deepEqual(await answerTo(GetBucketLogging, { Bucket: "bucket" }), [200, document("BucketLoggingStatus")]);
});

test("PutBucketLogging: what was put last is shown, and an empty status ends it", async () => {
  const bucket = await withTarget();
  assert.deepEqual(await shownAfter(bucket, PLAIN), PLAIN);
  const other = { TargetBucket: "bucket", TargetPrefix: "a b/é" };
  assert.deepEqual(await shownAfter(bucket, other), other);
  assert.equal(await shownAfter(bucket, undefined), undefined);
  assert.equal(await shownAfter(bucket, undefined), undefined);
});

test("PutBucketLogging: a format of keys is shown as it was put, and has one of its two forms", async () => {
  const bucket = await withTarget();
  for (const TargetObjectKeyFormat of [
    { SimplePrefix: {} },
    { PartitionedPrefix: {} },
    { PartitionedPrefix: { PartitionDateSource: "EventTime" } },
    { PartitionedPrefix: { PartitionDateSource: "DeliveryTime" } },
  ]) {
    const wanted = { ...PLAIN, TargetObjectKeyFormat };
    assert.deepEqual(await shownAfter(bucket, wanted), wanted);
  }
  for (const TargetObjectKeyFormat of [{}, { SimplePrefix: {}, PartitionedPrefix: {} }]) {
    await refusal(shownAfter(bucket, { ...PLAIN, TargetObjectKeyFormat }), { code: "MalformedXML" });
  }
});

test("PutBucketLogging: grants are shown with their grantees by id, with every permission of an ACL", async () => {
  const bucket = await withTarget("ObjectWriter");
  const { canonicalId } = await addAccount(bucket.store, {
    name: "reader",
    accessKeyId: "AKIDREADER0000000",
    secretAccessKey: "s".repeat(40),
  });
  const reader = { Type: "CanonicalUser", ID: canonicalId };
  const group = { Type: "Group", URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" };
  const permissions = ["FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP"];
  const TargetGrants = permissions.flatMap((permission) => [grant(permission, reader), grant(permission, group)]);
  const wanted = { ...PLAIN, TargetGrants };
  assert.deepEqual(await shownAfter(bucket, wanted), wanted);
  assert.deepEqual(await shownAfter(bucket, { ...PLAIN, TargetGrants: [] }), { ...PLAIN, TargetGrants: [] });
});

test("PutBucketLogging: grants that do not read are MalformedXML, and grantees that are not there S3's errors of ACLs", async () => {
  const bucket = await withTarget("ObjectWriter");
  const put = (...TargetGrants: TargetGrant[]) => shownAfter(bucket, { ...PLAIN, TargetGrants });
  const owner = { Type: "CanonicalUser", ID: OWNER.canonicalId };
  await refusal(put(grant("ADMIRE", owner)), { code: "MalformedXML" });
  await refusal(put({ Grantee: owner }), { code: "MalformedXML" });
  await refusal(put({ Permission: "READ" }), { code: "MalformedXML" });
  await refusal(put(grant("READ", { Type: "CanonicalUser" })), { code: "MalformedXML" });
  await put(...Array.from({ length: 98 }, () => grant("READ", owner)));
  await refusal(put(...Array.from({ length: 99 }, () => grant("READ", owner))), { code: "MalformedXML" });
  await refusal(put(grant("READ", { Type: "CanonicalUser", ID: "c".repeat(64) })), {
    code: "InvalidArgument",
    message: "Invalid id",
  });
  await refusal(put(grant("READ", { Type: "Group", URI: "urn:none" })), {
    code: "InvalidArgument",
    message: "Invalid group uri",
  });
  await refusal(put(grant("READ", { Type: "AmazonCustomerByEmail", EmailAddress: "nobody@example.com" })), {
    code: "UnresolvableGrantByEmailAddress",
  });
});

test("PutBucketLogging: grants are refused where the target has ACLs disabled, but none are none", async () => {
  const bucket = await withTarget();
  const TargetGrants = [grant("READ", { Type: "CanonicalUser", ID: OWNER.canonicalId })];
  await refusal(shownAfter(bucket, { ...PLAIN, TargetGrants }), {
    code: "AccessControlListNotSupported",
    status: 400,
    message: "Target grants not allowed for bucket owner enforced buckets",
  });
  assert.deepEqual(await shownAfter(bucket, { ...PLAIN, TargetGrants: [] }), { ...PLAIN, TargetGrants: [] });
});

test("PutBucketLogging: a target that is not there, or that nothing can be called, is refused", async () => {
  const bucket = await withTarget();
  for (const TargetBucket of ["none", "", "a/b", "logs\0"]) {
    await refusal(shownAfter(bucket, { ...PLAIN, TargetBucket }), {
      code: "InvalidTargetBucketForLogging",
      status: 400,
      message: "The target bucket for logging does not exist",
      details: { TargetBucket },
    });
  }
});

test("PutBucketLogging: a target of another account is refused", async () => {
  const bucket = await withTarget();
  await bucketIn(bucket.store, "theirs", "us-east-1", STRANGER);
  await refusal(shownAfter(bucket, { ...PLAIN, TargetBucket: "theirs" }), {
    code: "InvalidTargetBucketForLogging",
    status: 400,
    message: "The owner for the bucket to be logged and the target bucket must be the same.",
    details: { TargetBucket: "theirs" },
  });
});

test("PutBucketLogging: a target in another region is refused, with the constraints that the buckets have", async () => {
  const bucket = await withTarget();
  await bucketIn(bucket.store, "far", "eu-west-1");
  await refusal(shownAfter(bucket, { ...PLAIN, TargetBucket: "far" }), {
    code: "CrossLocationLoggingProhibitted",
    status: 403,
    message: "Cross S3 location logging not allowed. ",
    details: { TargetBucketLocation: "eu-west-1" },
  });
  const far = await findBucket(bucket.store, "far");
  const put = PutBucketLogging.handle(
    { Bucket: "far", BucketLoggingStatus: { LoggingEnabled: PLAIN } },
    contextFor({ store: bucket.store, bucket: far }),
  );
  await refusal(put, { code: "CrossLocationLoggingProhibitted", details: { SourceBucketLocation: "eu-west-1" } });
});

test("PutBucketLogging: what the bucket says of it ends with the bucket", async () => {
  const bucket = await withTarget();
  await shownAfter(bucket, PLAIN);
  await bucket.ask(DeleteBucket, {});
  await CreateBucket.handle({ Bucket: "bucket" }, contextFor({ store: bucket.store, bucket: undefined }));
  assert.deepEqual(await bucket.ask(GetBucketLogging, {}), {});
});
