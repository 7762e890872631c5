import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { Owned } from "../../store/buckets/ownership.ts";
import { aclOf, ownedBy } from "../../store/buckets/ownership.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { BucketContext } from "../RequestContext.ts";
import type { AclMembers, SentAcl } from "./aclHeaders.ts";
import { sentAcl } from "./aclHeaders.ts";
import { refuseBlockedAcl } from "./blockedAcls.ts";
import { foundAcl, HEADER_ARGUMENTS } from "./grantees.ts";

/**
 * Whose the object will be that a request writes, and its ACL: `refuseUnbuilt` has found the form of its headers right. `action` is what is
 * refused where a public ACL is blocked. Throws AccessControlListNotSupported, AccessDenied, and as `foundAcl`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function wantedOwner(input: AclMembers & { readonly Key: string }, context: BucketContext, action: string): Soon<Owned> {
  const sent = sentAcl(input);
  if (sent === undefined) return ownedBy(context.bucket, context.caller, undefined);
  refuseDisabledAcl(sent, context.bucket, context.caller.canonicalId);
  return ownerByAcl(sent, input.Key, context, action);
}

async function ownerByAcl(sent: SentAcl, key: string, context: BucketContext, action: string): Promise<Owned> {
  const { bucket, caller } = context;
  const asked = await foundAcl(context, sent, HEADER_ARGUMENTS);
  await refuseBlockedAcl(context, aclOf(asked, caller.canonicalId, bucket.ownerId), { action, key });
  return ownedBy(bucket, caller, asked);
}

/**
 * Refuses an ACL where ACLs are disabled, unless it says what holds there anyway: all for the bucket's owner, and nothing for others. What
 * is `private` to an object's writer is that to the bucket's owner alone. Throws AccessControlListNotSupported.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
 */
export function refuseDisabledAcl(sent: SentAcl, bucket: BucketRecord, writerId: string): void {
  if (bucket.objectOwnership !== "BucketOwnerEnforced" || saysNothing(sent, bucket.ownerId, writerId)) return;
  const found = sent.kind === "canned" ? `The canned ACL ${quoted(sent.name)} came.` : "Grants came.";
  throw aclsDisabled(found);
}

/** S3's answer to an ACL for a bucket that has them disabled. */
export function aclsDisabled(found: string): S3Error {
  return new S3Error("AccessControlListNotSupported", {
    explanation:
      `${found} ACLs are disabled for this bucket (Object Ownership is BucketOwnerEnforced): leave ACLs out, ` +
      "or have the bucket's owner enable them by PutBucketOwnershipControls.",
  });
}

function saysNothing(sent: SentAcl, bucketOwnerId: string, writerId: string): boolean {
  if (sent.kind === "canned") {
    return sent.name === "bucket-owner-full-control" || (sent.name === "private" && writerId === bucketOwnerId);
  }
  return (
    sent.grants.length > 0 &&
    sent.grants.every(({ by, name, permission }) => by === "id" && name === bucketOwnerId && permission === "FULL_CONTROL")
  );
}
