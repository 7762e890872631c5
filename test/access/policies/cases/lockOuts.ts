import type { Principal } from "../../../../src/access/policies/PolicyRequest.ts";
import type { Document, Elements, Keys } from "./PolicyCase.ts";
import {
  ALICE,
  ANALYST,
  BUCKET,
  OBJECTS,
  OURS,
  ROOT,
  THEIRS,
  WHOLE_BUCKET,
  allow,
  deny,
  policy,
  session,
  user,
} from "./PolicyCase.ts";

/** A bucket's policy, who puts it there, and whether they could do so again. */
export interface LockOutCase {
  readonly name: string;
  readonly bucket: Document;
  readonly asks: Principal;
  readonly keys: Keys;
  readonly locksOut: boolean;
}

const forbids = (elements: Elements): Document =>
  policy(deny({ Principal: "*", Action: "s3:PutBucketPolicy", Resource: BUCKET, ...elements }));
const locked = (name: string, bucket: Document, asks: Principal = ALICE, keys: Keys = {}): LockOutCase => ({
  name,
  bucket,
  asks,
  keys,
  locksOut: true,
});
const free = (name: string, bucket: Document, asks: Principal = ALICE, keys: Keys = {}): LockOutCase => ({
  name,
  bucket,
  asks,
  keys,
  locksOut: false,
});
const OFFICE: Elements = { Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } };
const BUT_ROLE: Elements = { Condition: { ArnNotEquals: { "aws:PrincipalArn": ANALYST.principalArn! } } };

export const LOCK_OUT_PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html";

export const LOCK_OUT_CASES: readonly LockOutCase[] = [
  locked("everybody is denied it", forbids({})),
  locked("everybody is denied everything", forbids({ Action: "s3:*", Resource: WHOLE_BUCKET })),
  locked("everybody is denied all that puts", forbids({ Action: "s3:Put*" })),
  locked("everybody is denied all but reading", policy(deny({ Principal: "*", NotAction: "s3:Get*", Resource: WHOLE_BUCKET }))),
  locked("the author is denied it", forbids({ Principal: { AWS: ALICE.arn! } })),
  locked("the author's account is denied it", forbids({ Principal: { AWS: OURS } })),
  locked(
    "an allow does not help",
    policy(
      allow({ Principal: { AWS: ALICE.arn! }, Action: "s3:*", Resource: WHOLE_BUCKET }),
      deny({ Principal: "*", Action: "s3:*", Resource: WHOLE_BUCKET }),
    ),
  ),
  locked("the author's role is denied it", forbids({ Principal: { AWS: ANALYST.principalArn! } }), ANALYST),
  locked("the author comes from where it is denied", forbids(OFFICE), ALICE, { "aws:SourceIp": "203.0.113.1" }),
  locked("all but a role are denied it, and the author is none of it", forbids(BUT_ROLE), ALICE, {
    "aws:PrincipalArn": ALICE.arn!,
  }),
  locked(
    "all but another are denied it",
    policy(
      deny({ NotPrincipal: { AWS: [user("Carol").arn!, `arn:aws:iam::${OURS}:root`] }, Action: "s3:*", Resource: WHOLE_BUCKET }),
    ),
  ),
  free("nobody is denied anything", policy(allow({ Principal: "*", Action: "s3:GetObject", Resource: OBJECTS }))),
  free(
    "somebody else is allowed it",
    policy(allow({ Principal: { AWS: THEIRS }, Action: "s3:PutBucketPolicy", Resource: BUCKET })),
  ),
  free("another user is denied it", forbids({ Principal: { AWS: user("Carol").arn! } })),
  free("another role is denied it", forbids({ Principal: { AWS: session("auditor", "a").principalArn! } }), ANALYST),
  free("objects are what is denied", forbids({ Action: "s3:*", Resource: OBJECTS })),
  free("reading the policy is what is denied", forbids({ Action: "s3:GetBucketPolicy" })),
  free("deleting the policy is what is denied", forbids({ Action: "s3:DeleteBucketPolicy" })),
  free("the author comes from where it is not denied", forbids(OFFICE), ALICE, { "aws:SourceIp": "192.0.2.7" }),
  free("all but a role are denied it, and the author is of it", forbids(BUT_ROLE), ANALYST, {
    "aws:PrincipalArn": ANALYST.principalArn!,
  }),
  free(
    "all but the author are denied it",
    policy(deny({ NotPrincipal: { AWS: [ALICE.arn!, `arn:aws:iam::${OURS}:root`] }, Action: "s3:*", Resource: WHOLE_BUCKET })),
  ),
  free("the root is never locked out", forbids({ Action: "s3:*", Resource: WHOLE_BUCKET }), ROOT),
  free("the root is never locked out by name", forbids({ Principal: { AWS: `arn:aws:iam::${OURS}:root` } }), ROOT),
];
