import type { Need } from "./Question.ts";
import type { Acl, AclPermission, Grant } from "../store/records/Acl.ts";

/**
 * What access control lists allow: pure, of the list and the caller alone. Which list acts on a bucket or an object is said by
 * `store/buckets/ownership.ts`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */

/** Whom a list may let in. */
export interface AclCaller {
  /** Of their account; of those who do not sign, S3's id for them. */
  readonly canonicalId: string;
  readonly isSigned: boolean;
  /** True for the service that writes access logs. */
  readonly isLogDelivery?: boolean;
}

/** Permissions that can be asked for; FULL_CONTROL is all of them. */
export type AskedPermission = Exclude<AclPermission, "FULL_CONTROL">;

/**
 * Which grant of the list gives the caller the permission, in words for the journal; `undefined` where none does. `ignorePublic` passes over
 * what is granted to the public, as the switch IgnorePublicAcls wants it.
 */
export function granted(
  { grants }: Acl,
  caller: AclCaller,
  permission: AskedPermission,
  ignorePublic: boolean,
): string | undefined {
  for (const grant of grants) {
    if (grant.permission !== permission && grant.permission !== "FULL_CONTROL") continue;
    if (ignorePublic && isPublicGrant(grant)) continue;
    if (isGrantedTo(grant, caller)) return `the ACL grants ${grant.permission} to ${granteeInWords(grant)}`;
  }
  return undefined;
}

function isGrantedTo({ grantee }: Grant, { canonicalId, isSigned, isLogDelivery }: AclCaller): boolean {
  if (grantee.kind === "id") return grantee.id === canonicalId;
  if (grantee.group === "LogDelivery") return isLogDelivery === true;
  return grantee.group === "AllUsers" || isSigned;
}

function granteeInWords({ grantee }: Grant): string {
  return grantee.kind === "id" ? grantee.id : `the group ${grantee.group}`;
}

/**
 * Whether a grant is to the public: everybody, or everybody who has an account anywhere.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#public-acls
 */
export function isPublicGrant({ grantee }: Grant): boolean {
  return grantee.kind === "group" && grantee.group !== "LogDelivery";
}

/** Whether a list is public: it grants the public anything. */
export function isPublicAcl(acl: Acl | undefined): boolean {
  return acl?.grants.some(isPublicGrant) ?? false;
}

/** The grant that an action takes where nothing but an ACL allows it. */
export interface AclNeed {
  /** Whose list. */
  readonly on: "bucket" | "object";
  readonly permission: AskedPermission;
  /** True where the grant serves only the owner of the bucket, or of the object acted on. */
  readonly ofOwners?: boolean;
}

/** Actions by the permission that S3 maps them to. No other action is ever allowed by an ACL. */
const NEEDS: ReadonlyMap<string, AclNeed> = new Map<string, AclNeed>([
  ["s3:ListBucket", { on: "bucket", permission: "READ" }],
  ["s3:ListBucketVersions", { on: "bucket", permission: "READ" }],
  ["s3:ListBucketMultipartUploads", { on: "bucket", permission: "READ" }],
  ["s3:PutObject", { on: "bucket", permission: "WRITE" }],
  ["s3:DeleteObject", { on: "bucket", permission: "WRITE", ofOwners: true }],
  ["s3:DeleteObjectVersion", { on: "bucket", permission: "WRITE", ofOwners: true }],
  ["s3:GetBucketAcl", { on: "bucket", permission: "READ_ACP" }],
  ["s3:PutBucketAcl", { on: "bucket", permission: "WRITE_ACP" }],
  ["s3:GetObject", { on: "object", permission: "READ" }],
  ["s3:GetObjectVersion", { on: "object", permission: "READ" }],
  ["s3:GetObjectAcl", { on: "object", permission: "READ_ACP" }],
  ["s3:GetObjectVersionAcl", { on: "object", permission: "READ_ACP" }],
  ["s3:PutObjectAcl", { on: "object", permission: "WRITE_ACP" }],
  ["s3:PutObjectVersionAcl", { on: "object", permission: "WRITE_ACP" }],
]);

/** Who may write an object says with it who may do what with it, for nobody else owns it yet. */
const NEED_FOR_NEW_ACL: AclNeed = { on: "bucket", permission: "WRITE" };

/**
 * The grant by which an ACL allows an action; `undefined` where no ACL can.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping
 */
export function aclNeedOf({ action, ofNewObject }: Pick<Need, "action" | "ofNewObject">): AclNeed | undefined {
  return ofNewObject === true && action === "s3:PutObjectAcl" ? NEED_FOR_NEW_ACL : NEEDS.get(action);
}
