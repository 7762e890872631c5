import assert from "node:assert/strict";
import { test } from "node:test";
import { authorize } from "../../src/access/authorize.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { Caller } from "../../src/auth/Caller.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";

const owner: Caller = { kind: "user", canonicalId: "a".repeat(64), displayName: "ada", accessKeyId: "AKIDADA" };
const stranger: Caller = { ...owner, canonicalId: "b".repeat(64), displayName: "bob", accessKeyId: "AKIDBOB" };
const bucket: BucketRecord = {
  name: "bucket",
  id: "0".repeat(16),
  region: "us-east-1",
  ownerId: owner.canonicalId,
  ownerName: owner.displayName,
  createdAtMs: 0,
};
const action = "s3:GetObject";

test("authorize: the owner may do everything, with any of their keys", () => {
  assert.deepEqual(authorize({ caller: owner, action, bucket, key: "k" }), {
    allowed: true,
    reasons: ["s3:GetObject on bucket: the caller is its owner"],
  });
  assert.equal(authorize({ caller: { ...owner, accessKeyId: "AKIDOTHER" }, action: "s3:DeleteBucket", bucket }).allowed, true);
});

test("authorize: another user may do nothing, and the reasons say why", () => {
  const { allowed, reasons } = authorize({ caller: stranger, action, bucket, key: "k" });
  assert.equal(allowed, false);
  assert.deepEqual(reasons, ["s3:GetObject on bucket: the caller is not its owner"]);
});

test("authorize: anonymous callers may do nothing, not even own", () => {
  assert.deepEqual(authorize({ caller: ANONYMOUS, action, bucket }), {
    allowed: false,
    reasons: ["s3:GetObject by an anonymous caller: nothing is public"],
  });
  assert.equal(authorize({ caller: ANONYMOUS, action: "s3:ListAllMyBuckets", bucket: undefined }).allowed, false);
  assert.equal(authorize({ caller: ANONYMOUS, action, bucket: { ...bucket, ownerId: ANONYMOUS.canonicalId } }).allowed, false);
});

test("authorize: every user may use the service itself", () => {
  assert.deepEqual(authorize({ caller: stranger, action: "s3:ListAllMyBuckets", bucket: undefined }), {
    allowed: true,
    reasons: ["s3:ListAllMyBuckets: open to every user"],
  });
});
