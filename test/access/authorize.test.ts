import assert from "node:assert/strict";
import { test } from "node:test";
import { accessDenied } from "../../src/access/accessDenied.ts";
import type { Decision } from "../../src/access/authorize.ts";
import { authorize } from "../../src/access/authorize.ts";
import { bucketPolicyOf } from "../../src/access/BucketPolicy.ts";
import type { CallerPolicies } from "../../src/access/callerPolicies.ts";
import { NO_POLICIES } from "../../src/access/callerPolicies.ts";
import type { Grounds } from "../../src/access/grounds.ts";
import { PLAIN_GROUNDS } from "../../src/access/grounds.ts";
import { parseIdentityPolicy } from "../../src/access/policies/parseIdentityPolicy.ts";
import type { NamedPolicy } from "../../src/access/policies/Verdict.ts";
import type { Need, Question } from "../../src/access/Question.ts";
import { resourceOf } from "../../src/access/Question.ts";
import type { Caller, SignedCaller } from "../../src/auth/Caller.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { Acl, Grant } from "../../src/store/records/Acl.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import { PLAIN_BUCKET } from "../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { EVERYTHING_BLOCKED } from "../../src/store/records/PublicAccessBlock.ts";
import { rootOf } from "../testCallers.ts";
import { EMPTY_OBJECT } from "../store/records/samples.ts";

const owner = rootOf("ada", "a".repeat(64), "AKIDADA");
const stranger = rootOf("bob", "b".repeat(64), "AKIDBOB");
const bucket: BucketRecord = {
  name: "bucket",
  id: "0".repeat(16),
  region: "us-east-1",
  ownerId: owner.canonicalId,
  ownerName: owner.displayName,
  createdAtMs: 0,
  configurationRevision: 0,
  ...PLAIN_BUCKET,
};
const withAcls: BucketRecord = { ...bucket, objectOwnership: "ObjectWriter", publicAccessBlock: undefined };
const NOTHING_BLOCKED: typeof EVERYTHING_BLOCKED = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const action = "s3:GetObject";
const READ: Need = { action, bucket, key: "k" };

/** A user of an account. */
function userOf(root: SignedCaller, userName: string): SignedCaller {
  const arn = `arn:aws:iam::${root.accountId}:user/${userName}`;
  return {
    ...root,
    kind: "user",
    arn,
    principalArn: arn,
    userName,
    userId: `AIDA${userName.toUpperCase()}`,
    accessKeyId: "AKIDUSER",
  };
}
const ann = userOf(owner, "ann");
const ben = userOf(stranger, "ben");

interface StatementText {
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string;
  readonly Resource?: string;
}

/** A policy of one statement: it allows what is asked, unless said otherwise. */
function document(statement: StatementText): string {
  const Statement = { Sid: "Only", Effect: "Allow", Action: action, Resource: "arn:aws:s3:::bucket/*", ...statement };
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
const bucketPolicy = (statement: StatementText) => bucketPolicyOf(document({ Principal: "*", ...statement }), "bucket");
const named = (name: string, statement: StatementText = {}): NamedPolicy => ({
  name,
  policy: parseIdentityPolicy(document(statement)),
});
function policiesOf(kinds: Partial<Pick<CallerPolicies, "identity" | "boundary" | "session">>): CallerPolicies {
  return { ...NO_POLICIES, identity: [], ...kinds };
}
const READS: CallerPolicies = policiesOf({ identity: [named("reads")] });
const NOTHING: CallerPolicies = policiesOf({});

function asked(caller: Caller, need: Need): Question {
  return { ...need, caller, conditions: { values: () => undefined } };
}

function decided(caller: Caller, need: Need, grounds: Partial<Grounds> = {}): Decision {
  return authorize(asked(caller, need), { ...PLAIN_GROUNDS, ...grounds });
}

function isAllowed(caller: Caller, need: Need, grounds: Partial<Grounds> = {}): boolean {
  return decided(caller, need, grounds).allowed;
}

/** Message and explanation of the refusal. */
function told(caller: Caller, need: Need, grounds: Partial<Grounds> = {}): readonly (string | undefined)[] {
  const decision = decided(caller, need, grounds);
  assert.ok(!decision.allowed);
  const { code, status, message, explanation } = accessDenied(asked(caller, need), decision);
  assert.deepEqual([code, status], ["AccessDenied", 403]);
  return [message, explanation];
}

const grant = (id: string, permission: Grant["permission"]): Grant => ({ grantee: { kind: "id", id }, permission });
const toEverybody = (permission: Grant["permission"]): Grant => ({ grantee: { kind: "group", group: "AllUsers" }, permission });
const toUsers = (permission: Grant["permission"]): Grant => ({
  grantee: { kind: "group", group: "AuthenticatedUsers" },
  permission,
});

/** The object asked about, of this owner and with these grants besides everything to them. */
function objectOf({ canonicalId: ownerId }: SignedCaller, ...grants: Grant[]): ObjectRecord {
  const acl: Acl = { ownerId, grants: [grant(ownerId, "FULL_CONTROL"), ...grants] };
  return { ...EMPTY_OBJECT, ownerId, acl };
}

test("authorize: the root of a bucket's account may do everything, with any of its keys", () => {
  assert.deepEqual(decided(owner, READ), {
    allowed: true,
    reasons: ["s3:GetObject on bucket: the caller is the root of its account"],
  });
  assert.ok(isAllowed({ ...owner, accessKeyId: "AKIDOTHER" }, { action: "s3:DeleteBucket", bucket }));
});

test("authorize: the root of another account may do nothing, and the reasons say who asked for what", () => {
  const { allowed, reasons } = decided(stranger, READ);
  assert.equal(allowed, false);
  assert.equal(reasons[0], `s3:GetObject on arn:aws:s3:::bucket/k by ${stranger.arn}`);
});

test("authorize: anonymous callers may do nothing, not even own", () => {
  assert.equal(decided(ANONYMOUS, READ).reasons[0], "s3:GetObject on arn:aws:s3:::bucket/k by an anonymous caller");
  assert.ok(!isAllowed(ANONYMOUS, { action: "s3:ListAllMyBuckets", bucket: undefined }));
  assert.ok(!isAllowed(ANONYMOUS, { action: "s3:CreateBucket", bucket: "new" }));
  assert.ok(!isAllowed(ANONYMOUS, { action, bucket: { ...bucket, ownerId: ANONYMOUS.canonicalId } }));
});

test("authorize: every root may use the service itself, and make buckets; users need policies", () => {
  const list: Need = { action: "s3:ListAllMyBuckets", bucket: undefined };
  assert.deepEqual(decided(stranger, list), {
    allowed: true,
    reasons: ["s3:ListAllMyBuckets: open to the root of every account"],
  });
  assert.ok(isAllowed(stranger, { action: "s3:CreateBucket", bucket: "new" }));
  assert.ok(!isAllowed(ann, list, { caller: NOTHING }));
  const lists = named("lists", { Action: "s3:ListAllMyBuckets", Resource: "*" });
  assert.ok(isAllowed(ann, list, { caller: policiesOf({ identity: [lists] }) }));
});

test("authorize: a user needs a policy of their own or the bucket's", () => {
  assert.ok(!isAllowed(ann, READ, { caller: NOTHING }));
  assert.ok(isAllowed(ann, READ, { caller: READS }));
  assert.ok(isAllowed(ann, READ, { caller: NOTHING, bucketPolicy: bucketPolicy({ Principal: { AWS: ann.arn } }) }));
  assert.ok(!isAllowed(ann, { ...READ, action: "s3:PutObject" }, { caller: READS }));
});

test("authorize: a user of another account needs a policy of their own and the bucket's", () => {
  const lets = bucketPolicy({ Principal: { AWS: stranger.accountId } });
  assert.ok(!isAllowed(ben, READ, { caller: READS }));
  assert.ok(!isAllowed(ben, READ, { caller: NOTHING, bucketPolicy: lets }));
  assert.ok(isAllowed(ben, READ, { caller: READS, bucketPolicy: lets }));
  assert.ok(isAllowed(stranger, READ, { bucketPolicy: lets }));
});

test("authorize: what a policy denies nobody may, the owner's root among them", () => {
  const denies = bucketPolicy({ Effect: "Deny" });
  assert.ok(!isAllowed(owner, READ, { bucketPolicy: denies }));
  assert.ok(!isAllowed(ann, READ, { caller: READS, bucketPolicy: denies }));
  const deniesOwn = policiesOf({ identity: [named("reads"), named("not", { Effect: "Deny" })] });
  assert.ok(!isAllowed(ann, READ, { caller: deniesOwn, bucketPolicy: bucketPolicy({}) }));
});

for (const kept of ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]) {
  test(`authorize: the root keeps its bucket's policy in hand, whatever that says (${kept})`, () => {
    const denies = bucketPolicy({ Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::bucket" });
    const need: Need = { action: kept, bucket };
    assert.ok(isAllowed(owner, need, { bucketPolicy: denies }));
    assert.ok(!isAllowed(stranger, need, { bucketPolicy: denies }));
    const all = named("all", { Action: "s3:*", Resource: "*" });
    assert.ok(!isAllowed(ann, need, { bucketPolicy: denies, caller: policiesOf({ identity: [all] }) }));
  });
}

test("authorize: a boundary and a session's policies take away, and give nothing", () => {
  const writes = named("writes", { Action: "s3:PutObject" });
  assert.ok(isAllowed(ann, READ, { caller: policiesOf({ identity: [named("reads")], boundary: named("boundary") }) }));
  assert.ok(!isAllowed(ann, READ, { caller: policiesOf({ identity: [named("reads")], boundary: writes }) }));
  assert.ok(!isAllowed(ann, READ, { caller: policiesOf({ boundary: named("boundary") }) }));
  assert.ok(!isAllowed(ann, READ, { caller: policiesOf({ identity: [named("reads")], session: [writes] }) }));
  assert.ok(isAllowed(ann, READ, { caller: policiesOf({ identity: [named("reads")], session: [named("session")] }) }));
});

test("authorize: a public bucket policy lets in everybody, until RestrictPublicBuckets is on", () => {
  const grounds = { bucketPolicy: bucketPolicy({}), block: NOTHING_BLOCKED };
  assert.ok(isAllowed(ANONYMOUS, READ, grounds));
  assert.ok(isAllowed(stranger, READ, grounds));
  const restricted = { ...grounds, block: { ...NOTHING_BLOCKED, restrictPublicBuckets: true } };
  assert.ok(!isAllowed(ANONYMOUS, READ, restricted));
  assert.ok(!isAllowed(stranger, READ, restricted));
  assert.ok(!isAllowed(ben, READ, { ...restricted, caller: READS }));
  assert.ok(isAllowed(ann, READ, { ...restricted, caller: NOTHING }));
  const fixed = { ...restricted, bucketPolicy: bucketPolicy({ Principal: { AWS: stranger.accountId } }) };
  assert.ok(isAllowed(stranger, READ, fixed), "a policy that is not public is not restricted");
});

test("authorize: ACLs mean nothing where Object Ownership disables them", () => {
  const object = objectOf(owner, toEverybody("READ"));
  assert.ok(!isAllowed(ANONYMOUS, READ, { object, block: NOTHING_BLOCKED }));
  assert.ok(isAllowed(ANONYMOUS, { ...READ, bucket: withAcls }, { object, block: NOTHING_BLOCKED }));
});

test("authorize: an object's ACL lets its grantees read, until IgnorePublicAcls passes over the public ones", () => {
  const need: Need = { ...READ, bucket: withAcls };
  const ignoring = { ...NOTHING_BLOCKED, ignorePublicAcls: true };
  const toBob = objectOf(owner, grant(stranger.canonicalId, "READ"));
  assert.ok(isAllowed(stranger, need, { object: toBob, block: EVERYTHING_BLOCKED }));
  assert.ok(!isAllowed(stranger, { ...need, action: "s3:GetObjectAcl" }, { object: toBob }));
  assert.ok(!isAllowed(stranger, { ...need, action: "s3:GetObjectTagging" }, { object: toBob }), "no ACL allows this");
  assert.ok(!isAllowed(ANONYMOUS, need, { object: toBob }));
  assert.ok(!isAllowed(stranger, need, { object: undefined }), "no object, no ACL");
  const toSigned = objectOf(owner, toUsers("READ"));
  assert.ok(isAllowed(stranger, need, { object: toSigned, block: NOTHING_BLOCKED }));
  assert.ok(!isAllowed(ANONYMOUS, need, { object: toSigned, block: NOTHING_BLOCKED }));
  assert.ok(!isAllowed(stranger, need, { object: toSigned, block: ignoring }));
  assert.ok(!isAllowed(ANONYMOUS, need, { object: objectOf(owner, toEverybody("READ")), block: ignoring }));
});

test("authorize: a user of another account needs a policy of their own beside an ACL", () => {
  const need: Need = { ...READ, bucket: withAcls };
  const object = objectOf(owner, grant(stranger.canonicalId, "READ"));
  assert.ok(!isAllowed(ben, need, { object, caller: NOTHING }));
  assert.ok(isAllowed(ben, need, { object, caller: READS }));
});

test("authorize: what an ACL grants an account is not granted to the users of the owner's", () => {
  const need: Need = { ...READ, bucket: withAcls };
  const object = objectOf(owner);
  assert.ok(!isAllowed(ann, need, { object, caller: NOTHING }));
  assert.ok(isAllowed(ann, need, { object: objectOf(owner, toUsers("READ")), caller: NOTHING, block: NOTHING_BLOCKED }));
  const limited = policiesOf({ identity: [named("reads")], session: [named("writes", { Action: "s3:PutObject" })] });
  assert.ok(!isAllowed(ann, need, { object: objectOf(owner, toUsers("READ")), caller: limited, block: NOTHING_BLOCKED }));
});

test("authorize: an object of another account is that account's to give, and the bucket's to delete", () => {
  const need: Need = { ...READ, bucket: withAcls };
  const object = objectOf(stranger);
  assert.ok(isAllowed(stranger, need, { object }));
  assert.ok(!isAllowed(owner, need, { object }));
  assert.ok(isAllowed(owner, need, { object: objectOf(stranger, grant(owner.canonicalId, "READ")) }));
  assert.ok(!isAllowed(ANONYMOUS, need, { object, bucketPolicy: bucketPolicy({}), block: NOTHING_BLOCKED }));
  assert.ok(!isAllowed(stranger, need, { object, bucketPolicy: bucketPolicy({ Effect: "Deny" }) }), "a bucket can forbid it");
  assert.ok(isAllowed(owner, { ...need, action: "s3:DeleteObject" }, { object }));
  assert.ok(isAllowed(owner, { ...need, action: "s3:PutObject" }, { object }));
  assert.ok(isAllowed(owner, READ, { object }), "where ACLs are disabled all objects are the bucket owner's");
});

test("authorize: WRITE on a bucket makes objects, and deletes what one has made", () => {
  const acl: Acl = { ownerId: owner.canonicalId, grants: [grant(stranger.canonicalId, "WRITE")] };
  const open: BucketRecord = { ...withAcls, acl };
  const remove: Need = { action: "s3:DeleteObject", bucket: open, key: "k" };
  assert.ok(isAllowed(stranger, { action: "s3:PutObject", bucket: open, key: "k" }));
  assert.ok(isAllowed(stranger, remove, { object: objectOf(stranger) }));
  assert.ok(!isAllowed(stranger, remove, { object: objectOf(owner) }));
  assert.ok(!isAllowed(stranger, { action: "s3:ListBucket", bucket: open }));
});

test("authorize: a resource has the name that policies know it by", () => {
  assert.equal(resourceOf({ action, bucket: undefined }), "arn:aws:s3:::*");
  assert.equal(resourceOf({ action, bucket: "new" }), "arn:aws:s3:::new");
  assert.equal(resourceOf({ action, bucket }), "arn:aws:s3:::bucket");
  assert.equal(resourceOf({ action, bucket, key: "a/b c" }), "arn:aws:s3:::bucket/a/b c");
  assert.equal(resourceOf({ action, bucket: undefined, arn: ann.arn }), ann.arn);
});

const ABOUT = 's3:GetObject on resource: "arn:aws:s3:::bucket/k"';

for (const [ending, caller, bucketStatement] of [
  ["because no identity-based policy allows the s3:GetObject action", NOTHING, undefined],
  ["because no permissions boundary allows the s3:GetObject action", { boundary: "s3:PutObject" }, undefined],
  ["because no session policy allows the s3:GetObject action", { session: "s3:PutObject" }, undefined],
  ["with an explicit deny in an identity-based policy", { denies: "identity" }, undefined],
  ["with an explicit deny in a permissions boundary", { denies: "boundary" }, undefined],
  ["with an explicit deny in a session policy", { denies: "session" }, undefined],
  ["with an explicit deny in a resource-based policy", READS, { Effect: "Deny" }],
] as const) {
  test(`accessDenied: tells a user of the owner's account what stands in the way: ${ending}`, () => {
    const grounds = { caller: "identity" in caller ? caller : limitedBy(caller) };
    const policy = bucketStatement === undefined ? undefined : bucketPolicy(bucketStatement);
    const [message, explanation] = told(ann, READ, { ...grounds, bucketPolicy: policy });
    assert.equal(message, `User: ${ann.arn} is not authorized to perform: ${ABOUT} ${ending}`);
    assert.match(explanation!, /; this needs s3:GetObject\.$/);
    assert.doesNotMatch(`${message} ${explanation}`, /Only|reads/, "what a policy says is nobody's business");
  });
}

/** A user who may read, but for one limit. */
function limitedBy(limit: { readonly boundary?: string; readonly session?: string; readonly denies?: string }): CallerPolicies {
  const deny = named("not", { Effect: "Deny" });
  const reads = named("reads");
  const { boundary, session, denies } = limit;
  return policiesOf({
    identity: denies === "identity" ? [reads, deny] : [reads],
    boundary: boundary === undefined ? (denies === "boundary" ? deny : undefined) : named("boundary", { Action: boundary }),
    session: session === undefined ? (denies === "session" ? [reads, deny] : undefined) : [named("session", { Action: session })],
  });
}

test("accessDenied: tells the owner's root of a policy that denies it", () => {
  const [message] = told(owner, READ, { bucketPolicy: bucketPolicy({ Effect: "Deny" }) });
  assert.equal(
    message,
    `User: ${owner.arn} is not authorized to perform: ${ABOUT} with an explicit deny in a resource-based policy`,
  );
});

test("accessDenied: tells callers of other accounts, and those who do not sign, which permission is missing and no more", () => {
  const denies = bucketPolicy({ Effect: "Deny" });
  for (const grounds of [{}, { bucketPolicy: denies }]) {
    assert.deepEqual(told(stranger, READ, grounds), [
      "Access Denied",
      "The bucket belongs to another account than bob, to whom this is not allowed; this needs s3:GetObject.",
    ]);
    assert.deepEqual(told(ANONYMOUS, READ, grounds), [
      "Access Denied",
      "The request is not signed, and the bucket is not public; this needs s3:GetObject.",
    ]);
  }
  assert.equal(told(ben, READ, { caller: NOTHING })[0], "Access Denied");
});

test("accessDenied: tells the owner of a bucket that an object in it is somebody else's", () => {
  assert.deepEqual(told(owner, { ...READ, bucket: withAcls }, { object: objectOf(stranger) }), [
    "Access Denied",
    "The object belongs to another account than ada, to whom this is not allowed; this needs s3:GetObject.",
  ]);
});

test("accessDenied: says what is asked instead where that tells more", () => {
  assert.deepEqual(told(stranger, { ...READ, explanation: "Who cannot list learns nothing." }), [
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
