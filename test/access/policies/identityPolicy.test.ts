import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIdentityPolicy } from "../../../src/access/policies/parseIdentityPolicy.ts";
import { parseTrustPolicy } from "../../../src/access/policies/parseTrustPolicy.ts";
import { PolicyFault } from "../../../src/access/policies/PolicyFault.ts";

const ALL = { Effect: "Allow", Action: "s3:*", Resource: "*" };
const TRUST = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" };

function fault(parse: (text: string) => unknown, document: unknown): string {
  try {
    parse(typeof document === "string" ? document : JSON.stringify(document));
  } catch (error) {
    assert.ok(error instanceof PolicyFault, String(error));
    assert.notEqual(error.explanation, "");
    return error.message;
  }
  assert.fail("taken");
}

const identityFault = (statement: object): string =>
  fault(parseIdentityPolicy, { Version: "2012-10-17", Statement: [{ ...ALL, ...statement }] });
const trustFault = (statement: object): string =>
  fault(parseTrustPolicy, { Version: "2012-10-17", Statement: [{ ...TRUST, ...statement }] });

test("parseIdentityPolicy: takes actions and resources of any service", () => {
  for (const statement of [
    ALL,
    { ...ALL, Action: "*" },
    { ...ALL, Action: ["iam:CreateUser", "sts:AssumeRole"], Resource: "arn:aws:iam::111122223333:user/*" },
    {
      Effect: "Deny",
      NotAction: "s3:Get*",
      NotResource: "arn:aws:s3:::bucket/*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    { ...ALL, Resource: "arn:aws:s3:::bucket/${aws:username}/*" },
  ])
    assert.equal(parseIdentityPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statement })).use, "identity");
});

test("parseIdentityPolicy: says no more of what is no policy than that", () => {
  for (const document of [
    "",
    "[]",
    "{",
    "{}",
    { Version: "2012-10-17" },
    { Version: "2012-10-17", Statement: [] },
    { Version: "2012-10-17", Statement: ALL, More: 1 },
  ])
    assert.equal(fault(parseIdentityPolicy, document), "Syntax errors in policy.");
  for (const statement of [
    { Effect: "Perhaps" },
    { Sid: 1 },
    { Action: 1 },
    { NotAction: "s3:*" },
    { NotResource: "*" },
    { What: 1 },
    { Condition: { Same: {} } },
  ])
    assert.equal(identityFault(statement), "Syntax errors in policy.");
});

test("parseIdentityPolicy: needs the newer version", () => {
  const text = "Policy document must be version 2012-10-17 or greater.";
  assert.equal(fault(parseIdentityPolicy, { Statement: ALL }), text);
  assert.equal(fault(parseIdentityPolicy, { Version: "2008-10-17", Statement: ALL }), text);
  assert.equal(fault(parseIdentityPolicy, { Version: "2020-10-17", Statement: ALL }), "Syntax errors in policy.");
});

test("parseIdentityPolicy: has IAM's texts for what is missing or not for it", () => {
  assert.equal(identityFault({ Action: undefined }), "Policy statement must contain actions.");
  assert.equal(identityFault({ Action: [] }), "Policy statement must contain actions.");
  assert.equal(identityFault({ Resource: undefined }), "Policy statement must contain resources.");
  assert.equal(identityFault({ Principal: "*" }), "Policy document should not specify a principal.");
  assert.equal(identityFault({ Effect: "allow" }), "The policy failed legacy parsing");
  assert.equal(
    fault(parseIdentityPolicy, {
      Version: "2012-10-17",
      Statement: [
        { ...ALL, Sid: "a" },
        { ...ALL, Sid: "a" },
      ],
    }),
    "Statement IDs (SID) in a single policy must be unique.",
  );
});

test("parseIdentityPolicy: a Sid is of letters and digits", () => {
  const text = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*";
  assert.equal(identityFault({ Sid: "read-photos" }), text);
  assert.equal(trustFault({ Sid: "a b" }), text);
});

test("parseIdentityPolicy: has IAM's texts for actions and keys", () => {
  const noVendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  assert.equal(identityFault({ Action: "GetObject" }), noVendor);
  assert.equal(identityFault({ Action: "s3:Get:Object" }), "Actions/Condition can contain only one colon.");
  assert.equal(identityFault({ Action: "s 3:GetObject" }), "Vendor s 3 is not valid");
  assert.equal(identityFault({ Condition: { StringEquals: { username: "a" } } }), noVendor);
});

test("parseIdentityPolicy: has IAM's texts for resources", () => {
  assert.equal(identityFault({ Resource: "bucket" }), 'Resource bucket must be in ARN format or "*".');
  assert.equal(identityFault({ Resource: "aws:s3" }), 'Partition "s3" is not valid for resource "arn:s3:*:*:*:*".');
  assert.equal(
    identityFault({ Resource: "arn:other:s3:::bucket" }),
    'Partition "other" is not valid for resource "arn:other:s3:*:*:bucket".',
  );
  assert.equal(identityFault({ Resource: "arn:aws" }), "Resource vendor must be fully qualified and cannot contain regexes.");
  assert.equal(
    identityFault({ Resource: "arn:aws:s3:eu-west-1::bucket" }),
    "Resource arn:aws:s3:eu-west-1::bucket can not contain region information.",
  );
  assert.equal(
    identityFault({ Resource: "arn:aws:iam:eu-west-1::user/a" }),
    "IAM resource arn:aws:iam:eu-west-1::user/a cannot contain region information.",
  );
  assert.match(
    identityFault({ Resource: "arn:aws:iam::111122223333:people/a" }),
    /^IAM resource path must either be "\*" or start with user\/, /,
  );
});

test("parseTrustPolicy: takes principals, either version, and actions of STS", () => {
  for (const statement of [
    TRUST,
    { ...TRUST, Principal: { AWS: "*" } },
    {
      ...TRUST,
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/issuer.example.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
    },
    {
      ...TRUST,
      Principal: { Service: "ec2.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    },
    { ...TRUST, Condition: { StringEquals: { "sts:ExternalId": "7" } } },
  ])
    for (const Version of ["2012-10-17", "2008-10-17"])
      assert.equal(parseTrustPolicy(JSON.stringify({ Version, Statement: statement })).use, "trust");
});

test("parseTrustPolicy: has IAM's texts for what is wrong", () => {
  assert.equal(trustFault({ Principal: undefined }), "Missing required field Principal");
  assert.equal(trustFault({ Principal: {} }), "Missing required field Principal cannot be empty!");
  assert.equal(trustFault({ Principal: { AWS: "alice" } }), 'Invalid principal in policy: "AWS":"alice"');
  assert.equal(trustFault({ Resource: "*" }), "Has prohibited field Resource");
  assert.equal(trustFault({ Action: "s3:GetObject" }), "AssumeRole policy may only specify STS AssumeRole actions.");
  assert.equal(
    trustFault({ Principal: undefined, NotPrincipal: { AWS: "111122223333" } }),
    "AssumeRole policy must not contain NotPrincipal field.",
  );
  assert.equal(fault(parseTrustPolicy, "x"), "This policy contains invalid Json");
  assert.equal(fault(parseTrustPolicy, "[]"), "This policy contains invalid Json");
  assert.equal(
    fault(parseTrustPolicy, { Version: "2020-01-01", Statement: TRUST }),
    "The policy must contain a valid version string",
  );
  assert.equal(trustFault({ Effect: "Perhaps" }), "Invalid effect: Perhaps");
  assert.equal(trustFault({ Action: "s 3:GetObject" }), "Vendor s 3 is not valid");
  assert.equal(trustFault({ What: 1 }), "Unknown field What");
  assert.equal(
    trustFault({ Sid: "not a sid" }),
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
  );
  assert.equal(trustFault({ Condition: { Same: { "aws:userid": "a" } } }), "Invalid Condition type : Same");
  assert.equal(trustFault({ Condition: 1 }), "Syntax errors in policy.");
});
