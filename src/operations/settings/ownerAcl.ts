import type { AccessControlPolicy } from "../../protocol/generated/types.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";

/**
 * The ACL of a bucket whose ACLs are disabled, and of every object in it: all of it is the bucket owner's. Since November 2025 S3 names
 * owner and grantee by their ID only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function ownerAcl({ ownerId: ID }: BucketRecord): AccessControlPolicy {
  return { Owner: { ID }, Grants: [{ Grantee: { Type: "CanonicalUser", ID }, Permission: "FULL_CONTROL" }] };
}
