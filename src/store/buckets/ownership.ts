import type { Acl, AclPermission, Grant, Grantee } from "../records/Acl.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";

/**
 * Who owns what is written, and which ACL it gets: pure, so that commits decide it by the bucket they find.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */

/** S3's canned ACLs. */
export type CannedAcl =
  | "private"
  | "public-read"
  | "public-read-write"
  | "authenticated-read"
  | "aws-exec-read"
  | "bucket-owner-read"
  | "bucket-owner-full-control"
  | "log-delivery-write";

/** An ACL as a request asks for it: by name, or by grants whose grantees are found. */
export type AskedAcl =
  | { readonly kind: "canned"; readonly name: CannedAcl }
  | { readonly kind: "grants"; readonly grants: readonly Grant[] };

/** The canonical id of Amazon EC2, which reads bundles of machine images. */
export const EC2_ID = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

/** S3's account that writes access logs, as it has it in every region. */
export const LOG_SERVICE: Writer = {
  canonicalId: "3272ee65a908a7677109fedda345db8d9554ba26398b2ca10581de88777e2b61",
  displayName: "s3-log-service",
};

const ALL_USERS: Grantee = { kind: "group", group: "AllUsers" };
const AUTHENTICATED_USERS: Grantee = { kind: "group", group: "AuthenticatedUsers" };
const LOG_DELIVERY: Grantee = { kind: "group", group: "LogDelivery" };

function grant(grantee: Grantee, permission: AclPermission): Grant {
  return { grantee, permission };
}

/** The list by which an owner may do everything and nobody else anything, which what has no list has. */
export function ownersAcl(ownerId: string): Acl {
  return { ownerId, grants: [grant({ kind: "id", id: ownerId }, "FULL_CONTROL")] };
}

/** What a canned ACL grants beside everything to the owner. That of a bucket's owner means nothing for the bucket itself. */
function cannedGrants(name: CannedAcl, ownerId: string, bucketOwnerId: string): readonly Grant[] {
  const bucketOwner: Grantee = { kind: "id", id: bucketOwnerId };
  switch (name) {
    case "private":
      return [];
    case "public-read":
      return [grant(ALL_USERS, "READ")];
    case "public-read-write":
      return [grant(ALL_USERS, "READ"), grant(ALL_USERS, "WRITE")];
    case "authenticated-read":
      return [grant(AUTHENTICATED_USERS, "READ")];
    case "aws-exec-read":
      return [grant({ kind: "id", id: EC2_ID }, "READ")];
    case "bucket-owner-read":
      return ownerId === bucketOwnerId ? [] : [grant(bucketOwner, "READ")];
    case "bucket-owner-full-control":
      return ownerId === bucketOwnerId ? [] : [grant(bucketOwner, "FULL_CONTROL")];
    case "log-delivery-write":
      return [grant(LOG_DELIVERY, "WRITE"), grant(LOG_DELIVERY, "READ_ACP")];
  }
}

/** The list that an asked one is for this owner; grants that were listed are all there are, also where the owner gets none. */
export function aclOf(asked: AskedAcl, ownerId: string, bucketOwnerId: string): Acl {
  if (asked.kind === "grants") return { ownerId, grants: asked.grants };
  return { ownerId, grants: [...ownersAcl(ownerId).grants, ...cannedGrants(asked.name, ownerId, bucketOwnerId)] };
}

/** A list as records keep it: `undefined` for the one that what has no list has. */
export function keptAcl(acl: Acl): Acl | undefined {
  const [first] = acl.grants;
  return acl.grants.length === 1 && isFullControlOf(first!, acl.ownerId) ? undefined : acl;
}

function isFullControlOf({ grantee, permission }: Grant, id: string): boolean {
  return permission === "FULL_CONTROL" && grantee.kind === "id" && grantee.id === id;
}

/** Whether a list grants anything to somebody else than its owner. */
export function grantsOthers(acl: Acl | undefined): boolean {
  return acl?.grants.some(({ grantee }) => grantee.kind !== "id" || grantee.id !== acl.ownerId) ?? false;
}

/** A bucket that belongs to another account from now on, which gets what its list granted to the former owner. */
export function handedOver(bucket: BucketRecord, to: Pick<BucketRecord, "ownerId" | "ownerName">): BucketRecord {
  if (bucket.acl === undefined) return { ...bucket, ...to };
  const grants = bucket.acl.grants.map((one) => {
    const isOwners = one.grantee.kind === "id" && one.grantee.id === bucket.ownerId;
    return isOwners ? { ...one, grantee: { kind: "id" as const, id: to.ownerId } } : one;
  });
  return { ...bucket, ...to, acl: keptAcl({ ownerId: to.ownerId, grants }) };
}

/** Whose an object is, and its list. */
export type Owned = Pick<ObjectRecord, "ownerId" | "ownerName" | "acl">;

/** Who writes an object: their account. */
export interface Writer {
  readonly canonicalId: string;
  readonly displayName: string;
}

/** Whose an object will be that this account writes into the bucket, asking for this list or for none. */
export function ownedBy(bucket: BucketRecord, writer: Writer, asked: AskedAcl | undefined): Owned {
  if (isBucketOwnersObject(bucket, writer, asked)) {
    const { ownerId, ownerName, objectOwnership } = bucket;
    const acl = asked === undefined || objectOwnership === "BucketOwnerEnforced" ? undefined : aclOf(asked, ownerId, ownerId);
    return { ownerId, ownerName, acl: acl && keptAcl(acl) };
  }
  const { canonicalId: ownerId, displayName: ownerName } = writer;
  return { ownerId, ownerName, acl: asked && keptAcl(aclOf(asked, ownerId, bucket.ownerId)) };
}

function isBucketOwnersObject(bucket: BucketRecord, writer: Writer, asked: AskedAcl | undefined): boolean {
  if (bucket.objectOwnership === "BucketOwnerEnforced" || writer.canonicalId === bucket.ownerId) return true;
  if (bucket.objectOwnership !== "BucketOwnerPreferred" || asked === undefined) return false;
  return asked.kind === "canned" && asked.name === "bucket-owner-full-control";
}

/** The same once the commit sees the bucket: its owner's, if ACLs were disabled meanwhile. */
export function settledOwner(bucket: BucketRecord, { ownerId, ownerName, acl }: Owned): Owned {
  if (bucket.objectOwnership !== "BucketOwnerEnforced") return { ownerId, ownerName, acl };
  return { ownerId: bucket.ownerId, ownerName: bucket.ownerName, acl: undefined };
}

/** The account that owns an object or an upload by the bucket's present setting: that may differ from whose it was when it was written. */
export function actingOwnerId(bucket: BucketRecord, { ownerId }: Pick<Owned, "ownerId">): string {
  return bucket.objectOwnership === "BucketOwnerEnforced" ? bucket.ownerId : ownerId;
}

/** The list that acts on a bucket, or on an object in it. */
export function actingAcl(bucket: BucketRecord, { ownerId, acl }: Pick<Owned, "ownerId" | "acl">): Acl {
  if (bucket.objectOwnership === "BucketOwnerEnforced") return ownersAcl(bucket.ownerId);
  return acl ?? ownersAcl(ownerId);
}
