import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { invalidPrincipal, namedPrincipals } from "../../../src/access/policies/namedPrincipals.ts";
import { parseBucketPolicy } from "../../../src/access/policies/parseBucketPolicy.ts";
import { BUCKET, BUCKET_ARN } from "./requests.ts";

const OBJECTS = `${BUCKET_ARN}/*`;
const GET = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: OBJECTS };

function refusal(text: string): S3Error {
  try {
    parseBucketPolicy(text, BUCKET);
  } catch (error) {
    assert.ok(error instanceof S3Error, String(error));
    assert.equal(error.code, "MalformedPolicy");
    assert.equal(error.status, 400);
    assert.ok(error.explanation !== undefined && error.explanation.endsWith("."), error.explanation);
    return error;
  }
  assert.fail(`taken: ${text}`);
}

function refused(statement: object, message: string, said?: RegExp): void {
  const error = refusal(JSON.stringify({ Version: "2012-10-17", Statement: [GET, statement] }));
  assert.equal(error.message, message, error.explanation);
  if (said !== undefined) assert.match(error.explanation!, said);
}

function taken(statement: object): void {
  parseBucketPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statement }), BUCKET);
}

test("parseBucketPolicy: takes one statement, or a list of them", () => {
  taken(GET);
  taken([GET, { ...GET, Sid: "second", Effect: "Deny" }]);
});

test("parseBucketPolicy: says of what is no JSON object how it begins", () => {
  const text = "Policies must be valid JSON and the first byte must be '{'";
  for (const document of ["", "[]", ' {"Version":"2012-10-17"}', "<Policy/>", "null", "😀"])
    assert.equal(refusal(document).message, text);
  assert.match(refusal("<Policy/>").explanation!, /it begins with "<"/);
});

test("parseBucketPolicy: says where JSON is broken", () => {
  const text = "This policy contains invalid Json";
  for (const document of [
    "{",
    "{}x",
    '{"Version":}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":01}',
    `{"a":${"[".repeat(99)}`,
  ])
    assert.equal(refusal(document).message, text, document);
  assert.match(refusal('{"Version":}').explanation!, /at character 12/);
});

test("parseBucketPolicy: needs a Statement that is not empty", () => {
  assert.equal(refusal("{}").message, "Missing required field Statement");
  assert.equal(refusal('{"Statement":[]}').message, "Could not parse the policy: Statement is empty!");
  assert.equal(refusal('{"Statement":"x"}').message, "Invalid policy syntax.");
});

test("parseBucketPolicy: knows two versions, and takes none for the older", () => {
  assert.equal(parseBucketPolicy(JSON.stringify({ Statement: GET }), BUCKET).version, "2008-10-17");
  assert.equal(parseBucketPolicy(JSON.stringify({ Version: "2008-10-17", Statement: GET }), BUCKET).version, "2008-10-17");
  for (const Version of ["2012-10-18", 2012, "", null]) {
    const error = refusal(JSON.stringify({ Version, Statement: GET }));
    assert.equal(error.message, "The policy must contain a valid version string");
    assert.match(error.explanation!, /2012-10-17/);
  }
});

test("parseBucketPolicy: refuses elements that do not exist, or come twice", () => {
  assert.equal(refusal(JSON.stringify({ Version: "2012-10-17", Statements: [GET] })).message, "Unknown field Statements");
  refused({ ...GET, Actions: "s3:*" }, "Unknown field Actions", /Statement 2/);
  assert.equal(
    refusal('{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}').message,
    "Statement/policy already has instance of Version",
  );
  const twice = `{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"${OBJECTS}"}`;
  assert.equal(refusal(`{"Statement":[${twice}]}`).message, "Statement/policy already has instance of Effect");
  refused({ ...GET, NotAction: "s3:GetObject" }, "Statement/policy already has instance of Action");
  refused({ ...GET, NotResource: OBJECTS }, "Statement/policy already has instance of Resource");
  refused({ ...GET, NotPrincipal: "*" }, "Statement/policy already has instance of Principal");
});

test("parseBucketPolicy: needs Effect, Principal, Action and Resource", () => {
  for (const element of ["Effect", "Principal", "Action", "Resource"] as const)
    refused({ ...GET, [element]: undefined }, `Missing required field ${element}`);
  for (const element of ["Action", "Resource"] as const)
    refused({ ...GET, [element]: [] }, `Missing required field ${element} cannot be empty!`);
  for (const Principal of [{}, "", { AWS: [] }])
    refused({ ...GET, Principal }, "Missing required field Principal cannot be empty!");
});

test("parseBucketPolicy: an Effect is Allow or Deny, in that case", () => {
  for (const Effect of ["allow", "hello", ""]) refused({ ...GET, Effect }, `Invalid effect: ${Effect}`);
  refused({ ...GET, Effect: true }, "Invalid effect: true");
});

test("parseBucketPolicy: refuses values of other types", () => {
  for (const statement of [
    { Action: 1 },
    { Action: ["s3:GetObject", null] },
    { Resource: {} },
    { Sid: 1 },
    { Condition: [] },
    { Condition: { Bool: "x" } },
  ])
    refused({ ...GET, ...statement }, "Invalid policy syntax.");
  refused({ ...GET, Condition: { StringEquals: { "aws:username": {} } } }, "Invalid policy syntax.");
});

test("parseBucketPolicy: a Sid is one statement's only", () => {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { ...GET, Sid: "a" },
      { ...GET, Sid: "a" },
    ],
  });
  assert.equal(refusal(document).message, "Statement IDs (SID) in a single policy must be unique");
});

test("parseBucketPolicy: takes every form of principal", () => {
  for (const AWS of [
    "*",
    "111122223333",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::111122223333:user/path/to/alice@example.com",
    "arn:aws:iam::111122223333:role/service-role/reader",
    "arn:aws:sts::111122223333:assumed-role/reader/session.name",
    "arn:aws:sts::111122223333:federated-user/bob",
    "AIDAEXAMPLEEXAMPLE123",
    ["111122223333", "arn:aws:iam::111122223333:user/alice"],
  ])
    taken({ ...GET, Principal: { AWS } });
  taken({ ...GET, Principal: { CanonicalUser: "0123456789abcdef".repeat(4) } });
  taken({
    ...GET,
    Principal: { Federated: ["arn:aws:iam::111122223333:oidc-provider/accounts.google.com", "cognito-identity.amazonaws.com"] },
  });
  taken({ ...GET, Principal: { Service: "logging.s3.amazonaws.com", AWS: "111122223333" } });
  taken({ ...GET, Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: "111122223333" } });
});

test("parseBucketPolicy: a principal is its name and nothing around it", () => {
  for (const [type, name] of [
    ["AWS", "111122223333"],
    ["AWS", "arn:aws:iam::111122223333:root"],
    ["AWS", "arn:aws:iam::111122223333:user/alice"],
    ["AWS", "arn:aws:sts::111122223333:assumed-role/reader/session"],
    ["AWS", "arn:aws:sts::111122223333:federated-user/bob"],
    ["AWS", "AIDAEXAMPLEEXAMPLE123"],
    ["AWS", "AROAEXAMPLEEXAMPLE123"],
    ["CanonicalUser", "0123456789abcdef".repeat(4)],
    ["Federated", "arn:aws:iam::111122223333:saml-provider/accounts"],
    ["Federated", "accounts.google.com"],
    ["Service", "logging.s3.amazonaws.com"],
  ] as const) {
    taken({ ...GET, Principal: { [type]: name } });
    for (const written of [`X${name}`, ` ${name}`, `${name} `, `${name}\n`])
      refused({ ...GET, Principal: { [type]: written } }, "Invalid principal in policy");
  }
});

test("parseBucketPolicy: a variable in a resource may stand for the bucket, or for a key", () => {
  const Resource = "arn:aws:s3:::${aws:username}";
  taken({ ...GET, Resource });
  taken({ ...GET, Action: "s3:ListBucket", Resource });
  taken({ ...GET, Resource: `${BUCKET_ARN}/\${aws:username}` });
});

test("parseBucketPolicy: an Id is a text", () => {
  const of = (Id: unknown): string => JSON.stringify({ Version: "2012-10-17", Id, Statement: GET });
  assert.equal(parseBucketPolicy(of("Policy 1"), BUCKET).id, "Policy 1");
  assert.equal(parseBucketPolicy(of(undefined), BUCKET).id, undefined);
  for (const id of [1, null, ["a"], {}]) assert.equal(refusal(of(id)).message, "Invalid policy syntax.");
});

test("parseBucketPolicy: refuses principals that can be nobody, and says which", () => {
  for (const Principal of [
    "alice",
    "111122223333",
    ["*"],
    7,
    { AWS: "alice" },
    { AWS: "11112222333" },
    { AWS: "arn:aws:iam::111122223333:user/*" },
    { AWS: "arn:aws:iam::111122223333:user/al?ce" },
    { AWS: "arn:aws:iam::111122223333:group/staff" },
    { AWS: "arn:aws:iam:us-east-1:111122223333:user/alice" },
    { AWS: "arn:aws:s3:::bucket" },
    { AWS: "AKIAEXAMPLEEXAMPLE12" },
    { AWS: "" },
    { AWS: 111122223333 },
    { CanonicalUser: "abc" },
    { CanonicalUser: "*" },
    { Service: "*" },
    { Federated: "*" },
    { Group: "staff" },
  ])
    refused({ ...GET, Principal }, "Invalid principal in policy");
  refused(
    { ...GET, Principal: { AWS: "alice" } },
    "Invalid principal in policy",
    /Statement 2: "AWS" has no principal "alice"\./,
  );
});

test("parseBucketPolicy: NotPrincipal is for Deny", () => {
  refused({ ...GET, Principal: undefined, NotPrincipal: { AWS: "111122223333" } }, "Allow with NotPrincipal is not allowed.");
});

test("parseBucketPolicy: refuses actions that S3 does not have", () => {
  for (const Action of [
    "GetObject",
    "s3:GetObjects",
    "s3:HeadObject",
    "s3:Fly*",
    "iam:CreateUser",
    "iam:*",
    "s3:",
    "",
    "s4:*",
    "*:GetObject",
  ])
    refused({ ...GET, Action }, "Policy has invalid action");
  refused({ ...GET, Action: ["s3:GetObject", "s3:ListObjects"] }, "Policy has invalid action", /"s3:ListObjects"/);
  refused({ ...GET, Action: undefined, NotAction: "s3:Nothing" }, "Policy has invalid action");
  for (const Action of ["*", "s3:*", "S3:GETOBJECT", "s3:Get*", "s3:?etObject", "s3:ListMultipartUploadParts"])
    taken({ ...GET, Action });
});

test("parseBucketPolicy: refuses resources of other buckets and other services", () => {
  for (const Resource of [
    "*",
    "bucket",
    "bucket/*",
    "arn:aws:s3:::other/*",
    "arn:aws:s3:::buckets/*",
    "arn:aws:s3:::",
    "arn:aws:s3:us-east-1:111122223333:bucket/*",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws-cn:s3:::bucket/*",
    "ARN:aws:s3:::bucket/*",
  ])
    refused({ ...GET, Resource }, "Policy has invalid resource");
  refused({ ...GET, Resource: [OBJECTS, "arn:aws:s3:::other/*"] }, "Policy has invalid resource", /"arn:aws:s3:::other\/\*"/);
  refused({ ...GET, Resource: undefined, NotResource: "arn:aws:s3:::other/*" }, "Policy has invalid resource");
  for (const Resource of [
    `${BUCKET_ARN}/home/\${aws:username}/*`,
    "arn:aws:s3:::buck*",
    "arn:aws:s3:::b?cket/*",
    [BUCKET_ARN, OBJECTS],
  ])
    taken({ ...GET, Resource });
});

test("parseBucketPolicy: refuses actions that are not done to the statement's resources", () => {
  const message = "Action does not apply to any resource(s) in statement";
  refused({ ...GET, Resource: BUCKET_ARN }, message, /s3:GetObject is not done to "arn:aws:s3:::bucket"/);
  refused({ ...GET, Action: "s3:ListBucket" }, message);
  refused({ ...GET, Action: ["s3:GetObject", "s3:ListBucket"] }, message);
  refused({ ...GET, Action: "s3:ListAllMyBuckets", Resource: [BUCKET_ARN, OBJECTS] }, message);
  refused({ ...GET, Action: "s3:PutBucket*" }, message);
  for (const Resource of [BUCKET_ARN, OBJECTS]) taken({ ...GET, Action: "s3:*", Resource });
  taken({ ...GET, Action: ["s3:GetObject", "s3:ListBucket"], Resource: [BUCKET_ARN, OBJECTS] });
  taken({ ...GET, Action: "s3:GetObject", Resource: [BUCKET_ARN, OBJECTS] });
  taken({ ...GET, Effect: "Deny", Action: undefined, NotAction: "s3:ListBucket" });
});

test("parseBucketPolicy: refuses condition operators, keys and values that do not exist", () => {
  refused({ ...GET, Condition: { stringequals: { "aws:username": "a" } } }, "Invalid Condition type : stringequals");
  refused({ ...GET, Condition: { NullIfExists: { "aws:username": "true" } } }, "Invalid Condition type : NullIfExists");
  refused(
    { ...GET, Condition: { "ForEach:StringEquals": { "aws:username": "a" } } },
    "Invalid Condition type : ForEach:StringEquals",
  );
  for (const key of ["s3:nothing", "username", "ec2:Region", "aws:", "s3:ExistingObjectTag/"])
    refused({ ...GET, Condition: { StringEquals: { [key]: "a" } } }, "Policy has an invalid condition key", /Statement 2/);
  refused(
    { ...GET, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } } },
    "Invalid IP address in Conditions",
    /10\.0\.0\.0\/33/,
  );
  refused({ ...GET, Condition: { NumericLessThan: { "s3:TlsVersion": "new" } } }, "Invalid policy syntax.");
  refused({ ...GET, Condition: { DateLessThan: { "aws:CurrentTime": "2023-02-30" } } }, "Invalid policy syntax.");
});

test("parseBucketPolicy: refuses condition keys that the actions never have", () => {
  const message = "Conditions do not apply to combination of actions and resources in statement";
  refused({ ...GET, Condition: { StringEquals: { "s3:prefix": "a/" } } }, message, /s3:GetObject/);
  const both = { Action: ["s3:ListBucket", "s3:GetObject"], Resource: [BUCKET_ARN, OBJECTS] };
  refused({ ...GET, ...both, Condition: { StringEquals: { "s3:prefix": "a/" } } }, message);
  taken({ ...GET, ...both, Condition: { StringEquals: { "aws:username": "a" }, NumericGreaterThan: { "s3:TlsVersion": 1.2 } } });
  taken({
    ...GET,
    Action: "s3:ListBucket",
    Resource: BUCKET_ARN,
    Condition: { StringLike: { "S3:Prefix": "a/*" }, Bool: { "aws:SecureTransport": true } },
  });
  taken({ ...GET, Condition: { StringEquals: { "s3:ExistingObjectTag/team": "red" } } });
  taken({ ...GET, Action: "s3:*", Condition: { StringEquals: { "s3:x-amz-acl": "public-read" } } });
});

test("parseBucketPolicy: may have 20480 bytes without the blanks between", () => {
  const filled = (length: number): string => JSON.stringify({ Version: "2012-10-17", Id: "x".repeat(length), Statement: GET });
  const room = 20_480 - filled(0).length;
  parseBucketPolicy(filled(room), BUCKET);
  parseBucketPolicy(JSON.stringify(JSON.parse(filled(room)), undefined, 9), BUCKET);
  assert.equal(refusal(filled(room + 1)).message, "Normalized policy document exceeds the maximum allowed size of 20480 bytes");
  assert.match(refusal(filled(2_000_000)).message, /Normalized/);
});

test("parseBucketPolicy: whatever comes is taken or refused", () => {
  const start = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ ...GET, Condition: { Null: { "aws:username": "true" } } }],
  });
  fc.assert(
    fc.property(fc.nat(start.length), fc.nat(12), fc.string({ maxLength: 4 }), (at, length, put) => {
      try {
        parseBucketPolicy(start.slice(0, at) + put + start.slice(at + length), BUCKET);
      } catch (error) {
        assert.ok(error instanceof S3Error, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("namedPrincipals: those that have to exist, as what they are", () => {
  const Principal = {
    AWS: ["*", "111122223333", "arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:user/alice", "AROAEXAMPLEEXAMPLE123"],
    CanonicalUser: "0123456789abcdef".repeat(4),
    Service: "s3.amazonaws.com",
  };
  const policy = parseBucketPolicy(JSON.stringify({ Statement: { ...GET, Principal } }), BUCKET);
  assert.deepEqual(
    namedPrincipals(policy).map(({ kind, value }) => [kind, value]),
    [
      ["account", "111122223333"],
      ["account", "444455556666"],
      ["arn", "arn:aws:iam::111122223333:user/alice"],
      ["unique-id", "AROAEXAMPLEEXAMPLE123"],
      ["canonical-id", "0123456789abcdef".repeat(4)],
    ],
  );
});

test("invalidPrincipal: is S3's text, and says who does not exist", () => {
  const error = invalidPrincipal({ element: "AWS", written: "111122223333" });
  assert.equal(error.code, "MalformedPolicy");
  assert.equal(error.message, "Invalid principal in policy");
  assert.match(error.explanation!, /111122223333/);
});
