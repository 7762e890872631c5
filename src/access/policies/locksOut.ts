import { evaluate } from "./evaluate.ts";
import type { Policy } from "./Policy.ts";
import type { PolicyRequest } from "./PolicyRequest.ts";

/**
 * True when a bucket's policy would forbid its author to change it again. The request is the author's PutBucketPolicy, and they are of the
 * account that owns the bucket; its root is never locked out.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export function locksOut(policy: Policy, request: PolicyRequest): boolean {
  const resourceAccountId = request.principal.accountId;
  return (
    evaluate(request, { identity: undefined, resource: { name: "bucket policy", policy }, resourceAccountId }).effect === "deny"
  );
}
