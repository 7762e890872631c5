import type { ConditionBlock, Keys, PolicyCase, Theme } from "./PolicyCase.ts";
import { GET, OBJECTS, allow, allowed, fails, holds, lacking, policy } from "./PolicyCase.ts";

/** The documentation's picture: each key has to match, by any of its values. */
const TAGS_AND_ROLE: ConditionBlock = {
  StringEquals: { "aws:PrincipalTag/department": ["finance", "hr", "legal"], "aws:PrincipalTag/role": ["audit", "security"] },
  ArnLike: { "aws:PrincipalArn": ["arn:aws:iam::222222222222:user/Ana", "arn:aws:iam::222222222222:user/Mary"] },
};
const who = (department: string, role: string, name: string): Keys => ({
  "aws:PrincipalTag/department": department,
  "aws:PrincipalTag/role": role,
  "aws:PrincipalArn": `arn:aws:iam::222222222222:user/${name}`,
});
const NEITHER: ConditionBlock = {
  StringNotEquals: { "aws:PrincipalTag/job": ["intern", "guest"], "aws:PrincipalTag/site": ["lab"] },
};

const picture = (name: string, keys: Keys, failing?: string): PolicyCase =>
  failing === undefined
    ? holds(name, TAGS_AND_ROLE, keys)
    : { ...fails(name, TAGS_AND_ROLE, keys), expect: lacking("identity", "When", failing) };

export const COMBINATIONS: Theme = {
  title: "conditions together",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
  cases: [
    picture("every key matches", who("hr", "audit", "Mary")),
    picture("every key matches by other values", who("legal", "security", "Ana")),
    picture("the first key of an operator does not", who("sales", "audit", "Mary"), "aws:PrincipalTag/department"),
    picture("the second key of an operator does not", who("hr", "writer", "Mary"), "aws:PrincipalTag/role"),
    picture("the other operator does not", who("hr", "audit", "Eve"), "aws:PrincipalArn"),
    picture("a value of one key is not one of another", who("audit", "audit", "Mary"), "aws:PrincipalTag/department"),
    {
      ...picture("one key is not there", {
        "aws:PrincipalTag/department": "hr",
        "aws:PrincipalArn": "arn:aws:iam::222222222222:user/Ana",
      }),
      expect: lacking("identity", "aws:PrincipalTag/role"),
    },
    holds("negated: none of the values of any key", NEITHER, {
      "aws:PrincipalTag/job": "admin",
      "aws:PrincipalTag/site": "office",
    }),
    fails("negated: one of the values of the first key", NEITHER, {
      "aws:PrincipalTag/job": "guest",
      "aws:PrincipalTag/site": "office",
    }),
    {
      ...fails("negated: one of the values of the second key", NEITHER, {
        "aws:PrincipalTag/job": "admin",
        "aws:PrincipalTag/site": "lab",
      }),
      expect: lacking("identity", "aws:PrincipalTag/site"),
    },
    holds("negated: neither key is there", NEITHER),
    holds(
      "the same key by two operators",
      { StringLike: { "s3:prefix": "home/*" }, StringNotLike: { "s3:prefix": "home/secret*" } },
      { "s3:prefix": "home/a" },
    ),
    fails(
      "the same key by two operators, of which one fails",
      { StringNotLike: { "s3:prefix": "home/secret*" }, StringLike: { "s3:prefix": "home/*" } },
      { "s3:prefix": "home/secret/a" },
    ),
    holds(
      "a number between two",
      { NumericGreaterThanEquals: { "s3:max-keys": "1" }, NumericLessThanEquals: { "s3:max-keys": "100" } },
      { "s3:max-keys": "50" },
    ),
    fails(
      "a number beyond two",
      { NumericLessThanEquals: { "s3:max-keys": "100" }, NumericGreaterThanEquals: { "s3:max-keys": "1" } },
      { "s3:max-keys": "500" },
    ),
    {
      name: "either of two statements with a condition",
      ...GET,
      identity: policy(
        allow({ Sid: "ByTag", Action: "s3:*", Resource: OBJECTS, Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } }),
        allow({
          Sid: "ByNetwork",
          Action: "s3:*",
          Resource: OBJECTS,
          Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
        }),
      ),
      keys: { "aws:SourceIp": "192.0.2.1" },
      expect: allowed("identity", "ByNetwork"),
    },
    {
      name: "neither of two statements with a condition",
      ...GET,
      identity: policy(
        allow({ Sid: "ByTag", Action: "s3:*", Resource: OBJECTS, Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } }),
        allow({
          Sid: "ByNetwork",
          Action: "s3:*",
          Resource: OBJECTS,
          Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
        }),
      ),
      keys: { "aws:SourceIp": "198.51.100.1" },
      expect: lacking("identity", "ByTag", "ByNetwork", "aws:SourceIp"),
    },
  ],
};
