import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucket } from "../../../src/operations/buckets/CreateBucket.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { contextFor, memoryStore, OWNER, refusal, STRANGER } from "../contextFor.ts";

test("CreateBucket: makes a bucket of the caller's in the server's region", async () => {
  const store = memoryStore();
  const { output } = await CreateBucket.handle({ Bucket: "new-bucket" }, contextFor({ store }));
  assert.deepEqual(output, { Location: "/new-bucket", BucketArn: "arn:aws:s3:::new-bucket" });
  const bucket = await findBucket(store, "new-bucket");
  assert.equal(bucket?.ownerId, OWNER.canonicalId);
  assert.equal(bucket?.region, "us-east-1");
  assert.match(bucket?.id ?? "", /^[0-9a-f]{16}$/);
});

test("CreateBucket: one's own bucket again succeeds in us-east-1 and stays the same", async () => {
  const store = memoryStore();
  await CreateBucket.handle({ Bucket: "mine" }, contextFor({ store }));
  const before = await findBucket(store, "mine");
  await CreateBucket.handle({ Bucket: "mine" }, contextFor({ store, nowMs: 5 }));
  assert.deepEqual(await findBucket(store, "mine"), before);
});

test("CreateBucket: one's own bucket again is refused elsewhere", async () => {
  const store = memoryStore();
  const input = { Bucket: "mine", CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } };
  await CreateBucket.handle(input, contextFor({ store, region: "eu-central-1" }));
  await refusal(CreateBucket.handle(input, contextFor({ store, region: "eu-central-1" })), {
    code: "BucketAlreadyOwnedByYou",
    status: 409,
    details: { BucketName: "mine" },
  });
});

test("CreateBucket: somebody else's name is taken, in every region", async () => {
  const store = memoryStore();
  await CreateBucket.handle({ Bucket: "taken" }, contextFor({ store }));
  await refusal(CreateBucket.handle({ Bucket: "taken" }, contextFor({ store, caller: STRANGER })), {
    code: "BucketAlreadyExists",
    status: 409,
    details: { BucketName: "taken" },
  });
});

test("CreateBucket: 20 callers at once, one owner, OperationAborted for the others", async () => {
  const store = memoryStore();
  const callers = Array.from({ length: 20 }, (_, index) => ({ ...OWNER, canonicalId: index.toString(16).padStart(64, "0") }));
  const [first, ...others] = callers.map((caller) => CreateBucket.handle({ Bucket: "race" }, contextFor({ store, caller })));
  await first;
  for (const other of others) await refusal(other, { code: "OperationAborted", status: 409, details: {} });
  assert.equal((await findBucket(store, "race"))?.ownerId, callers[0]!.canonicalId);
});

test("CreateBucket: OperationAborted also for the owner's own second request at the same time; a third succeeds", async () => {
  const store = memoryStore();
  const create = () => CreateBucket.handle({ Bucket: "mine" }, contextFor({ store }));
  const [first, second] = [create(), create()];
  await first;
  await refusal(second, { code: "OperationAborted" });
  await create();
});

const BAD_NAMES = [
  ["ab", "characters"],
  ["a".repeat(64), "characters"],
  ["Upper", "lower-case"],
  ["under_score", "lower-case"],
  ["-begin", "begin and end"],
  ["end-", "begin and end"],
  [".dot", "begin and end"],
  ["two..dots", "periods"],
  ["192.168.5.4", "IP address"],
  ["xn--bucket", "reserved"],
  ["sthree-bucket", "reserved"],
  ["amzn-s3-demo-bucket", "reserved"],
  ["bucket-s3alias", "reserved"],
  ["bucket--ol-s3", "reserved"],
  ["bucket.mrap", "reserved"],
  ["bucket--usw2-az1--x-s3", "reserved"],
  ["bucket--table-s3", "reserved"],
  ["bucket-123456789012-us-east-1-an", "reserved"],
] as const;

for (const [name, rule] of BAD_NAMES) {
  test(`CreateBucket: refuses the name ${name}`, async () => {
    const error = await refusal(CreateBucket.handle({ Bucket: name }, contextFor()), {
      code: "InvalidBucketName",
      status: 400,
      details: { BucketName: name },
    });
    assert.match(error.explanation!, new RegExp(rule));
  });
}

for (const name of ["abc", "a.b-c", "1bucket", "a".repeat(63), "b.c.d", "1.2.3.4.5", "milan"]) {
  test(`CreateBucket: takes the name ${name}`, async () => {
    await CreateBucket.handle({ Bucket: name }, contextFor());
  });
}

const create = (LocationConstraint: string | undefined, region: string) =>
  CreateBucket.handle({ Bucket: "here", CreateBucketConfiguration: { LocationConstraint } }, contextFor({ region }));

test("CreateBucket: the location outside us-east-1 is the bucket's address, as the client found this server", async () => {
  const { output } = await CreateBucket.handle(
    { Bucket: "here", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } },
    contextFor({ region: "eu-west-1", secure: true, host: "s3.test:8333" }),
  );
  assert.deepEqual(output, { Location: "https://s3.test:8333/here/", BucketArn: "arn:aws:s3:::here" });
});

test("CreateBucket: takes the location of the server's region, known to AWS or not, and EU for eu-west-1", async () => {
  await create("eu-west-1", "eu-west-1");
  await create("EU", "eu-west-1");
  await create("basement", "basement");
});

test("CreateBucket: refuses a location elsewhere, in S3's words", async () => {
  await refusal(create("eu-west-1", "us-east-1"), {
    code: "IllegalLocationConstraintException",
    status: 400,
    message: "The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.",
  });
  await refusal(create(undefined, "eu-west-1"), {
    code: "IllegalLocationConstraintException",
    message: "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
  });
});

test("CreateBucket: refuses a location that is none, and us-east-1 by name", async () => {
  for (const [constraint, region] of [
    ["us-east-1", "us-east-1"],
    ["us-east-1", "eu-west-1"],
    ["mars-north-1", "us-east-1"],
    ["", "us-east-1"],
  ] as const) {
    await refusal(create(constraint, region), {
      code: "InvalidLocationConstraint",
      status: 400,
      details: { LocationConstraint: constraint },
    });
  }
});

test("CreateBucket: accepts the defaults by name and refuses what it cannot do", async () => {
  const store = memoryStore();
  await CreateBucket.handle(
    { Bucket: "plain", ACL: "private", ObjectOwnership: "BucketOwnerEnforced", ObjectLockEnabledForBucket: false },
    contextFor({ store }),
  );
  const make = (more: object) => CreateBucket.handle({ Bucket: "other", ...more }, contextFor({ store }));
  await refusal(make({ ACL: "public-read" }), { code: "InvalidBucketAclWithObjectOwnership", status: 400 });
  await refusal(make({ GrantRead: "id=x" }), { code: "InvalidBucketAclWithObjectOwnership" });
  await refusal(make({ BucketNamespace: "account-regional" }), {
    code: "NotImplemented",
    details: { Header: "x-amz-bucket-namespace" },
  });
  assert.equal(await findBucket(store, "other"), undefined);
});

test("CreateBucket: an ACL goes with the ownership that allows it, but not a public one, which new buckets block", async () => {
  const store = memoryStore();
  const make = (more: object) => CreateBucket.handle({ Bucket: "shared", ...more }, contextFor({ store }));
  await refusal(make({ ACL: "log-delivery-write", ObjectOwnership: "BucketOwnerEnforced" }), {
    code: "InvalidBucketAclWithObjectOwnership",
    message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  });
  for (const acl of [{ ACL: "public-read" }, { GrantWrite: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }]) {
    await refusal(make({ ...acl, ObjectOwnership: "ObjectWriter" }), {
      code: "InvalidBucketAclWithBlockPublicAccessError",
      status: 400,
      message: "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
    });
  }
  await refusal(make({ GrantRead: "id=nobody", ObjectOwnership: "ObjectWriter" }), {
    code: "InvalidArgument",
    message: "Invalid id",
  });
  await refusal(make({ ACL: "everybody", ObjectOwnership: "ObjectWriter" }), { code: "InvalidArgument", message: "" });
  assert.equal(await findBucket(store, "shared"), undefined);
  await make({ ACL: "log-delivery-write", ObjectOwnership: "BucketOwnerPreferred" });
  const { objectOwnership, acl } = (await findBucket(store, "shared"))!;
  assert.deepEqual([objectOwnership, acl?.grants.length], ["BucketOwnerPreferred", 3]);
});
