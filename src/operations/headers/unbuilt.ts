import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { AclMembers } from "./aclHeaders.ts";
import { checkAclHeaders } from "./aclHeaders.ts";
import type { EncryptionMembers } from "./encryptionHeaders.ts";
import { checkEncryptionHeaders } from "./encryptionHeaders.ts";
import type { LockMembers } from "./lockHeaders.ts";
import { checkLockHeaders } from "./lockHeaders.ts";
import type { RequestContext } from "../RequestContext.ts";
import { checkTaggingHeader } from "./taggingHeader.ts";

/**
 * What inputs may ask for and this store cannot do yet. Nothing of it is ever accepted and ignored: each request gets the answer S3
 * gives where the thing is not available.
 */

/** Members that S3 has a use for and this store has none; by member, the header that carries it and what it means. */
const UNBUILT: ReadonlyMap<string, readonly [header: string, meaning: string]> = new Map([
  ["ServerSideEncryption", ["x-amz-server-side-encryption", "Server-side encryption"]],
  ["SSEKMSKeyId", ["x-amz-server-side-encryption-aws-kms-key-id", "Encryption with KMS keys"]],
  ["SSEKMSEncryptionContext", ["x-amz-server-side-encryption-context", "Encryption with KMS keys"]],
  ["BucketKeyEnabled", ["x-amz-server-side-encryption-bucket-key-enabled", "Encryption with KMS keys"]],
  ["SSECustomerAlgorithm", ["x-amz-server-side-encryption-customer-algorithm", "Encryption with customer-provided keys"]],
  ["SSECustomerKey", ["x-amz-server-side-encryption-customer-key", "Encryption with customer-provided keys"]],
  ["SSECustomerKeyMD5", ["x-amz-server-side-encryption-customer-key-MD5", "Encryption with customer-provided keys"]],
  ["Tagging", ["x-amz-tagging", "Object tagging"]],
  ["WriteOffsetBytes", ["x-amz-write-offset-bytes", "Appending to objects"]],
  ["ObjectLockEventHold", ["x-amz-object-lock-event-hold", "Object Lock"]],
  ["ObjectLockEventHoldDurationDays", ["x-amz-object-lock-event-hold-duration-days", "Object Lock"]],
  ["ObjectLockEventHoldDurationYears", ["x-amz-object-lock-event-hold-duration-years", "Object Lock"]],
  ["IfMatchLastModifiedTime", ["x-amz-if-match-last-modified-time", "Deleting by time of last modification (directory buckets)"]],
  ["IfMatchSize", ["x-amz-if-match-size", "Deleting by size (directory buckets)"]],
  ["ObjectLockEnabledForBucket", ["x-amz-bucket-object-lock-enabled", "Object Lock"]],
]);

/** Values that ask for nothing: what a client sends to say "the default". */
function asksForNothing(value: unknown): boolean {
  return value === undefined || value === false || value === "";
}

/** What of an input is looked at by its form before it is refused. */
type CheckedMembers = EncryptionMembers &
  LockMembers &
  AclMembers & { readonly Tagging?: string | undefined; readonly BypassGovernanceRetention?: boolean | undefined };

/**
 * Refuses what a write or delete asks for and cannot get; what is wrong in its form comes first, as in S3. Throws NotImplemented,
 * InvalidRequest, InvalidArgument, InvalidEncryptionAlgorithmError, InvalidTag, BadRequest or AccessControlListNotSupported.
 */
export function refuseUnbuilt(input: CheckedMembers, context: Pick<RequestContext, "secure" | "nowMs">): void {
  checkAclHeaders(input);
  checkEncryptionHeaders(input, context);
  if (input.Tagging !== undefined) checkTaggingHeader(input.Tagging);
  checkLockHeaders(input, context.nowMs);
  for (const [member, value] of Object.entries(input)) {
    const unbuilt = UNBUILT.get(member);
    if (unbuilt !== undefined && !asksForNothing(value)) throw notImplemented(...unbuilt);
    if (LOCK_MEMBERS.has(member) && !asksForNothing(value)) throw bucketWithoutObjectLock();
    if (member === "BypassGovernanceRetention") throw nothingToBypass();
    if (GRANT_MEMBERS.has(member) && !asksForNothing(value)) throw aclsDisabled(`A grant came (${member}).`);
  }
  refuseCannedAcl(input.ACL);
}

/** S3's NotImplemented for a header. */
export function notImplemented(header: string, meaning: string): S3Error {
  return new S3Error("NotImplemented", {
    details: [["Header", header]],
    explanation: `${meaning} is not available in this store, and ${header} asks for it. Nothing was done; leave it out.`,
  });
}

const LOCK_MEMBERS: ReadonlySet<string> = new Set(["ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus"]);

/** No bucket of this store has Object Lock, and this is what S3 answers then. */
export function bucketWithoutObjectLock(): S3Error {
  return new S3Error("InvalidRequest", {
    message: "Bucket is missing Object Lock Configuration",
    explanation: "Retention and legal hold need a bucket with Object Lock, which this one does not have.",
  });
}

/** What S3 answers where there is no retention to bypass. */
function nothingToBypass(): S3Error {
  return invalidArgument("x-amz-bypass-governance-retention", undefined, {
    message: "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
    explanation: "The bucket has no Object Lock, so there is no retention to bypass; leave the header out.",
  });
}

const GRANT_MEMBERS: ReadonlySet<string> = new Set([
  "GrantFullControl",
  "GrantRead",
  "GrantReadACP",
  "GrantWrite",
  "GrantWriteACP",
]);

/** These say what holds anyway: the bucket's owner owns the object and nobody else sees it. */
const HARMLESS_OBJECT_ACLS: ReadonlySet<unknown> = new Set([undefined, "private", "bucket-owner-full-control"]);

function refuseCannedAcl(acl: unknown): void {
  if (!HARMLESS_OBJECT_ACLS.has(acl)) throw aclsDisabled(`The canned ACL "${String(acl)}" came.`);
}

/** Buckets have the ownership setting BucketOwnerEnforced, S3's default, under which S3 refuses ACLs in these words. */
function aclsDisabled(found: string): S3Error {
  return new S3Error("AccessControlListNotSupported", {
    explanation: `${found} ACLs are disabled for this bucket (Object Ownership is BucketOwnerEnforced): leave ACL headers out.`,
  });
}

/** The members that carry a customer's key when an object is read. */
interface CustomerKeyMembers {
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}

/** Refuses customer keys for reading: no object here is encrypted with one, and S3 says so. Throws InvalidRequest. */
export function refuseCustomerKey(input: CustomerKeyMembers): void {
  const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = input;
  if ([SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5].every((sent) => sent === undefined)) return;
  throw new S3Error("InvalidRequest", {
    message: "The encryption parameters are not applicable to this object.",
    explanation: "The object is not encrypted with a customer-provided key; read it without the x-amz-…-customer-… headers.",
  });
}
