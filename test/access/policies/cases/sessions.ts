import type { Principal } from "../../../../src/access/policies/PolicyRequest.ts";
import type { Document, PolicyCase, Theme } from "./PolicyCase.ts";
import { ANALYST, BOB, BUCKET, GET, LIST, OBJECTS, OURS, PUT, THEIRS } from "./PolicyCase.ts";
import { ALICE, allow, allowed, denied, deny, federated, lacking, policy, session } from "./PolicyCase.ts";

const ALL = policy(allow({ Sid: "All", Action: "*", Resource: "*" }));
const S3 = policy(allow({ Sid: "OnlyS3", Action: ["s3:*", "cloudwatch:*", "ec2:*"], Resource: "*" }));
const READ = policy(allow({ Sid: "Read", Action: "s3:GetObject", Resource: "*" }));
const NOT_S3 = policy(allow({ Sid: "NotS3", Action: ["iam:*", "sts:*"], Resource: "*" }));
const NO_READS = policy(
  allow({ Sid: "All", Action: "*", Resource: "*" }),
  deny({ Sid: "NoReads", Action: "s3:GetObject", Resource: "*" }),
);

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

/** A session that Alice asked for. */
const BY_ALICE: Principal = { ...federated("guest"), federatedBy: ALICE.arn };

const PARTS: Document = policy(
  allow({ Sid: "Home", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::photos/2026/*" }),
);
const asAnalyst = (name: string, rest: Omit<PolicyCase, "name" | "asks" | "action" | "resource">): PolicyCase => ({
  name,
  ...GET,
  asks: ANALYST,
  ...rest,
});

/** A session policy limits a session, and allows nothing itself. */
export const SESSIONS: Theme = {
  title: "session policies",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
  cases: [
    asAnalyst("what role and session policy allow is allowed", {
      identity: ALL,
      session: READ,
      expect: allowed("identity", "All"),
    }),
    asAnalyst("what the session policy lacks is not", { identity: ALL, session: NOT_S3, expect: lacking("session") }),
    asAnalyst("what only the session policy allows is not", { identity: NOT_S3, session: ALL, expect: lacking("identity") }),
    asAnalyst("a session policy's deny wins", { identity: ALL, session: NO_READS, expect: denied("session", "NoReads") }),
    asAnalyst("the role's deny wins", { identity: NO_READS, session: ALL, expect: denied("identity", "NoReads") }),
    asAnalyst("any of several session policies may allow", {
      identity: ALL,
      session: [NOT_S3, READ],
      expect: allowed("identity", "All"),
    }),
    asAnalyst("a deny of any session policy wins", {
      identity: ALL,
      session: [READ, NO_READS],
      expect: denied("session", "NoReads"),
    }),
    asAnalyst("a session policy of some resources, inside", {
      identity: ALL,
      session: PARTS,
      expect: allowed("identity", "All"),
    }),
    {
      name: "a session policy of some resources, outside",
      action: "s3:GetObject",
      resource: "arn:aws:s3:::photos/2025/dog.jpg",
      asks: ANALYST,
      identity: ALL,
      session: PARTS,
      expect: lacking("session", "Home"),
    },
    {
      name: "a session policy whose condition holds",
      ...LIST,
      asks: ANALYST,
      identity: ALL,
      session: policy(
        allow({ Sid: "Prefix", Action: "s3:ListBucket", Resource: BUCKET, Condition: { StringLike: { "s3:prefix": "2026/*" } } }),
      ),
      keys: { "s3:prefix": "2026/05" },
      expect: allowed("identity", "All"),
    },
    {
      name: "a session policy whose condition fails",
      ...LIST,
      asks: ANALYST,
      identity: ALL,
      session: policy(
        allow({ Sid: "Prefix", Action: "s3:ListBucket", Resource: BUCKET, Condition: { StringLike: { "s3:prefix": "2026/*" } } }),
      ),
      keys: { "s3:prefix": "2025/" },
      expect: lacking("session", "s3:prefix"),
    },
    asAnalyst("role, boundary and session policy allow", {
      identity: ALL,
      boundary: S3,
      session: READ,
      expect: allowed("identity", "All"),
    }),
    asAnalyst("the boundary lacks what the others allow", {
      identity: ALL,
      boundary: NOT_S3,
      session: READ,
      expect: lacking("boundary"),
    }),
    asAnalyst("the session policy lacks what the others allow", {
      identity: ALL,
      boundary: S3,
      session: NOT_S3,
      expect: lacking("session"),
    }),
    asAnalyst("the role lacks what the others allow", {
      identity: NOT_S3,
      boundary: ALL,
      session: ALL,
      expect: lacking("identity"),
    }),
    asAnalyst("boundary and session policy both lack it", {
      identity: ALL,
      boundary: NOT_S3,
      session: NOT_S3,
      expect: lacking(undefined),
    }),
    asAnalyst("a bucket policy for the role is limited by the session policy", {
      session: NOT_S3,
      bucket: THE_ROLE,
      expect: lacking("session"),
    }),
    asAnalyst("a bucket policy for the role needs no policy of the role's within the session policy", {
      session: READ,
      bucket: THE_ROLE,
      expect: allowed("resource", "LetIn"),
    }),
    asAnalyst("a bucket policy for the role is limited by boundary and session policy at once", {
      boundary: READ,
      session: NOT_S3,
      bucket: THE_ROLE,
      expect: lacking("session"),
    }),
    asAnalyst("a bucket policy for the session is not limited by its session policy", {
      session: NOT_S3,
      bucket: THE_SESSION,
      expect: allowed("resource", "LetIn"),
    }),
    asAnalyst("nor by boundary and session policy at once", {
      boundary: NOT_S3,
      session: NOT_S3,
      bucket: THE_SESSION,
      expect: allowed("resource", "LetIn"),
    }),
    asAnalyst("a session policy's deny holds against a bucket policy for the session", {
      session: NO_READS,
      bucket: THE_SESSION,
      expect: denied("session", "NoReads"),
    }),
    asAnalyst("the role by aws:PrincipalArn is not limited by the session policy", {
      session: NOT_S3,
      bucket: BY_CONDITION,
      keys: PRINCIPAL_ARN,
      expect: allowed("resource", "ByCondition"),
    }),
    asAnalyst("everybody is not limited by the session policy", {
      session: NOT_S3,
      bucket: EVERYBODY,
      expect: allowed("resource", "LetIn"),
    }),
    asAnalyst("a bucket policy for another session says nothing of this one", {
      identity: ALL,
      session: NOT_S3,
      bucket: lets(session("analyst", "carol").arn!),
      expect: lacking("session"),
    }),
    {
      name: "a bucket policy for a federated user is not limited by the session policy",
      ...GET,
      asks: federated("guest"),
      session: NOT_S3,
      bucket: lets(federated("guest").arn!),
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a session policy's deny holds against a bucket policy for the federated user",
      ...GET,
      asks: federated("guest"),
      session: NO_READS,
      bucket: lets(federated("guest").arn!),
      expect: denied("session", "NoReads"),
    },
    {
      name: "a bucket policy for who federated is limited by the session policy",
      ...GET,
      asks: BY_ALICE,
      session: NOT_S3,
      bucket: lets(ALICE.arn!),
      expect: lacking("session", "LetIn"),
    },
    {
      name: "a bucket policy for who federated needs no policy of theirs within the session policy",
      ...GET,
      asks: BY_ALICE,
      session: READ,
      bucket: lets(ALICE.arn!),
      expect: allowed("resource", "LetIn"),
    },
    {
      name: "a bucket policy for who federated is limited by their boundary",
      ...GET,
      asks: BY_ALICE,
      boundary: NOT_S3,
      session: READ,
      bucket: lets(ALICE.arn!),
      expect: lacking("boundary"),
    },
    {
      name: "a bucket policy for who federated gives nothing without a session policy",
      ...GET,
      asks: BY_ALICE,
      bucket: lets(ALICE.arn!),
      expect: lacking("session"),
    },
    {
      name: "a bucket policy for another user is none for who federated",
      ...GET,
      asks: BY_ALICE,
      session: READ,
      bucket: lets(BOB.arn!),
      expect: lacking("identity", "LetIn"),
    },
    {
      name: "a federated user's session policy allows no more than the user's policies",
      ...PUT,
      asks: federated("guest"),
      identity: READ,
      session: ALL,
      expect: lacking("identity"),
    },
    {
      name: "the user's boundary limits a federated user",
      ...GET,
      asks: federated("guest"),
      identity: ALL,
      boundary: NOT_S3,
      session: ALL,
      expect: lacking("boundary"),
    },
    {
      name: "from another account the session policy holds, though the bucket's policy names the session",
      ...GET,
      asks: session("reader", "bob", THEIRS),
      identity: READ,
      session: NOT_S3,
      bucket: lets(session("reader", "bob", THEIRS).arn!),
      expect: lacking("session"),
    },
    {
      name: "from another account within the session policy",
      ...GET,
      asks: session("reader", "bob", THEIRS),
      identity: READ,
      session: READ,
      bucket: lets(session("reader", "bob", THEIRS).arn!),
      expect: allowed(undefined, "LetIn"),
    },
  ],
};
