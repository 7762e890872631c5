import type { Document, Expectation, Keys, PolicyCase, Theme } from "./PolicyCase.ts";
import { ALICE, ANONYMOUS, BUCKET, OURS, allow, allowed, denied, deny, fails, holds, lacking, policy } from "./PolicyCase.ts";

const ANN: Keys = { "aws:username": "ann", "aws:userid": "AIDAANN" };
const object = (key: string): Pick<PolicyCase, "action" | "resource"> => ({
  action: "s3:GetObject",
  resource: `arn:aws:s3:::photos/${key}`,
});
const folder = (path: string): Document => policy(allow({ Sid: "Own", Action: "s3:*", Resource: `arn:aws:s3:::photos/${path}` }));
const HOME = folder("home/${aws:username}/*");

/** A resource with variables, and an object that is asked for. */
const reaches = (name: string, path: string, key: string, keys: Keys = ANN): PolicyCase => ({
  name,
  ...object(key),
  identity: folder(path),
  keys,
  expect: allowed("identity", "Own"),
});
const misses = (name: string, path: string, key: string, keys: Keys = ANN): PolicyCase => ({
  name,
  ...object(key),
  identity: folder(path),
  keys,
  expect: lacking("identity", "Own", "is about other resources"),
});

const equals = (value: string, key = "s3:prefix"): Record<string, Record<string, string>> => ({ StringEquals: { [key]: value } });
const ONLY_HOME = policy(
  allow({ Sid: "All", Action: "s3:*", Resource: "*" }),
  deny({ Sid: "OnlyHome", Action: "s3:*", NotResource: "arn:aws:s3:::photos/home/${aws:username}/*" }),
);
const SAME_TEAM = { StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } };

/** IAM takes new policies of 2012 alone; buckets may have older ones. */
function old(name: string, key: string, Version: string | undefined, expect: Expectation): PolicyCase {
  const { Statement } = policy(
    allow({
      Sid: "Own",
      Principal: { AWS: ALICE.arn! },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::photos/home/${aws:username}/*",
    }),
  );
  return { name, ...object(key), bucket: Version === undefined ? { Statement } : { Version, Statement }, keys: ANN, expect };
}

export const VARIABLES: Theme = {
  title: "policy variables",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
  cases: [
    { name: "one's own folder", ...object("home/ann/a"), identity: HOME, keys: ANN, expect: allowed("identity", "Own") },
    {
      name: "another's folder",
      ...object("home/bob/a"),
      identity: HOME,
      keys: ANN,
      expect: lacking("identity", "Own", "is about other resources"),
    },
    {
      name: "the same policy for another",
      ...object("home/bob/a"),
      identity: HOME,
      keys: { "aws:username": "bob" },
      expect: allowed("identity", "Own"),
    },
    {
      name: "who has no user name has no folder",
      ...object("home/ann/a"),
      identity: HOME,
      keys: { "aws:userid": "AROAX:ann" },
      expect: lacking("identity", "Own"),
    },
    {
      name: "who has no user name has not the folder of an empty name",
      ...object("home//a"),
      identity: HOME,
      expect: lacking("identity", "Own"),
    },
    {
      name: "nor the folder that is called as the variable",
      ...object("home/${aws:username}/a"),
      identity: HOME,
      expect: lacking("identity", "Own"),
    },
    old("a policy of 2008 has no variables", "home/ann/a", "2008-10-17", lacking("identity", "Own")),
    old("to a policy of 2008 they are text", "home/${aws:username}/a", "2008-10-17", allowed("resource", "Own")),
    old("a policy without a version is one of 2008", "home/ann/a", undefined, lacking("identity", "Own")),
    old("to a policy without a version they are text", "home/${aws:username}/a", undefined, allowed("resource", "Own")),
    old("a policy of 2012 has variables", "home/ann/a", "2012-10-17", allowed("resource", "Own")),
    old("to a policy of 2012 they are no text", "home/${aws:username}/a", "2012-10-17", lacking("identity", "Own")),
    reaches("names of variables have no case", "home/${AWS:UserName}/*", "home/ann/a"),
    reaches("two variables", "${aws:userid}/${aws:username}/*", "AIDAANN/ann/a"),
    misses("two variables, of which one is not there", "${aws:userid}/${aws:username}/*", "AIDAANN/ann/a", {
      "aws:userid": "AIDAANN",
    }),
    reaches("a variable within a name", "user-${aws:username}.txt", "user-ann.txt"),
    reaches("a variable and a star", "${aws:username}*", "ann-2026/a"),
    reaches("a tag of who asks", "${aws:PrincipalTag/team}/*", "red/a", { "aws:PrincipalTag/team": "red" }),
    misses("a tag of who asks, of another value", "${aws:PrincipalTag/team}/*", "red/a", { "aws:PrincipalTag/team": "blue" }),
    misses("a tag that who asks has not", "${aws:PrincipalTag/team}/*", "red/a"),
    misses("a key that does not exist", "${aws:nothing}/*", "/a"),
    misses("a star in a value is a star", "home/${aws:PrincipalTag/team}/*", "home/ann/a", { "aws:PrincipalTag/team": "*" }),
    reaches("a star in a value reaches that star", "home/${aws:PrincipalTag/team}/*", "home/*/a", {
      "aws:PrincipalTag/team": "*",
    }),
    reaches("a default where the key is not there", "${aws:PrincipalTag/team, 'company-wide'}/*", "company-wide/a"),
    misses("a default is not another's", "${aws:PrincipalTag/team, 'company-wide'}/*", "red/a"),
    reaches("no default where the key is there", "${aws:PrincipalTag/team, 'company-wide'}/*", "red/a", {
      "aws:PrincipalTag/team": "red",
    }),
    misses("a default that is not used", "${aws:PrincipalTag/team, 'company-wide'}/*", "company-wide/a", {
      "aws:PrincipalTag/team": "red",
    }),
    misses("a key with several values is no variable", "${aws:TagKeys}/*", "team/a", { "aws:TagKeys": ["team", "stage"] }),
    reaches("${*} is a star", "a${*}b", "a*b"),
    misses("${*} is nothing else", "a${*}b", "axb"),
    reaches("${?} is a question mark", "a${?}b", "a?b"),
    misses("${?} is nothing else", "a${?}b", "axb"),
    reaches("${$} is a dollar", "a${$}{aws:username}", "a${aws:username}"),
    reaches("a dollar without a brace is a dollar", "a$b", "a$b"),

    {
      name: "a bucket's policy for users and for those who do not sign: a user",
      ...object("AIDAANN/a"),
      bucket: policy(
        allow({
          Sid: "Own",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::photos/${aws:userid, 'anonymous'}/*",
        }),
      ),
      keys: ANN,
      expect: allowed("resource", "Own"),
    },
    {
      name: "a bucket's policy for users and for those who do not sign: nobody",
      ...object("anonymous/a"),
      asks: ANONYMOUS,
      bucket: policy(
        allow({
          Sid: "Own",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::photos/${aws:userid, 'anonymous'}/*",
        }),
      ),
      expect: allowed("resource", "Own"),
    },
    {
      name: "a deny of all but one's own folder: own",
      ...object("home/ann/a"),
      identity: ONLY_HOME,
      keys: ANN,
      expect: allowed("identity", "All"),
    },
    {
      name: "a deny of all but one's own folder: another's",
      ...object("home/bob/a"),
      identity: ONLY_HOME,
      keys: ANN,
      expect: denied("identity", "OnlyHome"),
    },
    {
      name: "one's own access keys",
      action: "iam:CreateAccessKey",
      resource: `arn:aws:iam::${OURS}:user/ann`,
      identity: policy(
        allow({ Sid: "Own", Action: "iam:*AccessKey*", Resource: "arn:aws:iam::111122223333:user/${aws:username}" }),
      ),
      keys: ANN,
      expect: allowed("identity", "Own"),
    },
    {
      name: "another's access keys",
      action: "iam:CreateAccessKey",
      resource: `arn:aws:iam::${OURS}:user/bob`,
      identity: policy(
        allow({ Sid: "Own", Action: "iam:*AccessKey*", Resource: "arn:aws:iam::111122223333:user/${aws:username}" }),
      ),
      keys: ANN,
      expect: lacking("identity", "Own"),
    },
    {
      name: "not before the fifth colon",
      action: "sqs:SendMessage",
      resource: `arn:aws:sqs:us-east-1:${OURS}:orders`,
      identity: policy(allow({ Sid: "Own", Action: "sqs:*", Resource: "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders" })),
      keys: { "aws:PrincipalAccount": OURS },
      expect: lacking("identity", "Own", "is about other resources"),
    },
    {
      name: "behind the fifth colon",
      action: "sqs:SendMessage",
      resource: `arn:aws:sqs:us-east-2:${OURS}:ann-queue`,
      identity: policy(allow({ Sid: "Own", Action: "sqs:*", Resource: "arn:aws:sqs:us-east-2:*:${aws:username}-queue" })),
      keys: ANN,
      expect: allowed("identity", "Own"),
    },
    {
      name: "a list of one's own prefix",
      action: "s3:ListBucket",
      resource: BUCKET,
      identity: policy(
        allow({
          Sid: "Own",
          Action: "s3:ListBucket",
          Resource: BUCKET,
          Condition: { StringLike: { "s3:prefix": ["", "home/", "home/${aws:username}/*"] } },
        }),
      ),
      keys: { ...ANN, "s3:prefix": "home/ann/2026" },
      expect: allowed("identity", "Own"),
    },
    {
      name: "a list of another's prefix",
      action: "s3:ListBucket",
      resource: BUCKET,
      identity: policy(
        allow({
          Sid: "Own",
          Action: "s3:ListBucket",
          Resource: BUCKET,
          Condition: { StringLike: { "s3:prefix": ["", "home/", "home/${aws:username}/*"] } },
        }),
      ),
      keys: { ...ANN, "s3:prefix": "home/bob/2026" },
      expect: lacking("identity", "s3:prefix"),
    },

    holds("in StringEquals", equals("home/${aws:username}"), { ...ANN, "s3:prefix": "home/ann" }),
    fails("in StringEquals, of another", equals("home/${aws:username}"), { ...ANN, "s3:prefix": "home/bob" }),
    fails("in StringEquals, that is not there", equals("home/${aws:username}"), { "s3:prefix": "home/" }),
    holds("in StringEquals, with a default", equals("home/${aws:username, 'guest'}"), { "s3:prefix": "home/guest" }),
    fails(
      "in StringNotEquals, of oneself",
      { StringNotEquals: { "s3:prefix": "home/${aws:username}" } },
      { ...ANN, "s3:prefix": "home/ann" },
    ),
    holds(
      "in StringNotEquals, of another",
      { StringNotEquals: { "s3:prefix": "home/${aws:username}" } },
      { ...ANN, "s3:prefix": "home/bob" },
    ),
    holds(
      "in StringEqualsIgnoreCase",
      { StringEqualsIgnoreCase: { "s3:prefix": "${aws:username}" } },
      { ...ANN, "s3:prefix": "ANN" },
    ),
    fails(
      "in StringLike, a star of the value is a star",
      { StringLike: { "s3:prefix": "${aws:PrincipalTag/team}" } },
      { "aws:PrincipalTag/team": "*", "s3:prefix": "red" },
    ),
    holds("in StringLike, ${*} is a star", { StringLike: { "s3:prefix": "a${*}*" } }, { "s3:prefix": "a*b" }),
    fails("in StringLike, ${*} is nothing else", { StringLike: { "s3:prefix": "a${*}*" } }, { "s3:prefix": "abb" }),
    holds(
      "in ArnLike",
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:${aws:PrincipalAccount}:*" } },
      { "aws:PrincipalAccount": OURS, "aws:SourceArn": `arn:aws:sns:us-east-1:${OURS}:alerts` },
    ),
    fails(
      "in ArnLike, of another account",
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:${aws:PrincipalAccount}:*" } },
      { "aws:PrincipalAccount": "444455556666", "aws:SourceArn": `arn:aws:sns:us-east-1:${OURS}:alerts` },
    ),
    holds("one key against another: the same team", SAME_TEAM, { "aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "red" }),
    fails("one key against another: another team", SAME_TEAM, { "aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "blue" }),
    fails("one key against another: a resource without a team", SAME_TEAM, { "aws:PrincipalTag/team": "red" }),
    fails("one key against another: a caller without a team", SAME_TEAM, { "aws:ResourceTag/team": "red" }),
    {
      name: "not in the names of principals",
      ...object("a"),
      asks: ALICE,
      bucket: policy(
        allow({
          Sid: "Own",
          Principal: { AWS: `arn:aws:iam::${OURS}:user/Alice` },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::photos/${aws:username}",
        }),
      ),
      keys: ANN,
      expect: lacking("identity", "Own", "is about other resources"),
    },
  ],
};
