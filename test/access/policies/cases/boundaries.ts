import type { Document, Theme } from "./PolicyCase.ts";
import { ANALYST, BOB, GET, OBJECTS, OURS, PUT, WHOLE_BUCKET } from "./PolicyCase.ts";
import { ALICE, allow, allowed, denied, deny, lacking, policy, user } from "./PolicyCase.ts";

const ALL = policy(allow({ Sid: "All", Action: "*", Resource: "*" }));
const S3 = policy(allow({ Sid: "OnlyS3", Action: ["s3:*", "cloudwatch:*", "ec2:*"], Resource: "*" }));
const READ = policy(allow({ Sid: "Read", Action: "s3:GetObject", Resource: "*" }));
const NOT_S3 = policy(allow({ Sid: "NotS3", Action: ["iam:*", "sts:*"], Resource: "*" }));
const NO_READS = policy(
  allow({ Sid: "All", Action: "*", Resource: "*" }),
  deny({ Sid: "NoReads", Action: "s3:GetObject", Resource: "*" }),
);
const CREATE_USER = { action: "iam:CreateUser", resource: `arn:aws:iam::${OURS}:user/New` };

const lets = (AWS: string): Document =>
  policy(allow({ Sid: "LetIn", Principal: { AWS }, Action: "s3:GetObject", Resource: OBJECTS }));
const EVERYBODY = lets("*");
const THE_ROLE = lets(`arn:aws:iam::${OURS}:role/analyst`);
const THE_SESSION = lets(ANALYST.arn!);
const BY_CONDITION = policy(
  allow({
    Sid: "ByCondition",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: OBJECTS,
    Condition: { ArnEquals: { "aws:PrincipalArn": ANALYST.principalArn! } },
  }),
);
const PRINCIPAL_ARN = { "aws:PrincipalArn": ANALYST.principalArn! };

/** A boundary limits what identity policies allow, and allows nothing itself. */
export const BOUNDARIES: Theme = {
  title: "permissions boundaries",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  cases: [
    {
      name: "what identity policy and boundary allow is allowed",
      ...GET,
      identity: READ,
      boundary: S3,
      expect: allowed("identity", "Read"),
    },
    {
      name: "what the boundary lacks is not, though an identity policy allows it",
      ...CREATE_USER,
      identity: ALL,
      boundary: S3,
      expect: lacking("boundary"),
    },
    { name: "what only the boundary allows is not", ...GET, boundary: ALL, expect: lacking("identity") },
    { name: "what neither allows is not", ...PUT, identity: READ, boundary: READ, expect: lacking(undefined) },
    { name: "a boundary's deny wins", ...GET, identity: ALL, boundary: NO_READS, expect: denied("boundary", "NoReads") },
    {
      name: "an identity policy's deny wins within the boundary",
      ...GET,
      identity: NO_READS,
      boundary: ALL,
      expect: denied("identity", "NoReads"),
    },
    { name: "a boundary of some actions", ...PUT, identity: S3, boundary: READ, expect: lacking("boundary") },
    {
      name: "a boundary of some resources, inside",
      ...GET,
      identity: ALL,
      boundary: policy(allow({ Sid: "Photos", Action: "s3:*", Resource: OBJECTS })),
      expect: allowed("identity", "All"),
    },
    {
      name: "a boundary of some resources, outside",
      action: "s3:GetObject",
      resource: "arn:aws:s3:::films/a",
      identity: ALL,
      boundary: policy(allow({ Sid: "Photos", Action: "s3:*", Resource: OBJECTS })),
      expect: lacking("boundary", "Photos"),
    },
    {
      name: "a boundary of everything but some actions",
      ...CREATE_USER,
      identity: ALL,
      boundary: policy(allow({ Sid: "NotIam", NotAction: "iam:*", Resource: "*" })),
      expect: lacking("boundary", "no permissions boundary allows iam:CreateUser"),
    },
    {
      name: "a boundary whose condition holds",
      ...GET,
      identity: ALL,
      boundary: policy(
        allow({ Sid: "Office", Action: "*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
      ),
      keys: { "aws:SourceIp": "192.0.2.9" },
      expect: allowed("identity", "All"),
    },
    {
      name: "a boundary whose condition fails",
      ...GET,
      identity: ALL,
      boundary: policy(
        allow({ Sid: "Office", Action: "*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
      ),
      keys: { "aws:SourceIp": "198.51.100.9" },
      expect: lacking("boundary", "aws:SourceIp"),
    },
    {
      name: "a bucket policy for the user is not limited by the boundary",
      ...GET,
      boundary: NOT_S3,
      bucket: lets(ALICE.arn!),
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "nor where identity policies allow something else",
      ...GET,
      identity: NOT_S3,
      boundary: NOT_S3,
      bucket: lets(ALICE.arn!),
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a boundary's deny holds against a bucket policy for the user",
      ...GET,
      boundary: NO_READS,
      bucket: lets(ALICE.arn!),
      expect: denied("boundary", "NoReads"),
    },
    {
      name: "a bucket policy for everybody is not limited by the boundary",
      ...GET,
      boundary: NOT_S3,
      bucket: EVERYBODY,
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a bucket policy for the account is not for the user, who stays limited",
      ...GET,
      identity: READ,
      boundary: NOT_S3,
      bucket: lets(OURS),
      expect: lacking("boundary"),
    },
    {
      name: "a bucket policy for the role is limited by its boundary",
      ...GET,
      asks: ANALYST,
      boundary: NOT_S3,
      bucket: THE_ROLE,
      expect: lacking("boundary"),
    },
    {
      name: "a bucket policy for the role needs no identity policy within the boundary",
      ...GET,
      asks: ANALYST,
      boundary: READ,
      bucket: THE_ROLE,
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a bucket policy for the session is not limited by the role's boundary",
      ...GET,
      asks: ANALYST,
      boundary: NOT_S3,
      bucket: THE_SESSION,
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a boundary's deny holds against a bucket policy for the session",
      ...GET,
      asks: ANALYST,
      boundary: NO_READS,
      bucket: THE_SESSION,
      expect: denied("boundary", "NoReads"),
    },
    {
      name: "the role by aws:PrincipalArn is not limited by its boundary",
      ...GET,
      asks: ANALYST,
      boundary: NOT_S3,
      bucket: BY_CONDITION,
      keys: PRINCIPAL_ARN,
      expect: allowed("resource", "ByCondition"),
    },
    {
      name: "a boundary's deny holds against aws:PrincipalArn",
      ...GET,
      asks: ANALYST,
      boundary: NO_READS,
      bucket: BY_CONDITION,
      keys: PRINCIPAL_ARN,
      expect: denied("boundary", "NoReads"),
    },
    {
      name: "a role's session may what role and boundary allow",
      ...GET,
      asks: ANALYST,
      identity: S3,
      boundary: READ,
      expect: allowed("identity", "OnlyS3"),
    },
    {
      name: "from another account the boundary holds, whatever the bucket's policy says",
      ...GET,
      asks: BOB,
      identity: READ,
      boundary: NOT_S3,
      bucket: lets(BOB.arn!),
      expect: lacking("boundary"),
    },
    {
      name: "from another account within the boundary",
      ...GET,
      asks: BOB,
      identity: READ,
      boundary: S3,
      bucket: lets(BOB.arn!),
      expect: allowed(undefined, "LetIn"),
    },
    {
      name: "a deny of all but some principals is one of whoever has a boundary",
      ...GET,
      identity: ALL,
      boundary: ALL,
      bucket: policy(
        deny({
          Sid: "AllBut",
          NotPrincipal: { AWS: [ALICE.arn!, `arn:aws:iam::${OURS}:root`] },
          Action: "s3:*",
          Resource: WHOLE_BUCKET,
        }),
      ),
      expect: denied("resource", "AllBut"),
    },
    {
      name: "a deny of all but some principals spares them without a boundary",
      ...GET,
      identity: ALL,
      bucket: policy(
        deny({
          Sid: "AllBut",
          NotPrincipal: { AWS: [ALICE.arn!, `arn:aws:iam::${OURS}:root`] },
          Action: "s3:*",
          Resource: WHOLE_BUCKET,
        }),
      ),
      expect: allowed("identity", "All"),
    },
  ],
};

/** The boundaries of the documentation's example: María delegates to Zhang. */
const COMPANY = policy(
  allow({ Sid: "ServiceBoundaries", Action: ["s3:*", "cloudwatch:*", "ec2:*", "dynamodb:*"], Resource: "*" }),
  allow({ Sid: "ConsoleForCredentials", Action: ["iam:ListUsers", "iam:GetAccountPasswordPolicy"], Resource: "*" }),
  allow({
    Sid: "OwnAccessKeys",
    Action: ["iam:*AccessKey*", "iam:ChangePassword", "iam:GetUser", "iam:*SigningCertificate*"],
    Resource: ["arn:aws:iam::*:user/${aws:username}"],
  }),
  deny({ Sid: "DenyS3Logs", Action: "s3:*", Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"] }),
  deny({ Sid: "DenyEC2Production", Action: "ec2:*", Resource: "arn:aws:ec2:*:*:instance/i-1234567890abcdef0" }),
);
const ZHANG_LIMIT = policy(
  allow({
    Sid: "CreateOrChangeOnlyWithBoundary",
    Action: ["iam:CreateUser", "iam:AttachUserPolicy", "iam:PutUserPermissionsBoundary"],
    Resource: "*",
    Condition: { StringEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${OURS}:policy/XCompanyBoundaries` } },
  }),
  allow({
    Sid: "OtherTasks",
    Action: ["cloudwatch:*", "iam:GetUser", "iam:*Group*", "iam:CreatePolicy", "iam:DeletePolicy"],
    Resource: "*",
  }),
  deny({
    Sid: "NoBoundaryPolicyEdit",
    Action: ["iam:CreatePolicyVersion", "iam:DeletePolicy"],
    Resource: `arn:aws:iam::${OURS}:policy/XCompanyBoundaries`,
  }),
  deny({ Sid: "NoBoundaryUserDelete", Action: "iam:DeleteUserPermissionsBoundary", Resource: "*" }),
);
const ZHANG_MAY = policy(
  allow({ Sid: "IAM", Action: "iam:*", Resource: "*" }),
  allow({ Sid: "CloudWatchLimited", Action: ["cloudwatch:GetDashboard", "cloudwatch:ListMetrics"], Resource: "*" }),
  allow({ Sid: "S3BucketContents", Action: "s3:ListBucket", Resource: "arn:aws:s3:::ZhangBucket" }),
);
const NIKHIL = { identity: ALL, boundary: COMPANY, asks: user("Nikhil"), keys: { "aws:username": "Nikhil" } };
const ZHANG = { identity: ZHANG_MAY, boundary: ZHANG_LIMIT, asks: user("Zhang") };
const WITH_BOUNDARY = { "iam:PermissionsBoundary": `arn:aws:iam::${OURS}:policy/XCompanyBoundaries` };
const OTHER_BOUNDARY = { "iam:PermissionsBoundary": `arn:aws:iam::${OURS}:policy/Weak` };
const of = (name: string): string => `arn:aws:iam::${OURS}:user/${name}`;

export const DELEGATION: Theme = {
  title: "delegating with boundaries",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate",
  cases: [
    { name: "S3 is within the company's boundary", ...GET, ...NIKHIL, expect: allowed("identity", "All") },
    {
      name: "the bucket of logs is denied by it",
      action: "s3:ListBucket",
      resource: "arn:aws:s3:::logs",
      ...NIKHIL,
      expect: denied("boundary", "DenyS3Logs"),
    },
    {
      name: "an object of the logs is denied by it",
      action: "s3:GetObject",
      resource: "arn:aws:s3:::logs/1",
      ...NIKHIL,
      expect: denied("boundary", "DenyS3Logs"),
    },
    {
      name: "the machine in production is denied by it",
      action: "ec2:StopInstances",
      resource: "arn:aws:ec2:us-east-1:111122223333:instance/i-1234567890abcdef0",
      ...NIKHIL,
      expect: denied("boundary", "DenyEC2Production"),
    },
    {
      name: "another machine is not",
      action: "ec2:StopInstances",
      resource: "arn:aws:ec2:us-east-1:111122223333:instance/i-0",
      ...NIKHIL,
      expect: allowed("identity", "All"),
    },
    { name: "users may be listed", action: "iam:ListUsers", resource: of("*"), ...NIKHIL, expect: allowed("identity", "All") },
    {
      name: "one's own access keys may be made",
      action: "iam:CreateAccessKey",
      resource: of("Nikhil"),
      ...NIKHIL,
      expect: allowed("identity", "All"),
    },
    {
      name: "another's may not",
      action: "iam:CreateAccessKey",
      resource: of("Zhang"),
      ...NIKHIL,
      expect: lacking("boundary", "OwnAccessKeys"),
    },
    { name: "users may not be made", action: "iam:CreateUser", resource: of("Nikhil"), ...NIKHIL, expect: lacking("boundary") },
    {
      name: "a delegate makes users with the boundary",
      action: "iam:CreateUser",
      resource: of("New"),
      ...ZHANG,
      keys: WITH_BOUNDARY,
      expect: allowed("identity", "IAM"),
    },
    {
      name: "a delegate makes none with a weaker one",
      action: "iam:CreateUser",
      resource: of("New"),
      ...ZHANG,
      keys: OTHER_BOUNDARY,
      expect: lacking("boundary", "iam:PermissionsBoundary"),
    },
    {
      name: "a delegate makes none without",
      action: "iam:CreateUser",
      resource: of("New"),
      ...ZHANG,
      expect: lacking("boundary", "iam:PermissionsBoundary"),
    },
    {
      name: "a delegate cannot take a boundary away",
      action: "iam:DeleteUserPermissionsBoundary",
      resource: of("New"),
      ...ZHANG,
      expect: denied("boundary", "NoBoundaryUserDelete"),
    },
    {
      name: "a delegate cannot delete the boundary's policy",
      action: "iam:DeletePolicy",
      resource: `arn:aws:iam::${OURS}:policy/XCompanyBoundaries`,
      ...ZHANG,
      expect: denied("boundary", "NoBoundaryPolicyEdit"),
    },
    {
      name: "a delegate deletes another policy",
      action: "iam:DeletePolicy",
      resource: `arn:aws:iam::${OURS}:policy/Old`,
      ...ZHANG,
      expect: allowed("identity", "IAM"),
    },
    {
      name: "a delegate adds to groups",
      action: "iam:AddUserToGroup",
      resource: `arn:aws:iam::${OURS}:group/Dev`,
      ...ZHANG,
      expect: allowed("identity", "IAM"),
    },
    {
      name: "what is in the boundary and not in the policies is not allowed",
      action: "cloudwatch:DeleteAlarms",
      resource: "*",
      ...ZHANG,
      expect: lacking("identity"),
    },
    {
      name: "what is in the policies and not in the boundary is not allowed",
      action: "s3:ListBucket",
      resource: "arn:aws:s3:::ZhangBucket",
      ...ZHANG,
      expect: lacking("boundary"),
    },
  ],
};
