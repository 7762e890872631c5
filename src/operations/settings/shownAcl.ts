import type { AccessControlPolicy, Grant as ShownGrant } from "../../protocol/generated/types.ts";
import { actingAcl } from "../../store/buckets/ownership.ts";
import type { Acl, Grant } from "../../store/records/Acl.ts";
import { heededAcl } from "../headers/blockedAcls.ts";
import { uriOf } from "../headers/grantees.ts";
import type { BucketContext } from "../RequestContext.ts";

/**
 * The ACL of the addressed bucket, or of an object in it, as S3 shows it: what acts, and so nothing but the bucket owner's full control
 * where ACLs are disabled, and nothing of the public where that is ignored. Since November 2025 S3 names owner and grantees by their ID only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export async function shownAcl(
  context: BucketContext,
  listed: { readonly ownerId: string; readonly acl: Acl | undefined },
): Promise<AccessControlPolicy> {
  const { ownerId, grants } = await heededAcl(context, actingAcl(context.bucket, listed));
  return {
    Owner: { ID: ownerId },
    Grants: grants.map(shownGrant),
  };
}

/** A grant as documents show it. */
export function shownGrant({ grantee, permission: Permission }: Grant): ShownGrant {
  return {
    Grantee: grantee.kind === "id" ? { Type: "CanonicalUser", ID: grantee.id } : { Type: "Group", URI: uriOf(grantee.group) },
    Permission,
  };
}
