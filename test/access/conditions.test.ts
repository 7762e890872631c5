import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CONDITION_KEYS, readingOf } from "../../src/access/conditions.ts";
import { comesWith } from "../../src/access/policies/s3ConditionKeys.ts";
import { ABSENT_KEYS } from "../../src/access/conditionKeys/absentKeys.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { factsOf, FEDERATED, NOW_MS, ROLE, ROOT, SESSION, USER, valuesOf } from "./conditionFacts.ts";

const GET = factsOf("GetObject", "/bucket/key");

/** Keys with their values, for one question. */
function all(keys: readonly string[], facts = GET, action = "s3:GetObject"): Record<string, readonly string[] | undefined> {
  return Object.fromEntries(keys.map((key) => [key, valuesOf(key, facts, action)]));
}

test("conditions: when a request comes, from where, over what, by what and to where", () => {
  const facts = factsOf("GetObject", "/bucket/key", { "user-agent": "curl/8", referer: "https://example.com/" });
  assert.deepEqual(
    all(["aws:SourceIp", "aws:SecureTransport", "aws:UserAgent", "aws:Referer", "aws:CurrentTime", "aws:EpochTime"], facts),
    {
      "aws:SourceIp": ["192.0.2.1"],
      "aws:SecureTransport": ["true"],
      "aws:UserAgent": ["curl/8"],
      "aws:Referer": ["https://example.com/"],
      "aws:CurrentTime": ["2026-03-01T12:00:00.250Z"],
      "aws:EpochTime": [String(Math.floor(NOW_MS / 1000))],
    },
  );
  assert.deepEqual(valuesOf("aws:RequestedRegion", facts, "s3:GetObject"), ["eu-west-1"]);
  assert.deepEqual(valuesOf("aws:ViaAWSService", facts, "iam:GetUser"), ["false"]);
  const plain = { ...facts, request: { ...facts.request, secure: false } };
  assert.deepEqual(valuesOf("aws:SecureTransport", plain, "s3:GetObject"), ["false"]);
});

test("conditions: headers that were not sent are no keys", () => {
  assert.deepEqual(all(["aws:UserAgent", "aws:Referer", "s3:x-amz-content-sha256"]), {
    "aws:UserAgent": undefined,
    "aws:Referer": undefined,
    "s3:x-amz-content-sha256": undefined,
  });
});

test("conditions: each kind of caller, as IAM's table of principals has it", () => {
  const keys = ["aws:PrincipalType", "aws:userid", "aws:username", "aws:PrincipalArn", "aws:PrincipalAccount"];
  const table = [
    [ROOT, "Account", "111122223333", undefined, "arn:aws:iam::111122223333:root"],
    [USER, "User", "AIDATESTTESTTEST", "bob", "arn:aws:iam::111122223333:user/team/bob"],
    [ROLE, "AssumedRole", "AROATESTTESTTEST:session", undefined, "arn:aws:iam::111122223333:role/reader"],
    [FEDERATED, "FederatedUser", "111122223333:guest", undefined, "arn:aws:sts::111122223333:federated-user/guest"],
  ] as const;
  for (const [caller, ...expected] of table) {
    const found = all([...keys, "aws:PrincipalIsAWSService"], { ...GET, caller });
    const values = [...expected, "111122223333", "false"].map((value) => value && [value]);
    assert.deepEqual(Object.values(found), values, caller.kind);
  }
  const unsigned = all([...keys, "aws:PrincipalIsAWSService"], { ...GET, caller: ANONYMOUS });
  assert.deepEqual(Object.values(unsigned), [["Anonymous"], ["anonymous"], undefined, undefined, ["anonymous"], undefined]);
});

test("conditions: tags of a caller, whatever the case of their keys", () => {
  const facts = { ...GET, caller: USER };
  assert.deepEqual(valuesOf("aws:PrincipalTag/team", facts, "s3:GetObject"), ["blue"]);
  assert.deepEqual(valuesOf("aws:PrincipalTag/cost/center", facts, "s3:GetObject"), ["7"]);
  for (const key of ["aws:PrincipalTag/other", "aws:PrincipalTag/", "aws:PrincipalTag"])
    assert.equal(valuesOf(key, facts, "s3:GetObject"), undefined, key);
  assert.equal(valuesOf("aws:PrincipalTag/team", GET, "s3:GetObject"), undefined);
  const twice = { ...GET, caller: { ...USER, tags: { a: "1", A: "2" } } };
  assert.deepEqual(valuesOf("aws:PrincipalTag/A", twice, "s3:GetObject"), ["1", "2"]);
});

const SESSION_KEYS = [
  ...[
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:FederatedProvider",
    "aws:SourceIdentity",
  ],
];

test("conditions: long-term keys have nothing that sessions have", () => {
  for (const caller of [ROOT, USER, ANONYMOUS])
    assert.deepEqual(new Set(Object.values(all(SESSION_KEYS, { ...GET, caller }))), new Set([undefined]));
});

test("conditions: temporary credentials say when they were issued, and with MFA or without", () => {
  const without = all(SESSION_KEYS, { ...GET, caller: ROLE });
  assert.deepEqual(Object.values(without), [["2026-03-01T11:00:00.000Z"], ["false"], undefined, undefined, undefined]);
  const session = { ...SESSION, mfaAtMs: NOW_MS - 90_500, sourceIdentity: "ann" };
  const withMfa = all(SESSION_KEYS, { ...GET, caller: { ...ROLE, session } });
  assert.deepEqual(Object.values(withMfa), [["2026-03-01T11:00:00.000Z"], ["true"], ["90"], undefined, ["ann"]]);
  const ahead = { ...GET, caller: { ...ROLE, session: { ...session, mfaAtMs: NOW_MS + 5_000 } } };
  assert.deepEqual(valuesOf("aws:MultiFactorAuthAge", ahead, "s3:GetObject"), ["0"]);
  const user = { ...USER, session: { ...SESSION, kind: "GetSessionToken" as const } };
  assert.deepEqual(valuesOf("aws:MultiFactorAuthPresent", { ...GET, caller: user }, "s3:GetObject"), ["false"]);
});

test("conditions: web identities and federated users say nothing of MFA", () => {
  const session = { ...SESSION, kind: "AssumeRoleWithWebIdentity" as const, federatedProvider: "https://id.example.com" };
  const web = all(SESSION_KEYS, { ...GET, caller: { ...ROLE, session } });
  assert.deepEqual(Object.values(web).slice(1), [undefined, undefined, ["https://id.example.com"], undefined]);
  const federated = all(SESSION_KEYS, { ...GET, caller: FEDERATED });
  assert.deepEqual(Object.values(federated).slice(1), [undefined, undefined, undefined, undefined]);
});

test("conditions: whose a resource is; what is yet to be made will be the caller's", () => {
  const accountId = (): string => "444455556666";
  for (const key of ["aws:ResourceAccount", "s3:ResourceAccount"]) {
    assert.deepEqual(valuesOf(key, { ...GET, caller: USER }, "s3:GetObject", { accountId }), ["444455556666"], key);
    assert.deepEqual(valuesOf(key, { ...GET, caller: USER }, "s3:CreateBucket"), ["111122223333"], key);
    assert.equal(valuesOf(key, GET, "s3:ListAllMyBuckets"), undefined, key);
  }
});

test("conditions: tags of a bucket count for all that is in it, once they are read", () => {
  const resourceTags = (): readonly [string, string][] => [["Project", "x"]];
  for (const key of ["aws:ResourceTag/project", "s3:BucketTag/Project"]) {
    assert.deepEqual(valuesOf(key, GET, "s3:GetObject", { resourceTags }), ["x"], key);
    assert.equal(valuesOf(`${key}s`, GET, "s3:GetObject", { resourceTags }), undefined, key);
    assert.equal(valuesOf(key, GET, "s3:GetObject"), undefined, key);
    assert.equal(readingOf(key.toLowerCase(), "s3:PutObject"), "resourceTags");
  }
});

test("conditions: tags of an object count where it is read, and not where it is written or deleted", () => {
  const objectTags = (): readonly [string, string][] => [["a/b", "1"]];
  const key = "s3:ExistingObjectTag/a/b";
  for (const action of ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObjectAcl", "s3:DeleteObjectTagging"]) {
    assert.deepEqual(valuesOf(key, GET, action, { objectTags }), ["1"], action);
    assert.equal(readingOf(key.toLowerCase(), action), "objectTags", action);
  }
  for (const action of ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucket"]) {
    assert.equal(valuesOf(key, GET, action, { objectTags }), undefined, action);
    assert.equal(readingOf(key.toLowerCase(), action), undefined, action);
  }
});

test("conditions: no other key needs a reading", () => {
  const reading = CONDITION_KEYS.filter(({ reads }) => reads !== undefined).map(({ name }) => name);
  assert.deepEqual(reading, [
    ...["aws:ResourceTag/", "s3:BucketTag/", "s3:ExistingObjectTag/"],
    ...["s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"],
  ]);
  assert.equal(readingOf("aws:sourceip", "s3:GetObject"), undefined);
  assert.equal(readingOf("no:suchkey", "s3:GetObject"), undefined);
});

test("conditions: what is no key has no value, and neither has one that no request here has", () => {
  for (const name of ABSENT_KEYS) assert.equal(valuesOf(name.toLowerCase(), GET, "s3:GetObject"), undefined, name);
  for (const key of ["aws:sourceipaddress", "s3:nothing", "aws:principaltag", "aws:sourceip/a", "tostring", ""])
    assert.equal(valuesOf(key, GET, "s3:GetObject"), undefined, key);
});

test("conditions: a bucket's policy may ask for a key exactly where requests can have it", () => {
  const limited = CONDITION_KEYS.filter(({ name, actions }) => name.startsWith("s3:") && actions !== undefined);
  const every = new Set(limited.flatMap(({ actions }) => [...actions!]));
  for (const { name, actions } of limited) {
    const key = name.endsWith("/") ? `${name.toLowerCase()}tag` : name.toLowerCase();
    for (const action of every) {
      assert.equal(comesWith(key, action.toLowerCase()), actions!.has(action), `${name} with ${action}`);
    }
  }
});

test("conditions: no two entries have one name, and no key that is had is called absent", () => {
  const names = [...CONDITION_KEYS.map(({ name }) => name), ...ABSENT_KEYS].map((name) => name.toLowerCase());
  assert.equal(new Set(names).size, names.length);
});

/** Headers that some key's value is made of by more than taking it as it is. */
const READ_HEADERS = ["x-amz-tagging", "x-amz-copy-source", "x-amz-object-lock-retain-until-date", "x-amz-content-sha256"];
const OPERATIONS: readonly OperationName[] = ["PutObject", "CopyObject", "CreateMultipartUpload", "ListObjectsV2"];

test("conditions: nothing that a client can send makes a key's value fail, or a value that is no text", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[%&=+?/\d:TZ-]*$/), fc.constant("9999-99-99T99:99:99Z"));
  fc.assert(
    fc.property(
      fc.constantFrom(...OPERATIONS),
      text,
      fc.constantFrom(...ACTIONS),
      fc.string(),
      (operation, value, action, tag) => {
        const headers = Object.fromEntries(READ_HEADERS.map((name) => [name, value]));
        const target = `/bucket/key?prefix=${encodeURIComponent(value.toWellFormed())}&max-keys=${encodeURIComponent(tag.toWellFormed())}`;
        const facts = factsOf(operation, target, headers, { caller: USER });
        for (const { name } of CONDITION_KEYS) {
          const found = valuesOf(name.endsWith("/") ? name + tag : name, facts, action);
          assert.ok(found === undefined || (found.length > 0 && found.every((one) => typeof one === "string")), name);
        }
      },
    ),
  );
});

const ACTIONS = ["s3:PutObject", "s3:ListBucket", "s3:PutObjectRetention", "s3:PutObjectTagging", "s3:BypassGovernanceRetention"];
