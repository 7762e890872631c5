import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublic } from "../../../src/access/policies/isPublic.ts";
import { parseBucketPolicy } from "../../../src/access/policies/parseBucketPolicy.ts";
import { BUCKET, BUCKET_ARN } from "./requests.ts";

const READ = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${BUCKET_ARN}/*` };

function judge(statements: object | readonly object[], Version = "2012-10-17"): boolean {
  return isPublic(parseBucketPolicy(JSON.stringify({ Version, Statement: statements }), BUCKET));
}

const withCondition = (Condition: object): boolean => judge({ ...READ, Condition });

test("isPublic: everyone, with nothing that fixes who", () => {
  assert.ok(judge(READ));
  assert.ok(judge({ ...READ, Principal: { AWS: "*" } }));
  assert.ok(judge({ ...READ, Principal: { AWS: ["111122223333", "*"] } }));
  assert.ok(withCondition({ Bool: { "aws:SecureTransport": "true" } }));
  assert.ok(withCondition({ StringLike: { "aws:Referer": "http://example.com/" } }));
  assert.ok(judge([{ ...READ, Principal: { AWS: "111122223333" } }, READ]));
});

test("isPublic: those whom a provider of the public vouches for, and not those of an account's own", () => {
  assert.ok(judge({ ...READ, Principal: { Federated: "graph.facebook.com" } }));
  assert.ok(!judge({ ...READ, Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/graph.facebook.com" } }));
});

test("isPublic: not those who are named, and not what is denied", () => {
  for (const Principal of [
    { AWS: "111122223333" },
    { AWS: "arn:aws:iam::111122223333:user/alice" },
    { Service: "s3.amazonaws.com" },
    { CanonicalUser: "0".repeat(64) },
  ])
    assert.ok(!judge({ ...READ, Principal }));
  assert.ok(!judge({ ...READ, Effect: "Deny" }));
});

test("isPublic: not where a condition has fixed values only", () => {
  for (const [operator, key, value] of [
    ["StringEquals", "aws:SourceVpc", "vpc-91237329"],
    ["StringLike", "aws:SourceVpce", "vpce-1a2b3c4d"],
    ["ArnEquals", "aws:SourceArn", "arn:aws:s3:::other"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/reader"],
    ["StringEquals", "aws:SourceAccount", "111122223333"],
    ["StringEquals", "aws:SourceOwner", "111122223333"],
    ["StringEquals", "aws:PrincipalOrgID", "o-1234567890"],
    ["StringEquals", "aws:PrincipalOrgPaths", "o-1234567890/r-ab12/ou-ab12-11111111/"],
    ["StringEquals", "aws:SourceOrgID", "o-1234567890"],
    ["StringEquals", "AWS:PRINCIPALACCOUNT", "111122223333"],
    ["StringEquals", "aws:userid", "AIDAEXAMPLE"],
    ["StringEquals", "s3:DataAccessPointAccount", "111122223333"],
    ["StringLike", "s3:DataAccessPointArn", "arn:aws:s3:us-west-2:111122223333:accesspoint/*"],
  ] as const)
    assert.ok(!withCondition({ [operator]: { [key]: value } }), key);
  const Condition = {
    StringEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:111122223333:key/1" },
  };
  assert.ok(!judge({ ...READ, Action: "s3:PutObject", Condition }));
});

test("isPublic: a wildcard, a variable or an empty value fixes nothing", () => {
  assert.ok(withCondition({ StringLike: { "aws:SourceVpc": "vpc-*" } }));
  assert.ok(withCondition({ StringLike: { "aws:SourceVpc": ["vpc-91237329", "vpc-?"] } }));
  assert.ok(withCondition({ StringLike: { "aws:userid": "AROAEXAMPLE:*" } }));
  assert.ok(withCondition({ StringEquals: { "aws:SourceAccount": "${aws:PrincipalAccount}" } }));
  assert.ok(withCondition({ StringEquals: { "aws:SourceAccount": "" } }));
  assert.ok(withCondition({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/*" } }));
  assert.ok(withCondition({ StringLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:*:accesspoint/x" } }));
});

test("isPublic: operators that requests without the key meet, or all but one value, fix nothing", () => {
  assert.ok(withCondition({ StringNotEquals: { "aws:SourceVpc": "vpc-91237329" } }));
  assert.ok(withCondition({ StringEqualsIfExists: { "aws:SourceVpc": "vpc-91237329" } }));
  assert.ok(withCondition({ "ForAllValues:StringEquals": { "aws:SourceVpc": "vpc-91237329" } }));
  assert.ok(!withCondition({ "ForAnyValue:StringEquals": { "aws:SourceVpc": "vpc-91237329" } }));
  assert.ok(withCondition({ Null: { "aws:SourceVpc": "false" } }));
});

test("isPublic: ranges of addresses, up to a /8 of IPv4 and a /32 of IPv6", () => {
  const from = (value: string | readonly string[], operator = "IpAddress"): boolean =>
    withCondition({ [operator]: { "aws:SourceIp": value } });
  assert.ok(!from("203.0.113.0/24"));
  assert.ok(!from("8.0.0.0/8"));
  assert.ok(from("8.0.0.0/7"));
  assert.ok(from("0.0.0.0/1"));
  assert.ok(!from("2001:db8::/32"));
  assert.ok(from("2001:db8::/31"));
  assert.ok(!from("fc00::/7"));
  assert.ok(from("fc00::/6"));
  assert.ok(from(["203.0.113.0/24", "0.0.0.0/0"]));
  assert.ok(from("203.0.113.0/24", "NotIpAddress"));
});

test("isPublic: in the older version there are no variables", () => {
  assert.ok(!judge({ ...READ, Condition: { StringEquals: { "aws:SourceAccount": "${aws:PrincipalAccount}" } } }, "2008-10-17"));
});
