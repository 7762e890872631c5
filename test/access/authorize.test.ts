import assert from "node:assert/strict";
import { test } from "node:test";
import { accessDenied } from "../../src/access/accessDenied.ts";
import type { Decision } from "../../src/access/authorize.ts";
import { authorize } from "../../src/access/authorize.ts";
import type { Need, Question } from "../../src/access/Question.ts";
import { resourceOf } from "../../src/access/Question.ts";
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
  configurationRevision: 0,
};
const action = "s3:GetObject";

function asked(caller: Caller, need: Need): Question {
  return { ...need, caller, conditions: { values: () => assert.fail("ownership asks for no conditions") } };
}

function decided(caller: Caller, need: Need): Decision {
  return authorize(asked(caller, need));
}

/** Message and explanation of the refusal. */
function told(caller: Caller, need: Need): readonly (string | undefined)[] {
  const question = asked(caller, need);
  const decision = authorize(question);
  assert.ok(!decision.allowed);
  const { code, status, message, explanation } = accessDenied(question, decision);
  assert.deepEqual([code, status], ["AccessDenied", 403]);
  return [message, explanation];
}

test("authorize: the owner may do everything, with any of their keys", () => {
  assert.deepEqual(decided(owner, { action, bucket, key: "k" }), {
    allowed: true,
    reasons: ["s3:GetObject on bucket: the caller is its owner"],
  });
  assert.equal(decided({ ...owner, accessKeyId: "AKIDOTHER" }, { action: "s3:DeleteBucket", bucket }).allowed, true);
});

test("authorize: another user may do nothing, and the reasons say why", () => {
  const { allowed, reasons } = decided(stranger, { action, bucket, key: "k" });
  assert.equal(allowed, false);
  assert.deepEqual(reasons, ["s3:GetObject on arn:aws:s3:::bucket/k: the caller is not the owner of bucket"]);
});

test("authorize: anonymous callers may do nothing, not even own", () => {
  assert.deepEqual(decided(ANONYMOUS, { action, bucket }).reasons, [
    "s3:GetObject on arn:aws:s3:::bucket by an anonymous caller: nothing is public",
  ]);
  assert.deepEqual(decided(ANONYMOUS, { action, bucket: undefined }).reasons, [
    "s3:GetObject on arn:aws:s3:::* by an anonymous caller: only users may do this",
  ]);
  assert.equal(decided(ANONYMOUS, { action, bucket }).allowed, false);
  assert.equal(decided(ANONYMOUS, { action: "s3:ListAllMyBuckets", bucket: undefined }).allowed, false);
  assert.equal(decided(ANONYMOUS, { action: "s3:CreateBucket", bucket: "new" }).allowed, false);
  assert.equal(decided(ANONYMOUS, { action, bucket: { ...bucket, ownerId: ANONYMOUS.canonicalId } }).allowed, false);
});

test("authorize: every user may use the service itself, and make buckets", () => {
  assert.deepEqual(decided(stranger, { action: "s3:ListAllMyBuckets", bucket: undefined }), {
    allowed: true,
    reasons: ["s3:ListAllMyBuckets: open to every user"],
  });
  assert.equal(decided(stranger, { action: "s3:CreateBucket", bucket: "new" }).allowed, true);
});

test("authorize: a resource has the name that policies know it by", () => {
  assert.equal(resourceOf({ action, bucket: undefined }), "arn:aws:s3:::*");
  assert.equal(resourceOf({ action, bucket: "new" }), "arn:aws:s3:::new");
  assert.equal(resourceOf({ action, bucket }), "arn:aws:s3:::bucket");
  assert.equal(resourceOf({ action, bucket, key: "a/b c" }), "arn:aws:s3:::bucket/a/b c");
});

test("accessDenied: says who may not, and what they would need", () => {
  assert.deepEqual(told(stranger, { action, bucket }), [
    "Access Denied",
    "bob does not own the bucket; this needs s3:GetObject.",
  ]);
  assert.deepEqual(told(ANONYMOUS, { action, bucket }), [
    "Access Denied",
    "The request is not signed, and the bucket is not public; this needs s3:GetObject.",
  ]);
});

test("accessDenied: says what is asked instead where that tells more", () => {
  assert.deepEqual(told(stranger, { action, bucket, explanation: "Who cannot list learns nothing." }), [
    "Access Denied",
    "Who cannot list learns nothing.",
  ]);
});

test("accessDenied: tells those who do not sign to do so where nothing else could help", () => {
  const says = "The request is not signed, and nobody may do this without saying who they are.";
  const onlyUsers = "Anonymous users cannot invoke this API. Please authenticate.";
  assert.deepEqual(told(ANONYMOUS, { action, bucket: undefined }), [onlyUsers, says]);
  assert.deepEqual(told(ANONYMOUS, { action, bucket: "new" }), [onlyUsers, says]);
  assert.deepEqual(told(ANONYMOUS, { action, bucket, anonymousRefusal: "Anonymous users cannot." }), [
    "Anonymous users cannot.",
    says,
  ]);
  assert.deepEqual(told(stranger, { action, bucket, anonymousRefusal: "Anonymous users cannot." })[0], "Access Denied");
});
