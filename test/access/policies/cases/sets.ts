import type { Theme } from "./PolicyCase.ts";
import { allow, allowed, denied, deny, fails, holds, lacking, policy } from "./PolicyCase.ts";

const TAGS = "aws:TagKeys";
const every = (operator: string, ...values: string[]) => ({ [`ForAllValues:${operator}`]: { [TAGS]: values } });
const any = (operator: string, ...values: string[]) => ({ [`ForAnyValue:${operator}`]: { [TAGS]: values } });
const tags = (...values: string[]) => ({ [TAGS]: values });

const TABLE = { action: "dynamodb:GetItem", resource: "arn:aws:dynamodb:us-east-1:111122223333:table/Thread" };
const ATTRIBUTES = "dynamodb:requestedAttributes";
/** The documentation's table: these attributes and no others may be read. */
const THREAD = policy(
  allow({
    Sid: "Some",
    Action: "dynamodb:GetItem",
    Resource: TABLE.resource,
    Condition: { "ForAllValues:StringLike": { [ATTRIBUTES]: ["PostDateTime", "Message", "Tags"] } },
  }),
);
const NO_ID = policy(
  allow({ Sid: "All", Action: "dynamodb:*", Resource: "*" }),
  deny({
    Sid: "NotThese",
    Action: "dynamodb:GetItem",
    Resource: TABLE.resource,
    Condition: { "ForAnyValue:StringLike": { [ATTRIBUTES]: ["ID", "PostDateTime"] } },
  }),
);
const attributes = (...values: string[]) => ({ keys: { [ATTRIBUTES]: values } });

const TAGGING = { action: "iam:TagUser", resource: "arn:aws:iam::111122223333:user/Ann" };
const RESTRICTED = policy(
  allow({ Sid: "All", Action: "iam:*", Resource: "*" }),
  deny({
    Sid: "DenyRestrictedTags",
    Action: ["iam:Tag*", "iam:UnTag*"],
    Resource: "*",
    Condition: { Null: { [TAGS]: "false" }, "ForAllValues:StringLike": { [TAGS]: ["key1*", "key2*", "key3*"] } },
  }),
);

export const SETS: Theme = {
  title: "ForAllValues and ForAnyValue",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
  cases: [
    holds("ForAllValues: each is one of several", every("StringEquals", "team", "stage", "owner"), tags("stage", "team")),
    holds("ForAllValues: one value", every("StringEquals", "team", "stage"), tags("stage")),
    fails("ForAllValues: one is none of them", every("StringEquals", "team", "stage"), tags("team", "cost")),
    fails("ForAllValues: none is any of them", every("StringEquals", "team", "stage"), tags("a", "b")),
    holds("ForAllValues: no key", every("StringEquals", "team")),
    holds("ForAllValues: a key without values", every("StringEquals", "team"), tags()),
    fails("ForAllValues: another case", every("StringEquals", "team"), tags("Team")),
    holds("ForAllValues: another case where that does not matter", every("StringEqualsIgnoreCase", "team"), tags("Team", "TEAM")),
    holds("ForAllValues: each is like one of several", every("StringLike", "t*", "s*"), tags("team", "stage")),
    fails("ForAllValues: one is like none of them", every("StringLike", "t*", "s*"), tags("team", "owner")),
    holds("ForAllValues:StringNotEquals: none is any of them", every("StringNotEquals", "team", "stage"), tags("a", "b")),
    fails("ForAllValues:StringNotEquals: one is one of them", every("StringNotEquals", "team", "stage"), tags("a", "team")),
    holds("ForAllValues:StringNotEquals: no key", every("StringNotEquals", "team")),
    fails("ForAllValues:StringNotLike: one is like one of them", every("StringNotLike", "t*"), tags("a", "team")),
    holds(
      "ForAllValues and Null: there, and each is one of several",
      { ...every("StringEquals", "team"), Null: { [TAGS]: "false" } },
      tags("team"),
    ),
    {
      ...fails("ForAllValues and Null: no key", { ...every("StringEquals", "team"), Null: { [TAGS]: "false" } }),
      expect: lacking("identity", TAGS),
    },
    holds("ForAllValues:StringEqualsIfExists: no key", every("StringEqualsIfExists", "team")),
    fails("ForAllValues:StringEqualsIfExists: one is none of them", every("StringEqualsIfExists", "team"), tags("team", "a")),
    holds("ForAnyValue: one is one of several", any("StringEquals", "team", "stage"), tags("a", "stage")),
    fails("ForAnyValue: none is any of them", any("StringEquals", "team", "stage"), tags("a", "b")),
    holds("ForAnyValue: all are", any("StringEquals", "team", "stage"), tags("team", "stage")),
    fails("ForAnyValue: no key", any("StringEquals", "team")),
    fails("ForAnyValue: a key without values", any("StringEquals", "team"), tags()),
    holds("ForAnyValue: one is like one of several", any("StringLike", "env-*"), tags("a", "env-x")),
    fails("ForAnyValue: none is like it", any("StringLike", "env-*"), tags("a", "b")),
    holds("ForAnyValue:StringNotEquals: one is none of them", any("StringNotEquals", "team", "stage"), tags("team", "a")),
    fails("ForAnyValue:StringNotEquals: each is one of them", any("StringNotEquals", "team", "stage"), tags("stage", "team")),
    fails("ForAnyValue:StringNotEquals: no key", any("StringNotEquals", "team")),
    fails("ForAnyValue:StringEqualsIfExists: no key, which is no value all the same", any("StringEqualsIfExists", "team")),
    holds("ForAnyValue:StringNotLike: one is like none of them", any("StringNotLike", "t*"), tags("team", "a")),
    holds("ForAnyValue of numbers", { "ForAnyValue:NumericLessThan": { "aws:Example": "10" } }, { "aws:Example": ["20", "5"] }),
    fails("ForAllValues of numbers", { "ForAllValues:NumericLessThan": { "aws:Example": "10" } }, { "aws:Example": ["20", "5"] }),
    holds(
      "ForAllValues of ARNs",
      { "ForAllValues:ArnLike": { "aws:Example": "arn:aws:iam::*:role/*" } },
      { "aws:Example": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/b"] },
    ),
    fails(
      "ForAnyValue of addresses",
      { "ForAnyValue:IpAddress": { "aws:Example": "10.0.0.0/8" } },
      { "aws:Example": ["192.0.2.1", "11.0.0.1"] },
    ),
    holds(
      "ForAllValues of a key with one value",
      { "ForAllValues:StringEquals": { "aws:PrincipalTag/team": ["a", "b"] } },
      { "aws:PrincipalTag/team": "a" },
    ),

    {
      name: "attributes that are all listed",
      ...TABLE,
      identity: THREAD,
      ...attributes("PostDateTime", "Message"),
      expect: allowed("identity", "Some"),
    },
    {
      name: "an attribute that is not listed",
      ...TABLE,
      identity: THREAD,
      ...attributes("PostDateTime", "UserName"),
      expect: lacking("identity", ATTRIBUTES),
    },
    {
      name: "an attribute that is denied among others",
      ...TABLE,
      identity: NO_ID,
      ...attributes("UserName", "Message", "PostDateTime"),
      expect: denied("identity", "NotThese"),
    },
    {
      name: "no attribute that is denied",
      ...TABLE,
      identity: NO_ID,
      ...attributes("UserName"),
      expect: allowed("identity", "All"),
    },
    {
      name: "tags of which all are restricted",
      ...TAGGING,
      identity: RESTRICTED,
      keys: tags("key1-a", "key3"),
      expect: denied("identity", "DenyRestrictedTags"),
    },
    {
      name: "tags of which one is not restricted",
      ...TAGGING,
      identity: RESTRICTED,
      keys: tags("key1-a", "team"),
      expect: allowed("identity", "All"),
    },
    { name: "no tags at all", ...TAGGING, identity: RESTRICTED, expect: allowed("identity", "All") },
  ],
};
