import { S3Error } from "../../errors/S3Error.ts";
import type { AclMembers } from "./aclHeaders.ts";
import { checkAclHeaders } from "./aclHeaders.ts";
import type { EncryptionMembers } from "./wantedEncryption.ts";
import { checkEncryptionHeaders } from "./wantedEncryption.ts";
import type { LockMembers } from "./lockHeaders.ts";
import { checkLockHeaders } from "./lockHeaders.ts";
import type { RequestContext } from "../RequestContext.ts";
import { taggingHeader } from "./taggingHeader.ts";

/**
 * What inputs may ask for and this store cannot do yet. Nothing of it is ever accepted and ignored: each request gets the answer S3
 * gives where the thing is not available.
 */

/** Members that S3 has a use for and this store has none; by member, the header that carries it and what it means. */
const UNBUILT: ReadonlyMap<string, readonly [header: string, meaning: string]> = new Map([
  ["WriteOffsetBytes", ["x-amz-write-offset-bytes", "Appending to objects"]],
  ["ObjectLockEventHold", ["x-amz-object-lock-event-hold", "Object Lock"]],
  ["ObjectLockEventHoldDurationDays", ["x-amz-object-lock-event-hold-duration-days", "Object Lock"]],
  ["ObjectLockEventHoldDurationYears", ["x-amz-object-lock-event-hold-duration-years", "Object Lock"]],
  ["IfMatchLastModifiedTime", ["x-amz-if-match-last-modified-time", "Deleting by time of last modification (directory buckets)"]],
  ["IfMatchSize", ["x-amz-if-match-size", "Deleting by size (directory buckets)"]],
]);

/** Values that ask for nothing: what a client sends to say "the default". */
function asksForNothing(value: unknown): boolean {
  return value === undefined || value === false || value === "";
}

/** What of an input is looked at by its form before it is refused. */
type CheckedMembers = EncryptionMembers &
  LockMembers &
  AclMembers & { readonly Bucket: string; readonly Tagging?: string | undefined };

/**
 * Refuses what a write or delete asks for and cannot get; what is wrong in its form comes first, as in S3. Throws NotImplemented,
 * InvalidRequest, InvalidArgument, InvalidEncryptionAlgorithmError, InvalidTag or BadRequest.
 */
export function refuseUnbuilt(input: CheckedMembers, context: Pick<RequestContext, "takesKeys" | "nowMs">): void {
  checkAclHeaders(input);
  checkEncryptionHeaders(input, context);
  taggingHeader(input.Tagging);
  checkLockHeaders(input, context.nowMs);
  for (const [member, value] of Object.entries(input)) {
    const unbuilt = UNBUILT.get(member);
    if (unbuilt !== undefined && !asksForNothing(value)) throw notImplemented(...unbuilt);
  }
}

/** S3's NotImplemented for a header. */
export function notImplemented(header: string, meaning: string): S3Error {
  return new S3Error("NotImplemented", {
    details: [["Header", header]],
    explanation: `${meaning} is not available in this store, and ${header} asks for it. Nothing was done; leave it out.`,
  });
}
