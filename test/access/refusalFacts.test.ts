import assert from "node:assert/strict";
import { test } from "node:test";
import { considered } from "../../src/access/policies/considered.ts";
import { refusalFacts } from "../../src/access/RefusalFacts.ts";
import {
  anonymous,
  BUCKET_ARN,
  bucketPolicy,
  identityPolicy,
  OTHER,
  OWNER,
  request,
  roleSession,
  root,
  user,
} from "./policies/requests.ts";

const GET = "s3:GetObject";
const KEY = `${BUCKET_ARN}/key`;

test("considered: of each statement it says what matched, and of a failed condition both values", () => {
  const asked = request(GET, KEY, user(OWNER), { "aws:SourceIp": "192.0.2.9" });
  const resource = bucketPolicy(
    { Sid: "Others", Effect: "Allow", Principal: { AWS: user(OTHER).arn }, Action: GET, Resource: KEY },
    { Effect: "Allow", Principal: "*", Action: GET, Resource: `${BUCKET_ARN}/other` },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: KEY,
      Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" }, StringEquals: { "aws:PrincipalTag/team": ["a", "b"] } },
    },
    { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: KEY },
  );
  const { statements, omittedStatements } = considered(asked, { identity: [], resource, resourceAccountId: OWNER });
  assert.equal(omittedStatements, 0);
  const common = { policyKind: "resource", policy: "bucket policy", applies: false };
  assert.deepEqual(statements, [
    {
      ...common,
      sid: "Others",
      place: 1,
      effect: "Allow",
      matches: { action: true, principal: false, resource: true },
      failedConditions: [],
    },
    { ...common, place: 2, effect: "Allow", matches: { action: true, principal: true, resource: false }, failedConditions: [] },
    {
      ...common,
      place: 3,
      effect: "Deny",
      matches: { action: true, principal: true, resource: true, conditions: false },
      failedConditions: [
        { operator: "IpAddress", key: "aws:SourceIp", wanted: ["10.0.0.0/8"], found: ["192.0.2.9"] },
        { operator: "StringEquals", key: "aws:PrincipalTag/team", wanted: ["a", "b"], found: null },
      ],
    },
    { ...common, place: 4, effect: "Allow", matches: { action: false, principal: true, resource: true }, failedConditions: [] },
  ]);
});

test("considered: of hundreds of statements forty are told, those about the action among them", () => {
  const many = Array.from({ length: 100 }, () => ({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }));
  const policy = identityPolicy(...many, { Sid: "Last", Effect: "Allow", Action: GET, Resource: `${BUCKET_ARN}/other` });
  const { statements, omittedStatements } = considered(request(GET, KEY, user(OWNER)), {
    identity: [policy],
    resourceAccountId: OWNER,
  });
  assert.deepEqual([statements.length, omittedStatements], [40, 61]);
  assert.equal(statements.at(-1)?.sid, "Last");
});

test("considered: long values and long lists of them are cut", () => {
  const values = Array.from({ length: 20 }, (_, index) => `${"v".repeat(400)}${index}`);
  const policy = identityPolicy({
    Effect: "Allow",
    Action: GET,
    Resource: "*",
    Condition: { StringEquals: { "aws:Referer": values } },
  });
  const asked = request(GET, KEY, user(OWNER), { "aws:Referer": "r".repeat(400) });
  const [statement] = considered(asked, { identity: [policy], resourceAccountId: OWNER }).statements;
  const [failed] = statement!.failedConditions;
  assert.deepEqual([failed?.wanted.length, failed?.wanted[0]?.length, failed?.found?.[0]?.length], [8, 257, 257]);
});

test("refusalFacts: within an account the caller's own policies lack an allow, across accounts both sides do", () => {
  const identity = [identityPolicy({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" })];
  const own = refusalFacts(request(GET, KEY, user(OWNER)), { identity, resourceAccountId: OWNER });
  assert.deepEqual([own.action, own.resource, own.principal, own.lacks], [GET, KEY, user(OWNER).arn, ["identity"]]);
  const other = refusalFacts(request(GET, KEY, user(OTHER)), { identity, resourceAccountId: OWNER });
  assert.deepEqual([other.accountId, other.resourceAccountId, other.lacks], [OTHER, OWNER, ["identity", "resource"]]);
  const allowed = [identityPolicy({ Effect: "Allow", Action: "s3:*", Resource: "*" })];
  assert.deepEqual(refusalFacts(request(GET, KEY, user(OTHER)), { identity: allowed, resourceAccountId: OWNER }).lacks, [
    "resource",
  ]);
  // A root has no policies of its own that could lack one.
  assert.deepEqual(refusalFacts(request(GET, KEY, root(OTHER)), { identity: undefined, resourceAccountId: OWNER }).lacks, [
    "resource",
  ]);
});

test("refusalFacts: a boundary and a session policy lack an allow of their own; a session is named by its role", () => {
  const all = [identityPolicy({ Effect: "Allow", Action: "s3:*", Resource: "*" })];
  const none = identityPolicy({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" });
  const facts = refusalFacts(request(GET, KEY, roleSession(OWNER)), {
    identity: all,
    boundary: none,
    session: [none],
    resourceAccountId: OWNER,
  });
  assert.deepEqual([facts.principal, facts.lacks], [roleSession(OWNER).principalArn, ["boundary", "session"]]);
});

test("refusalFacts: what one statement denies lacks nothing that could help", () => {
  const resource = bucketPolicy({ Effect: "Deny", Principal: "*", Action: GET, Resource: KEY });
  const facts = refusalFacts(request(GET, KEY, user(OWNER)), { identity: [], resource, resourceAccountId: OWNER });
  assert.deepEqual([facts.deniedBy, facts.lacks], ["resource", []]);
});

test("refusalFacts: who does not sign is everybody, and needs the resource's policy", () => {
  const facts = refusalFacts(request(GET, KEY, anonymous), { identity: undefined, resourceAccountId: OWNER }, "onlyUsers");
  assert.deepEqual([facts.principal, facts.lacks, facts.obstacle], ["*", ["resource"], "onlyUsers"]);
});
