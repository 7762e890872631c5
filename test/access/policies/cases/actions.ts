import type { Elements, PolicyCase, Theme } from "./PolicyCase.ts";
import { BUCKET, OBJECT, OURS, allow, allowed, denied, deny, lacking, policy } from "./PolicyCase.ts";

const resourceOf = (action: string): string => {
  if (/^(?:iam|sts):/i.test(action)) return `arn:aws:iam::${OURS}:user/Alice`;
  return /bucket|list/i.test(action) ? BUCKET : OBJECT;
};

/** An identity's allow of some actions, and one that is asked for. */
function covers(name: string, elements: Elements, action: string, does = true): PolicyCase {
  const identity = policy(allow({ Sid: "Some", Resource: "*", ...elements }));
  return {
    name,
    identity,
    action,
    resource: resourceOf(action),
    expect: does ? allowed("identity", "Some") : lacking("identity", action),
  };
}
const misses = (name: string, elements: Elements, action: string): PolicyCase => covers(name, elements, action, false);

/** The documentation's example of what is allowed, what is not, and what is denied. */
const REPORTS = policy(
  allow({ Sid: "AllowGetList", Action: ["iam:Get*", "iam:List*"], Resource: "*" }),
  deny({ Sid: "DenyReports", Action: "iam:*Report", Resource: "*" }),
);
/** Nothing but IAM without a second factor, and everything with one. */
const MFA = policy(
  allow({ Sid: "All", Action: "*", Resource: "*" }),
  deny({
    Sid: "DenyAllUsersNotUsingMFA",
    NotAction: "iam:*",
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  }),
);
const ask = (action: string): Pick<PolicyCase, "action" | "resource"> => ({ action, resource: resourceOf(action) });

export const ACTIONS: Theme = {
  title: "Action",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
  cases: [
    covers("by name", { Action: "s3:GetObject" }, "s3:GetObject"),
    covers("names have no case", { Action: "s3:getobject" }, "s3:GetObject"),
    covers("services have no case", { Action: "S3:GetObject" }, "s3:GetObject"),
    covers("one of several", { Action: ["s3:PutObject", "s3:GetObject"] }, "s3:GetObject"),
    misses("none of several", { Action: ["s3:PutObject", "s3:DeleteObject"] }, "s3:GetObject"),
    misses("a name that only begins so", { Action: "s3:GetObject" }, "s3:GetObjectVersion"),
    misses("a name that only ends so", { Action: "s3:Object" }, "s3:GetObject"),
    covers("every action", { Action: "*" }, "s3:GetObject"),
    covers("every action of every service", { Action: "*" }, "iam:CreateUser"),
    covers("every action of a service", { Action: "s3:*" }, "s3:PutLifecycleConfiguration"),
    misses("every action of another service", { Action: "sts:*" }, "s3:GetObject"),
    covers("the beginning of a name", { Action: "s3:Get*" }, "s3:GetBucketLocation"),
    misses("another beginning", { Action: "s3:Get*" }, "s3:PutObject"),
    covers("nothing may follow a beginning", { Action: "s3:GetObject*" }, "s3:GetObject"),
    covers("a beginning has no case", { Action: "S3:GET*" }, "s3:GetObjectAcl"),
    covers("the end of a name", { Action: "s3:*Object" }, "s3:DeleteObject"),
    misses("another end", { Action: "s3:*Object" }, "s3:PutObjectAcl"),
    covers("the middle of a name", { Action: "s3:*Object*" }, "s3:PutObjectAcl"),
    misses("another middle", { Action: "s3:*Bucket*" }, "s3:GetObject"),
    covers("beginning and end", { Action: "s3:Get*Acl" }, "s3:GetBucketAcl"),
    misses("beginning without the end", { Action: "s3:Get*Acl" }, "s3:GetObjectTagging"),
    covers("several stars", { Action: "s3:*Multipart*Parts" }, "s3:ListMultipartUploadParts"),
    misses("several stars in another order", { Action: "s3:*Parts*Multipart" }, "s3:ListMultipartUploadParts"),
    covers("a question mark is one character", { Action: "s3:?etObject" }, "s3:GetObject"),
    misses("a question mark is not none", { Action: "s3:GetObject?" }, "s3:GetObject"),
    misses("a question mark is not two", { Action: "s3:?tObject" }, "s3:GetObject"),
    covers("the documentation's keys: made", { Action: "iam:*AccessKey*" }, "iam:CreateAccessKey"),
    covers("the documentation's keys: listed", { Action: "iam:*AccessKey*" }, "iam:ListAccessKeys"),
    misses("the documentation's keys: not users", { Action: "iam:*AccessKey*" }, "iam:ListUsers"),
    { name: "allowed by a beginning", ...ask("iam:GetUser"), identity: REPORTS, expect: allowed("identity", "AllowGetList") },
    { name: "neither allowed nor denied", ...ask("iam:CreatePolicy"), identity: REPORTS, expect: lacking("identity") },
    {
      name: "denied by an end, though allowed by a beginning",
      ...ask("iam:GetOrganizationsAccessReport"),
      identity: REPORTS,
      expect: denied("identity", "DenyReports"),
    },
    {
      name: "denied by an end alone",
      ...ask("iam:GenerateCredentialReport"),
      identity: REPORTS,
      expect: denied("identity", "DenyReports"),
    },
    {
      name: "denied by an end, though another policy allows it",
      ...ask("iam:GenerateCredentialReport"),
      identity: [REPORTS, policy(allow({ Sid: "Reports", Action: "iam:GenerateCredentialReport", Resource: "*" }))],
      expect: denied("identity", "DenyReports"),
    },
  ],
};

export const NOT_ACTIONS: Theme = {
  title: "NotAction",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
  cases: [
    covers("what is not named is allowed", { NotAction: "iam:*" }, "s3:GetObject"),
    misses("what is named is not", { NotAction: "iam:*" }, "iam:CreateUser"),
    misses("what is named has no case", { NotAction: "IAM:createuser" }, "iam:CreateUser"),
    misses("one of several that are named", { NotAction: ["s3:DeleteObject", "s3:GetObject"] }, "s3:GetObject"),
    covers("none of several that are named", { NotAction: ["s3:DeleteObject", "s3:PutObject"] }, "s3:GetObject"),
    covers("all of S3 but deleting a bucket", { NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::*" }, "s3:PutBucketPolicy"),
    misses("deleting a bucket", { NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::*" }, "s3:DeleteBucket"),
    misses(
      "what is not named of a resource that is not either",
      { NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::*" },
      "iam:GetUser",
    ),
    misses("every action is named", { NotAction: "*" }, "s3:GetObject"),
    covers("a question mark names one character", { NotAction: "s3:GetObject?" }, "s3:GetObject"),
    {
      name: "a deny of all but IAM without a second factor: S3",
      ...ask("s3:GetObject"),
      identity: MFA,
      keys: { "aws:MultiFactorAuthPresent": "false" },
      expect: denied("identity", "DenyAllUsersNotUsingMFA"),
    },
    {
      name: "a deny of all but IAM without a second factor: IAM",
      ...ask("iam:CreateUser"),
      identity: MFA,
      keys: { "aws:MultiFactorAuthPresent": "false" },
      expect: allowed("identity", "All"),
    },
    {
      name: "a deny of all but IAM with a second factor",
      ...ask("s3:GetObject"),
      identity: MFA,
      keys: { "aws:MultiFactorAuthPresent": "true" },
      expect: allowed("identity", "All"),
    },
    {
      name: "a deny of all but IAM with long-term keys, which say nothing of it",
      ...ask("s3:GetObject"),
      identity: MFA,
      expect: denied("identity", "DenyAllUsersNotUsingMFA"),
    },
    {
      name: "a deny of all but reading",
      ...ask("s3:PutObject"),
      identity: policy(
        allow({ Action: "s3:*", Resource: "*" }),
        deny({ Sid: "ReadOnly", NotAction: ["s3:Get*", "s3:List*"], Resource: "*" }),
      ),
      expect: denied("identity", "ReadOnly"),
    },
    {
      name: "reading under a deny of all but reading",
      ...ask("s3:GetObject"),
      identity: policy(
        allow({ Sid: "All", Action: "s3:*", Resource: "*" }),
        deny({ Sid: "ReadOnly", NotAction: ["s3:Get*", "s3:List*"], Resource: "*" }),
      ),
      expect: allowed("identity", "All"),
    },
  ],
};
