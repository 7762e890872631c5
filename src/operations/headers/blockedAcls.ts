import { isPublicAcl, isPublicGrant } from "../../access/acls.ts";
import type { Need } from "../../access/Question.ts";
import { resourceOf } from "../../access/Question.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { accountBlockOf, joinedBlock } from "../../store/buckets/publicAccess.ts";
import type { Acl } from "../../store/records/Acl.ts";
import type { PublicAccessBlock } from "../../store/records/PublicAccessBlock.ts";
import type { BucketContext } from "../RequestContext.ts";

/** What keeps the public out of the addressed bucket: its own block, and that of its owner's account. */
async function actingBlock({ store, bucket }: BucketContext): Promise<PublicAccessBlock | undefined> {
  return joinedBlock(bucket.publicAccessBlock, await accountBlockOf(store, bucket.ownerId));
}

/**
 * Refuses an ACL that lets the public in where the switch BlockPublicAcls is on; `need` is the action that is refused, on the bucket or on
 * the object of this key. Throws AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export async function refuseBlockedAcl(context: BucketContext, acl: Acl, need: Pick<Need, "action" | "key">): Promise<void> {
  if (!isPublicAcl(acl)) return;
  const block = await actingBlock(context);
  if (block?.blockPublicAcls !== true) return;
  const { bucket, caller } = context;
  const where = bucket.publicAccessBlock?.blockPublicAcls === true ? "this bucket" : "its owner's account";
  const explanation = `The ACL grants something to the public, and BlockPublicAcls is on for ${where}: grant it to accounts, or change the block.`;
  // How the bucket is protected concerns nobody of other accounts.
  if (caller.kind === "anonymous" || caller.canonicalId !== bucket.ownerId) {
    throw new S3Error("AccessDenied", {
      explanation: "The ACL grants something to the public, and this bucket takes no such ACL.",
    });
  }
  throw new S3Error("AccessDenied", {
    message:
      `User: ${caller.arn} is not authorized to perform: ${need.action} on resource: "${resourceOf({ ...need, bucket })}" ` +
      "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.",
    explanation,
  });
}

/** A list as it acts: without what it grants to the public, where the switch IgnorePublicAcls is on. */
export async function heededAcl(context: BucketContext, acl: Acl): Promise<Acl> {
  if (!isPublicAcl(acl) || (await actingBlock(context))?.ignorePublicAcls !== true) return acl;
  return { ...acl, grants: acl.grants.filter((grant) => !isPublicGrant(grant)) };
}
