import type { Theme } from "./PolicyCase.ts";
import { ALICE, ANALYST, ANONYMOUS, BUCKET, GET, LIST, OBJECT, OBJECTS, OURS, PUT, ROOT, WHOLE_BUCKET } from "./PolicyCase.ts";
import { allow, allowed, canonicalIdOf, denied, deny, federated, lacking, policy, session, user } from "./PolicyCase.ts";

const READ = policy(allow({ Sid: "ReadPhotos", Action: "s3:GetObject", Resource: OBJECTS }));
const EVERYTHING = policy(allow({ Sid: "Everything", Action: "*", Resource: "*" }));
const NO_SECRETS = policy(deny({ Sid: "NoSecrets", Action: "s3:*", Resource: "arn:aws:s3:::photos/secret/*" }));
const NOTHING_HERE = policy(deny({ Sid: "NothingHere", Action: "s3:*", Resource: WHOLE_BUCKET }));
const ALICE_READS = policy(
  allow({ Sid: "AliceReads", Principal: { AWS: ALICE.arn! }, Action: "s3:GetObject", Resource: OBJECTS }),
);
const EVERYBODY_READS = policy(allow({ Sid: "Public", Principal: "*", Action: "s3:GetObject", Resource: OBJECTS }));
const NOBODY = policy(deny({ Sid: "Nobody", Principal: "*", Action: "s3:*", Resource: WHOLE_BUCKET }));
const OUR_ACCOUNT = policy(
  allow({ Sid: "Ours", Principal: { AWS: `arn:aws:iam::${OURS}:root` }, Action: "s3:*", Resource: WHOLE_BUCKET }),
);
const OUR_NUMBER = policy(allow({ Sid: "Ours", Principal: { AWS: OURS }, Action: "s3:*", Resource: WHOLE_BUCKET }));
const SECRET = { action: "s3:GetObject", resource: "arn:aws:s3:::photos/secret/plan" };

/** Within one account an allow by either side is enough, and a deny by any wins. */
export const SINGLE_ACCOUNT: Theme = {
  title: "within one account",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
  cases: [
    { name: "a user without any policy may nothing", ...GET, expect: lacking("identity") },
    { name: "an identity policy that allows is enough", ...GET, identity: READ, expect: allowed("identity", "ReadPhotos") },
    { name: "an allow of one action is none of another", ...PUT, identity: READ, expect: lacking("identity", "s3:PutObject") },
    {
      name: "a bucket policy that allows the user is enough",
      ...GET,
      bucket: ALICE_READS,
      expect: allowed("resource", "AliceReads"),
    },
    { name: "both may allow", ...GET, identity: READ, bucket: ALICE_READS, expect: allowed(undefined, "ReadPhotos") },
    {
      name: "a bucket policy for the user covers no more than it says",
      ...PUT,
      bucket: ALICE_READS,
      expect: lacking("identity"),
    },
    {
      name: "another user is not let in",
      ...GET,
      bucket: ALICE_READS,
      asks: user("Carol"),
      expect: lacking("identity", "AliceReads"),
    },
    {
      name: "any of several identity policies may allow",
      ...GET,
      identity: [NO_SECRETS, policy(allow({ Sid: "Lists", Action: "s3:ListBucket", Resource: BUCKET })), READ],
      expect: allowed("identity", "ReadPhotos"),
    },
    {
      name: "any statement of a policy may allow",
      ...LIST,
      identity: policy(
        allow({ Sid: "First", Action: "s3:GetObject", Resource: OBJECTS }),
        allow({ Sid: "Second", Action: "s3:ListBucket", Resource: BUCKET }),
      ),
      expect: allowed("identity", "Second"),
    },
    {
      name: "a deny of the same policy wins",
      ...SECRET,
      identity: policy(
        allow({ Sid: "All", Action: "s3:*", Resource: "*" }),
        deny({ Sid: "NotThis", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/secret/*" }),
      ),
      expect: denied("identity", "NotThis"),
    },
    {
      name: "a deny wins wherever it stands",
      ...SECRET,
      identity: policy(
        deny({ Sid: "NotThis", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/secret/*" }),
        allow({ Sid: "All", Action: "s3:*", Resource: "*" }),
      ),
      expect: denied("identity", "NotThis"),
    },
    {
      name: "a deny of another identity policy wins, as one of a group's",
      ...SECRET,
      identity: [EVERYTHING, NO_SECRETS],
      expect: denied("identity", "NoSecrets"),
    },
    {
      name: "a deny of another resource does nothing",
      ...GET,
      identity: [EVERYTHING, NO_SECRETS],
      expect: allowed("identity", "Everything"),
    },
    {
      name: "a deny of another action does nothing",
      ...GET,
      identity: [EVERYTHING, policy(deny({ Sid: "NoDeletes", Action: "s3:Delete*", Resource: "*" }))],
      expect: allowed("identity", "Everything"),
    },
    {
      name: "a deny alone denies, though nothing would allow",
      ...GET,
      identity: NOTHING_HERE,
      expect: denied("identity", "NothingHere"),
    },
    {
      name: "a bucket policy's deny wins over an identity's allow",
      ...GET,
      identity: EVERYTHING,
      bucket: NOBODY,
      expect: denied("resource", "Nobody"),
    },
    {
      name: "an identity's deny wins over a bucket policy's allow",
      ...GET,
      identity: NOTHING_HERE,
      bucket: ALICE_READS,
      expect: denied("identity", "NothingHere"),
    },
    {
      name: "a bucket policy's deny wins over its own allow",
      ...GET,
      bucket: { ...ALICE_READS, Statement: [...[ALICE_READS.Statement, NOBODY.Statement].flat()] },
      expect: denied("resource", "Nobody"),
    },
    {
      name: "a bucket policy's deny of somebody else does nothing",
      ...GET,
      identity: READ,
      bucket: policy(deny({ Sid: "NotCarol", Principal: { AWS: user("Carol").arn! }, Action: "s3:*", Resource: WHOLE_BUCKET })),
      expect: allowed("identity", "ReadPhotos"),
    },
    {
      name: "a deny whose condition fails does nothing",
      ...GET,
      identity: [
        READ,
        policy(deny({ Sid: "NoHttp", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } })),
      ],
      keys: { "aws:SecureTransport": "true" },
      expect: allowed("identity", "ReadPhotos"),
    },
    {
      name: "a deny whose condition holds denies",
      ...GET,
      identity: [
        READ,
        policy(deny({ Sid: "NoHttp", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } })),
      ],
      keys: { "aws:SecureTransport": "false" },
      expect: denied("identity", "NoHttp"),
    },
    {
      name: "an allow whose condition fails allows nothing",
      ...GET,
      identity: policy(
        allow({ Sid: "OnlyHttps", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ),
      keys: { "aws:SecureTransport": "false" },
      expect: lacking("identity", "OnlyHttps", "aws:SecureTransport"),
    },
    {
      name: "a bucket policy for everybody needs nothing else",
      ...GET,
      bucket: EVERYBODY_READS,
      expect: allowed("resource", "Public"),
    },
    {
      name: "a bucket policy for everybody covers no more than it says",
      ...PUT,
      bucket: EVERYBODY_READS,
      expect: lacking("identity"),
    },
    {
      name: "a statement that is an object, not a list",
      ...GET,
      identity: { Version: "2012-10-17", Statement: allow({ Sid: "Alone", Action: "s3:GetObject", Resource: OBJECTS }) },
      expect: allowed("identity", "Alone"),
    },
    {
      name: "a statement without Sid",
      ...GET,
      identity: policy(allow({ Action: "s3:GetObject", Resource: OBJECTS })),
      expect: allowed("identity"),
    },

    {
      name: "naming the account delegates to it: its users need a policy of their own",
      ...GET,
      bucket: OUR_ACCOUNT,
      expect: lacking("identity", "Ours"),
    },
    { name: "naming the account by number is the same", ...GET, bucket: OUR_NUMBER, expect: lacking("identity", "Ours") },
    {
      name: "naming the account, and a policy of the user's",
      ...GET,
      bucket: OUR_ACCOUNT,
      identity: READ,
      expect: allowed(undefined, "ReadPhotos"),
    },
    { name: "naming the account lets its root in", ...GET, bucket: OUR_ACCOUNT, asks: ROOT, expect: allowed(undefined) },

    { name: "the root may everything in the account", ...GET, asks: ROOT, expect: allowed(undefined) },
    {
      name: "the root needs no mention in the bucket's policy",
      ...PUT,
      asks: ROOT,
      bucket: ALICE_READS,
      expect: allowed(undefined),
    },
    {
      name: "a bucket policy's deny holds for the root",
      ...GET,
      asks: ROOT,
      bucket: NOBODY,
      expect: denied("resource", "Nobody"),
    },
    {
      name: "the root can read the bucket's policy whatever that says",
      action: "s3:GetBucketPolicy",
      resource: BUCKET,
      asks: ROOT,
      bucket: NOBODY,
      expect: allowed(undefined),
    },
    {
      name: "the root can replace the bucket's policy whatever that says",
      action: "s3:PutBucketPolicy",
      resource: BUCKET,
      asks: ROOT,
      bucket: NOBODY,
      expect: allowed(undefined),
    },
    {
      name: "the root can delete the bucket's policy whatever that says",
      action: "s3:DeleteBucketPolicy",
      resource: BUCKET,
      asks: ROOT,
      bucket: NOBODY,
      expect: allowed(undefined),
    },
    {
      name: "a user cannot replace a policy that denies it",
      action: "s3:PutBucketPolicy",
      resource: BUCKET,
      identity: EVERYTHING,
      bucket: NOBODY,
      expect: denied("resource", "Nobody"),
    },
    {
      name: "the root cannot delete a bucket whose policy denies it",
      action: "s3:DeleteBucket",
      resource: BUCKET,
      asks: ROOT,
      bucket: NOBODY,
      expect: denied("resource", "Nobody"),
    },

    { name: "who does not sign may nothing", ...GET, asks: ANONYMOUS, expect: lacking("resource") },
    {
      name: "who does not sign is everybody",
      ...GET,
      asks: ANONYMOUS,
      bucket: EVERYBODY_READS,
      expect: allowed("resource", "Public"),
    },
    {
      name: "who does not sign is everybody in AWS's form",
      ...GET,
      asks: ANONYMOUS,
      bucket: policy(allow({ Sid: "Public", Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: OBJECTS })),
      expect: allowed("resource", "Public"),
    },
    {
      name: "reading for everybody is not listing",
      ...LIST,
      asks: ANONYMOUS,
      bucket: EVERYBODY_READS,
      expect: lacking("resource", "s3:ListBucket"),
    },
    {
      name: "who does not sign is no user",
      ...GET,
      asks: ANONYMOUS,
      bucket: ALICE_READS,
      expect: lacking("resource", "AliceReads"),
    },
    {
      name: "who does not sign is of no account",
      ...GET,
      asks: ANONYMOUS,
      bucket: OUR_ACCOUNT,
      expect: lacking("resource", "Ours"),
    },
    {
      name: "who does not sign has no canonical id",
      ...GET,
      asks: ANONYMOUS,
      bucket: policy(
        allow({ Sid: "Canonical", Principal: { CanonicalUser: canonicalIdOf(OURS) }, Action: "s3:*", Resource: OBJECTS }),
      ),
      expect: lacking("resource", "Canonical"),
    },
    {
      name: "a deny of everybody is one of who does not sign",
      ...GET,
      asks: ANONYMOUS,
      bucket: { ...EVERYBODY_READS, Statement: [...[EVERYBODY_READS.Statement, NOBODY.Statement].flat()] },
      expect: denied("resource", "Nobody"),
    },
    {
      name: "an account's resource, and no policy of the bucket",
      action: "iam:GetUser",
      resource: `arn:aws:iam::${OURS}:user/Alice`,
      identity: policy(allow({ Sid: "Self", Action: "iam:GetUser", Resource: `arn:aws:iam::${OURS}:user/Alice` })),
      expect: allowed("identity", "Self"),
    },

    {
      name: "a role's session has the role's policies",
      ...GET,
      asks: ANALYST,
      identity: READ,
      expect: allowed("identity", "ReadPhotos"),
    },
    { name: "a role without policies gives its sessions nothing", ...GET, asks: ANALYST, expect: lacking("identity") },
    {
      name: "a role's deny holds for its sessions",
      ...SECRET,
      asks: ANALYST,
      identity: [EVERYTHING, NO_SECRETS],
      expect: denied("identity", "NoSecrets"),
    },
    {
      name: "a bucket policy for the role lets its sessions in",
      ...GET,
      asks: ANALYST,
      bucket: policy(
        allow({
          Sid: "Role",
          Principal: { AWS: `arn:aws:iam::${OURS}:role/analyst` },
          Action: "s3:GetObject",
          Resource: OBJECTS,
        }),
      ),
      expect: allowed("resource", "Role"),
    },
    {
      name: "a bucket policy for the session lets it in",
      ...GET,
      asks: ANALYST,
      bucket: policy(allow({ Sid: "Session", Principal: { AWS: ANALYST.arn! }, Action: "s3:GetObject", Resource: OBJECTS })),
      expect: allowed("resource", "Session"),
    },
    {
      name: "a bucket policy for a session is not for others of the role",
      ...GET,
      asks: session("analyst", "carol"),
      bucket: policy(allow({ Sid: "Session", Principal: { AWS: ANALYST.arn! }, Action: "s3:GetObject", Resource: OBJECTS })),
      expect: lacking("identity", "Session"),
    },
    {
      name: "a bucket policy for the role is not for users of its name",
      ...GET,
      asks: user("analyst"),
      bucket: policy(
        allow({
          Sid: "Role",
          Principal: { AWS: `arn:aws:iam::${OURS}:role/analyst` },
          Action: "s3:GetObject",
          Resource: OBJECTS,
        }),
      ),
      expect: lacking("identity", "Role"),
    },
    {
      name: "a federated user may what their session policy and the user's policies allow",
      ...GET,
      asks: federated("guest"),
      identity: READ,
      session: EVERYTHING,
      expect: allowed("identity", "ReadPhotos"),
    },
    {
      name: "a federated user without a session policy may nothing",
      ...GET,
      asks: federated("guest"),
      identity: READ,
      expect: lacking("session"),
    },
    {
      name: "a bucket policy for a federated user lets them in",
      ...GET,
      asks: federated("guest"),
      bucket: policy(
        allow({ Sid: "Guest", Principal: { AWS: federated("guest").arn! }, Action: "s3:GetObject", Resource: OBJECTS }),
      ),
      expect: allowed("resource", "Guest"),
    },
    {
      name: "a federated root may what the session policy allows",
      ...GET,
      asks: federated("boss"),
      identity: "unlimited",
      session: READ,
      expect: allowed(undefined, "ReadPhotos"),
    },
    {
      name: "a federated root may no more than the session policy allows",
      ...PUT,
      asks: federated("boss"),
      identity: "unlimited",
      session: READ,
      expect: lacking("session"),
    },
    {
      name: "what the bucket is in a request for an object does not matter",
      action: "s3:GetObject",
      resource: OBJECT,
      identity: policy(allow({ Sid: "BucketOnly", Action: "s3:*", Resource: BUCKET })),
      expect: lacking("identity", "BucketOnly", "is about other resources"),
    },
  ],
};
