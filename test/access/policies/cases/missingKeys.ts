import type { ConditionBlock, PolicyCase, Theme } from "./PolicyCase.ts";
import { allow, allowed, denied, deny, fails, GET, holds, lacking, policy } from "./PolicyCase.ts";

const INSTANCE = { StringLikeIfExists: { "ec2:InstanceType": ["t1.*", "t2.*", "m3.*"] } };

/** A deny that depends on a condition, of what is else allowed. */
function denies(name: string, Condition: ConditionBlock, keys: Record<string, string>, does: boolean): PolicyCase {
  const identity = policy(
    allow({ Sid: "All", Action: "*", Resource: "*" }),
    deny({ Sid: "Unless", Action: "*", Resource: "*", Condition }),
  );
  return { name, ...GET, identity, keys, expect: does ? denied("identity", "Unless") : allowed("identity", "All") };
}

export const MISSING_KEYS: Theme = {
  title: "keys that a request does not have",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
  cases: [
    fails("StringEquals", { StringEquals: { "aws:PrincipalTag/job": "admin" } }),
    fails("StringEquals of nothing", { StringEquals: { "aws:PrincipalTag/job": "" } }),
    holds("StringNotEquals", { StringNotEquals: { "aws:PrincipalTag/job": "admin" } }),
    fails("StringEqualsIgnoreCase", { StringEqualsIgnoreCase: { "aws:PrincipalTag/job": "admin" } }),
    holds("StringNotEqualsIgnoreCase", { StringNotEqualsIgnoreCase: { "aws:PrincipalTag/job": "admin" } }),
    fails("StringLike, even of anything", { StringLike: { "aws:PrincipalTag/job": "*" } }),
    holds("StringNotLike, even of anything", { StringNotLike: { "aws:PrincipalTag/job": "*" } }),
    fails("NumericEquals", { NumericEquals: { "s3:max-keys": "10" } }),
    holds("NumericNotEquals", { NumericNotEquals: { "s3:max-keys": "10" } }),
    fails("NumericLessThan", { NumericLessThan: { "s3:max-keys": "10" } }),
    fails("NumericGreaterThanEquals", { NumericGreaterThanEquals: { "s3:max-keys": "0" } }),
    fails("DateLessThan", { DateLessThan: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" } }),
    holds("DateNotEquals", { DateNotEquals: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" } }),
    fails("IpAddress", { IpAddress: { "aws:VpcSourceIp": "0.0.0.0/0" } }),
    holds("NotIpAddress", { NotIpAddress: { "aws:VpcSourceIp": "0.0.0.0/0" } }),
    fails("ArnLike", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } }),
    holds("ArnNotLike", { ArnNotLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } }),
    holds("StringEqualsIfExists", { StringEqualsIfExists: { "aws:PrincipalTag/job": "admin" } }),
    holds("StringNotEqualsIfExists", { StringNotEqualsIfExists: { "aws:PrincipalTag/job": "admin" } }),
    holds("StringLikeIfExists", { StringLikeIfExists: { "aws:PrincipalTag/job": "a*" } }),
    holds("NumericLessThanIfExists", { NumericLessThanIfExists: { "s3:max-keys": "10" } }),
    holds("DateGreaterThanIfExists", { DateGreaterThanIfExists: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" } }),
    holds("BoolIfExists", { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } }),
    holds("IpAddressIfExists", { IpAddressIfExists: { "aws:VpcSourceIp": "10.0.0.0/8" } }),
    holds("NotIpAddressIfExists", { NotIpAddressIfExists: { "aws:VpcSourceIp": "10.0.0.0/8" } }),
    holds("ArnEqualsIfExists", { ArnEqualsIfExists: { "aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:alerts" } }),
    holds("BinaryEqualsIfExists", { BinaryEqualsIfExists: { "aws:Example": "QQ==" } }),
    holds("IfExists, and it is there and matches", INSTANCE, { "ec2:InstanceType": "t2.micro" }),
    fails("IfExists, and it is there and does not", INSTANCE, { "ec2:InstanceType": "x1.large" }),
    holds("IfExists, for a resource that has no such key", INSTANCE),
    fails(
      "NumericLessThanIfExists, and it is there and above",
      { NumericLessThanIfExists: { "s3:max-keys": "10" } },
      { "s3:max-keys": "11" },
    ),
    fails(
      "BoolIfExists, and it is there and another",
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
      { "aws:MultiFactorAuthPresent": "false" },
    ),
    fails(
      "StringNotEqualsIfExists, and it is there and the same",
      { StringNotEqualsIfExists: { "aws:PrincipalTag/job": "admin" } },
      { "aws:PrincipalTag/job": "admin" },
    ),
    fails(
      "IpAddressIfExists, and it is there and outside",
      { IpAddressIfExists: { "aws:VpcSourceIp": "10.0.0.0/8" } },
      { "aws:VpcSourceIp": "11.0.0.1" },
    ),
    {
      ...fails("another condition fails for want of its key all the same", {
        StringEquals: { "aws:PrincipalTag/job": "admin" },
        StringEqualsIfExists: { "aws:username": "ann" },
      }),
      expect: lacking("identity", "aws:PrincipalTag/job"),
    },
    denies(
      "a deny of StringNotEquals denies whoever has no such key",
      { StringNotEquals: { "aws:PrincipalTag/job": "admin" } },
      {},
      true,
    ),
    denies(
      "a deny of StringNotEqualsIfExists denies whoever has no such key",
      { StringNotEqualsIfExists: { "aws:PrincipalTag/job": "admin" } },
      {},
      true,
    ),
    denies(
      "a deny of StringNotEquals spares who has it",
      { StringNotEquals: { "aws:PrincipalTag/job": "admin" } },
      { "aws:PrincipalTag/job": "admin" },
      false,
    ),
    denies(
      "a deny of StringEquals spares whoever has no such key",
      { StringEquals: { "aws:PrincipalTag/job": "guest" } },
      {},
      false,
    ),
    denies("a deny of Bool spares whoever has no such key", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, {}, false),
    denies(
      "a deny of BoolIfExists denies whoever has no such key",
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      {},
      true,
    ),
    denies(
      "a deny of BoolIfExists spares who has a second factor",
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      { "aws:MultiFactorAuthPresent": "true" },
      false,
    ),
    denies(
      "a deny outside some networks denies who comes by none",
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      {},
      true,
    ),
    denies(
      "a deny outside some networks, of requests that come by one",
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" }, Null: { "aws:SourceIp": "false" } },
      {},
      false,
    ),
  ],
};
