import type { Principal } from "../../../../src/access/policies/PolicyRequest.ts";
import type { Document, Keys, PolicyCase, Theme } from "./PolicyCase.ts";
import { ALICE, ANALYST, ANONYMOUS, BOB, OURS, ROOT, THEIRS } from "./PolicyCase.ts";
import { allow, allowed, denied, deny, lacking, policy, root, user } from "./PolicyCase.ts";

const ROLE = `arn:aws:iam::${OURS}:role/deploy`;
const ASSUME = { action: "sts:AssumeRole", resource: ROLE };
const trusts = (
  Principal: "*" | Record<string, string>,
  Condition?: Record<string, Record<string, string>>,
  Action = "sts:AssumeRole",
): Document => policy(allow({ Sid: "Trust", Principal, Action, ...(Condition === undefined ? {} : { Condition }) }));
const MAY_ASSUME = policy(allow({ Sid: "MayAssume", Action: "sts:AssumeRole", Resource: ROLE }));
const EXTERNAL = { StringEquals: { "sts:ExternalId": "12345" } };

const PROVIDER = `arn:aws:iam::${OURS}:oidc-provider/login.example.com`;
/** Who shows a web identity has no account yet. */
const VISITOR: Principal = { ...ANONYMOUS, federatedProvider: PROVIDER };
const web = (name: string, keys: Keys, expect: PolicyCase["expect"], asks = VISITOR): PolicyCase => ({
  name,
  action: "sts:AssumeRoleWithWebIdentity",
  resource: ROLE,
  asks,
  keys,
  trust: policy(
    allow({
      Sid: "Web",
      Principal: { Federated: PROVIDER },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { "login.example.com:aud": "photos-app" },
        StringLike: { "login.example.com:sub": "repo:acme/*" },
      },
    }),
  ),
  expect,
});

/** Who may assume a role: its trust policy is a resource's. */
export const TRUST: Theme = {
  title: "trust policies",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html",
  cases: [
    {
      name: "a user whom the role trusts by name",
      ...ASSUME,
      trust: trusts({ AWS: ALICE.arn! }),
      expect: allowed("resource", "Trust"),
    },
    {
      name: "a user whom the role does not name",
      ...ASSUME,
      asks: user("Carol"),
      trust: trusts({ AWS: ALICE.arn! }),
      expect: lacking(undefined, "Trust"),
    },
    {
      name: "a user of the account that the role trusts, with a policy",
      ...ASSUME,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: OURS }),
      expect: allowed(undefined, "MayAssume"),
    },
    {
      name: "a user of the account that the role trusts, without one",
      ...ASSUME,
      trust: trusts({ AWS: OURS }),
      expect: lacking("identity"),
    },
    {
      name: "a user of another account, with a policy, whom the role trusts",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: BOB.arn! }),
      expect: allowed(undefined, "Trust"),
    },
    {
      name: "a user of another account, without one, whom the role trusts",
      ...ASSUME,
      asks: BOB,
      trust: trusts({ AWS: BOB.arn! }),
      expect: lacking("identity"),
    },
    {
      name: "a user of another account that the role trusts",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: THEIRS }),
      expect: allowed(undefined, "Trust"),
    },
    {
      name: "a user of another account that the role does not trust",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: OURS }),
      expect: lacking("resource", "Trust"),
    },
    {
      name: "another account's root that the role trusts",
      ...ASSUME,
      asks: root(THEIRS),
      trust: trusts({ AWS: THEIRS }),
      expect: allowed(undefined, "Trust"),
    },
    {
      name: "a user's policy denies it",
      ...ASSUME,
      identity: policy(deny({ Sid: "Never", Action: "sts:*", Resource: "*" })),
      trust: trusts({ AWS: ALICE.arn! }),
      expect: denied("identity", "Never"),
    },
    {
      name: "the role denies it",
      ...ASSUME,
      identity: MAY_ASSUME,
      trust: policy(
        allow({ Sid: "Trust", Principal: { AWS: OURS }, Action: "sts:AssumeRole" }),
        deny({ Sid: "NotAlice", Principal: { AWS: ALICE.arn! }, Action: "sts:AssumeRole" }),
      ),
      expect: denied("resource", "NotAlice"),
    },
    {
      name: "a session of a role that the role trusts",
      ...ASSUME,
      asks: ANALYST,
      trust: trusts({ AWS: ANALYST.principalArn! }),
      expect: allowed("resource", "Trust"),
    },
    {
      name: "trust to assume is none to tag",
      action: "sts:TagSession",
      resource: ROLE,
      trust: trusts({ AWS: ALICE.arn! }),
      expect: lacking(undefined),
    },
    {
      name: "trust to assume and to tag",
      action: "sts:TagSession",
      resource: ROLE,
      trust: policy(allow({ Sid: "Trust", Principal: { AWS: ALICE.arn! }, Action: ["sts:AssumeRole", "sts:TagSession"] })),
      expect: allowed("resource", "Trust"),
    },
    {
      name: "with the external id that was agreed",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: THEIRS }, EXTERNAL),
      keys: { "sts:ExternalId": "12345" },
      expect: allowed(undefined, "Trust"),
    },
    {
      name: "with another external id",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: THEIRS }, EXTERNAL),
      keys: { "sts:ExternalId": "54321" },
      expect: lacking("resource", "sts:ExternalId"),
    },
    {
      name: "without an external id",
      ...ASSUME,
      asks: BOB,
      identity: MAY_ASSUME,
      trust: trusts({ AWS: THEIRS }, EXTERNAL),
      expect: lacking("resource", "sts:ExternalId"),
    },
    {
      name: "with a second factor",
      ...ASSUME,
      trust: trusts({ AWS: ALICE.arn! }, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      keys: { "aws:MultiFactorAuthPresent": "true" },
      expect: allowed("resource", "Trust"),
    },
    {
      name: "without a second factor",
      ...ASSUME,
      trust: trusts({ AWS: ALICE.arn! }, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      expect: lacking(undefined, "aws:MultiFactorAuthPresent"),
    },
    {
      name: "a session's name that is one's own",
      ...ASSUME,
      trust: trusts({ AWS: ALICE.arn! }, { StringEquals: { "sts:RoleSessionName": "${aws:username}" } }),
      keys: { "sts:RoleSessionName": "Alice", "aws:username": "Alice" },
      expect: allowed("resource", "Trust"),
    },
    {
      name: "a session's name that is another's",
      ...ASSUME,
      trust: trusts({ AWS: ALICE.arn! }, { StringEquals: { "sts:RoleSessionName": "${aws:username}" } }),
      keys: { "sts:RoleSessionName": "Carol", "aws:username": "Alice" },
      expect: lacking(undefined, "sts:RoleSessionName"),
    },
    {
      name: "a service is trusted, which no user is",
      ...ASSUME,
      trust: trusts({ Service: "ec2.amazonaws.com" }),
      expect: lacking(undefined, "Trust"),
    },
    web(
      "a web identity for this application",
      { "login.example.com:aud": "photos-app", "login.example.com:sub": "repo:acme/site" },
      allowed("resource", "Web"),
    ),
    web(
      "a web identity for another application",
      { "login.example.com:aud": "other-app", "login.example.com:sub": "repo:acme/site" },
      lacking("resource", "login.example.com:aud"),
    ),
    web(
      "a web identity of another subject",
      { "login.example.com:aud": "photos-app", "login.example.com:sub": "repo:evil/site" },
      lacking("resource", "login.example.com:sub"),
    ),
    web(
      "a web identity of another provider",
      { "login.example.com:aud": "photos-app", "login.example.com:sub": "repo:acme/site" },
      lacking("resource", "Web", "means others"),
      { ...VISITOR, federatedProvider: `arn:aws:iam::${OURS}:oidc-provider/other.example.com` },
    ),
    web(
      "nobody's web identity",
      { "login.example.com:aud": "photos-app", "login.example.com:sub": "repo:acme/site" },
      lacking("resource", "Web", "means others"),
      ANONYMOUS,
    ),
  ],
};

/** The documentation's Carlos, whose buckets are called as he is. */
const CARLOS = user("carlossalazar");
const CARLOS_MAY = policy(
  allow({
    Sid: "AllowS3ListRead",
    Action: ["s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock", "s3:ListAccessPoints", "s3:ListAllMyBuckets"],
    Resource: "arn:aws:s3:::*",
  }),
  allow({ Sid: "AllowS3Self", Action: "s3:*", Resource: ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"] }),
  deny({ Sid: "DenyS3Logs", Action: "s3:*", Resource: "arn:aws:s3:::*log*" }),
);
const CARLOS_BUCKET = policy(
  allow({
    Sid: "CarlosOnly",
    Principal: { AWS: CARLOS.arn! },
    Action: "s3:*",
    Resource: ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"],
  }),
);
const carlos = { asks: CARLOS, identity: CARLOS_MAY };

const SELF = policy(
  allow({ Sid: "ListUsers", Action: "iam:ListUsers", Resource: "*" }),
  allow({ Sid: "OwnKeys", Action: ["iam:*AccessKey*", "iam:GetUser"], Resource: "arn:aws:iam::*:user/${aws:username}" }),
  deny({
    Sid: "DenyWithoutMFA",
    NotAction: ["iam:ListUsers", "iam:GetUser", "sts:GetSessionToken"],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  }),
);
const self = (name: string, action: string, who: string, keys: Keys, expect: PolicyCase["expect"]): PolicyCase => ({
  name,
  action,
  resource: `arn:aws:iam::${OURS}:user/${who}`,
  identity: SELF,
  keys: { "aws:username": "Alice", ...keys },
  expect,
});
const MFA = { "aws:MultiFactorAuthPresent": "true" };
const TAGGED = policy(
  allow({
    Sid: "SameCostCenter",
    Action: "iam:*User*",
    Resource: "*",
    Condition: { StringLike: { "iam:ResourceTag/costCenter": ["12345", "67890"] } },
  }),
  allow({
    Sid: "NewWithTeam",
    Action: "iam:CreateUser",
    Resource: "*",
    Condition: {
      StringEquals: { "aws:RequestTag/team": "red" },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "stage"] },
    },
  }),
);
const tagged = (name: string, action: string, keys: Keys, expect: PolicyCase["expect"]): PolicyCase => ({
  name,
  action,
  resource: `arn:aws:iam::${OURS}:user/x`,
  identity: TAGGED,
  keys,
  expect,
});

export const EXAMPLES: Theme = {
  title: "the documentation's examples",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_examples.html",
  cases: [
    {
      name: "Carlos saves to a bucket of logs",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar-logs/a",
      ...carlos,
      expect: denied("identity", "DenyS3Logs"),
    },
    {
      name: "Carlos saves to his bucket",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/a",
      ...carlos,
      bucket: CARLOS_BUCKET,
      expect: allowed(undefined, "AllowS3Self", "CarlosOnly"),
    },
    {
      name: "Carlos saves to his bucket, which has no policy",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/a",
      ...carlos,
      expect: allowed("identity", "AllowS3Self"),
    },
    {
      name: "Carlos saves to his bucket by its policy alone",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/a",
      asks: CARLOS,
      bucket: CARLOS_BUCKET,
      expect: allowed("resource", "CarlosOnly"),
    },
    {
      name: "Carlos saves a log in his bucket",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/today.log",
      ...carlos,
      bucket: CARLOS_BUCKET,
      expect: denied("identity", "DenyS3Logs"),
    },
    {
      name: "Carlos asks where another's bucket is",
      action: "s3:GetBucketLocation",
      resource: "arn:aws:s3:::photos",
      ...carlos,
      expect: allowed("identity", "AllowS3ListRead"),
    },
    {
      name: "Carlos reads in another's bucket",
      action: "s3:GetObject",
      resource: "arn:aws:s3:::photos/a",
      ...carlos,
      expect: lacking("identity"),
    },
    {
      name: "another user saves to Carlos's bucket",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/a",
      bucket: CARLOS_BUCKET,
      expect: lacking("identity", "CarlosOnly"),
    },
    {
      name: "the root saves to Carlos's bucket",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::carlossalazar/a",
      asks: ROOT,
      bucket: CARLOS_BUCKET,
      expect: allowed(undefined),
    },
    self("lists users without a second factor", "iam:ListUsers", "*", {}, allowed("identity", "ListUsers")),
    self("makes an own key with a second factor", "iam:CreateAccessKey", "Alice", MFA, allowed("identity", "OwnKeys")),
    self(
      "makes an own key without",
      "iam:CreateAccessKey",
      "Alice",
      { "aws:MultiFactorAuthPresent": "false" },
      denied("identity", "DenyWithoutMFA"),
    ),
    self("makes an own key with long-term credentials", "iam:CreateAccessKey", "Alice", {}, denied("identity", "DenyWithoutMFA")),
    self("makes another's key with a second factor", "iam:CreateAccessKey", "Carol", MFA, lacking("identity", "OwnKeys")),
    self("looks at oneself without a second factor", "iam:GetUser", "Alice", {}, allowed("identity", "OwnKeys")),
    self("looks at another", "iam:GetUser", "Carol", MFA, lacking("identity", "OwnKeys")),
    tagged(
      "a user of a cost centre that is listed",
      "iam:UpdateUser",
      { "iam:ResourceTag/costCenter": "67890" },
      allowed("identity", "SameCostCenter"),
    ),
    tagged(
      "a user of another",
      "iam:UpdateUser",
      { "iam:ResourceTag/costCenter": "11111" },
      lacking("identity", "iam:ResourceTag/costCenter"),
    ),
    tagged("a user of none", "iam:UpdateUser", {}, lacking("identity", "iam:ResourceTag/costCenter")),
    tagged(
      "a new user with the team",
      "iam:CreateUser",
      { "aws:RequestTag/team": "red", "aws:TagKeys": ["team"] },
      allowed("identity", "NewWithTeam"),
    ),
    tagged(
      "a new user with the team and a stage",
      "iam:CreateUser",
      { "aws:RequestTag/team": "red", "aws:RequestTag/stage": "x", "aws:TagKeys": ["team", "stage"] },
      allowed("identity", "NewWithTeam"),
    ),
    tagged(
      "a new user with another team",
      "iam:CreateUser",
      { "aws:RequestTag/team": "blue", "aws:TagKeys": ["team"] },
      lacking("identity", "aws:RequestTag/team"),
    ),
    tagged(
      "a new user with another tag",
      "iam:CreateUser",
      { "aws:RequestTag/team": "red", "aws:TagKeys": ["team", "boss"] },
      lacking("identity", "aws:TagKeys"),
    ),
    tagged("a new user without tags", "iam:CreateUser", {}, lacking("identity", "aws:RequestTag/team")),
  ],
};
