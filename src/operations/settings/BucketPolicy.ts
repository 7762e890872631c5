import type { BucketPolicy } from "../../access/BucketPolicy.ts";
import { BUCKET_POLICY_KIND, bucketPolicyOf, findBucketPolicy } from "../../access/BucketPolicy.ts";
import { on } from "../../access/Permission.ts";
import type { NamedPrincipal } from "../../access/policies/Principals.ts";
import { notAuthorized } from "../../access/accessDenied.ts";
import { invalidPrincipal, namedPrincipals } from "../../access/policies/namedPrincipals.ts";
import { locksOut } from "../../access/policies/locksOut.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import { principalId } from "../../store/accounts/principals.ts";
import { accountBlockOf, joinedBlock } from "../../store/buckets/publicAccess.ts";
import { deleteSetting, putSetting, readSetting } from "../../store/buckets/settings.ts";
import type { Store } from "../../store/Store.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";
import { without } from "./newBucket.ts";

const PUT_POLICY = "s3:PutBucketPolicy";

/**
 * Shows a bucket's policy, as it was put.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
export const GetBucketPolicy: Operation<"GetBucketPolicy"> = operation({
  name: "GetBucketPolicy",
  permissions: on.bucket("s3:GetBucketPolicy"),
  resource: "bucket",
  ownersOnly: true,
  async handle(_input, context) {
    const Policy = await readSetting(context.store, context.bucket, BUCKET_POLICY_KIND);
    if (Policy === undefined) throw noPolicy(context);
    return { output: { Policy } };
  },
});

/**
 * Gives a bucket a policy, in place of the one it has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export const PutBucketPolicy: Operation<"PutBucketPolicy"> = operation({
  name: "PutBucketPolicy",
  permissions: on.bucket(PUT_POLICY),
  resource: "bucket",
  ownersOnly: true,
  async handle({ Policy: text, ConfirmRemoveSelfBucketAccess }, context) {
    const { bucket, store } = context;
    const policy = bucketPolicyOf(text, bucket.name);
    await checkPrincipals(policy, store);
    if (policy.isPublic) await checkPublicPolicyAllowed(context);
    if (ConfirmRemoveSelfBucketAccess !== true) checkNotLockedOut(policy, context);
    await putSetting(store, bucket, BUCKET_POLICY_KIND, text);
    return { output: {} };
  },
});

/**
 * Deletes a bucket's policy. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
 */
export const DeleteBucketPolicy: Operation<"DeleteBucketPolicy"> = operation({
  name: "DeleteBucketPolicy",
  permissions: on.bucket("s3:DeleteBucketPolicy"),
  resource: "bucket",
  ownersOnly: true,
  async handle(_input, { store, bucket }) {
    await deleteSetting(store, bucket, BUCKET_POLICY_KIND);
    return { output: {} };
  },
});

/**
 * Shows whether a bucket's policy makes it public.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
 */
export const GetBucketPolicyStatus: Operation<"GetBucketPolicyStatus"> = operation({
  name: "GetBucketPolicyStatus",
  permissions: on.bucket("s3:GetBucketPolicyStatus"),
  resource: "bucket",
  async handle(_input, context) {
    const policy = await findBucketPolicy(context.store, context.bucket);
    if (policy === undefined) throw noPolicy(context);
    return { output: { PolicyStatus: { IsPublic: policy.isPublic } } };
  },
});

/** A policy can name only who is there. Throws MalformedPolicy. */
async function checkPrincipals({ policy }: BucketPolicy, store: Store): Promise<void> {
  for (const principal of namedPrincipals(policy)) {
    if (!(await isThere(principal, store))) throw invalidPrincipal(principal);
  }
}

async function isThere({ kind, value }: NamedPrincipal, store: Store): Promise<boolean> {
  switch (kind) {
    case "account":
      return (await findAccount(store, { accountId: value })) !== undefined;
    case "canonical-id":
      return (await findAccount(store, { canonicalId: value })) !== undefined;
    case "arn":
      return (await principalId(store, value)) !== undefined;
    case "unique-id":
      // What S3 makes of a principal that is gone stays in a policy that is put again.
      return true;
  }
}

/** Refuses a public policy where the public access block keeps those out. Throws AccessDenied. */
async function checkPublicPolicyAllowed({ bucket, caller, store }: BucketContext): Promise<void> {
  const block = joinedBlock(bucket.publicAccessBlock, await accountBlockOf(store, bucket.ownerId));
  if (block?.blockPublicPolicy !== true) return;
  const ending = "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
  throw new S3Error("AccessDenied", {
    message: notAuthorized({ caller, action: PUT_POLICY, bucket }, ending),
    explanation:
      "The policy lets in people who are not fixed, and BlockPublicPolicy is on for the bucket or for all of its account; turn it off with PutPublicAccessBlock to have a public bucket.",
  });
}

/** Refuses a policy that would keep its own author from changing it. Throws InvalidRequest. */
function checkNotLockedOut({ policy }: BucketPolicy, context: BucketContext): void {
  const { bucket, caller } = context;
  const conditions = context.conditionsFor(PUT_POLICY);
  const request = {
    action: PUT_POLICY,
    resource: `arn:aws:s3:::${bucket.name}`,
    principal: caller,
    values: (key: string) => conditions.values(key),
  };
  if (!locksOut(policy, request)) return;
  throw new S3Error("InvalidRequest", {
    message: "The policy would keep you from changing it again; confirm that with x-amz-confirm-remove-self-bucket-access.",
    explanation: `The policy denies ${PUT_POLICY} on the bucket to who puts it. With x-amz-confirm-remove-self-bucket-access: true it is put all the same; then only the root of the bucket's account can mend it.`,
  });
}

function noPolicy({ bucket }: BucketContext): S3Error {
  return new S3Error("NoSuchBucketPolicy", without(bucket, "policy", "PutBucketPolicy"));
}
