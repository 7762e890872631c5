import { S3Error } from "../errors/S3Error.ts";
import type { Asked } from "./Question.ts";

/** What is paid for beside everything about objects: lists of them. */
const PAID_ON_BUCKETS: ReadonlySet<string> = new Set(["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]);

/** The one value of x-amz-request-payer, in any case. */
const REQUESTER = "requester";

/**
 * Whether whoever asks this pays for it, instead of the bucket's owner.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
 */
export function isRequesterPaying({ action, bucket, caller, key }: Asked): boolean {
  if (typeof bucket !== "object" || !bucket.requesterPays || caller.canonicalId === bucket.ownerId) return false;
  return key !== undefined || PAID_ON_BUCKETS.has(action);
}

/** Makes sure that who pays says that they know it; `payer` is x-amz-request-payer. Throws AccessDenied. */
export function checkPayer({ caller }: Asked, payer: string | undefined): void {
  if (caller.kind !== "anonymous" && payer?.toLowerCase() === REQUESTER) return;
  throw new S3Error("AccessDenied", {
    explanation:
      caller.kind === "anonymous"
        ? "Whoever asks for objects of this bucket pays for it, and who does not sign cannot pay."
        : `Whoever asks for objects of this bucket pays for it, and says so with x-amz-request-payer: ${REQUESTER}.`,
  });
}
