import { S3Error } from "../../errors/S3Error.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { ObjectRecord, RetentionMode } from "../records/ObjectRecord.ts";

/**
 * Object Lock, decided without I/O: which versions may be deleted for good, and which retentions may be changed.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */

const DAY_MS: number = 24 * 60 * 60 * 1000;

/** How long a version is kept; without a mode it is not. */
export type Retention = Pick<ObjectRecord, "retentionMode" | "retainUntilMs">;

/** No retention. */
export const NOT_RETAINED: Retention = { retentionMode: undefined, retainUntilMs: 0 };

/** The retention of a new version that asked for none: as its bucket has it. */
export function defaultRetention(bucket: BucketRecord, nowMs: number): Retention {
  const { defaultRetentionMode: mode, defaultRetentionDays: days, defaultRetentionYears: years } = bucket;
  if (mode === undefined) return NOT_RETAINED;
  if (days > 0) return { retentionMode: mode, retainUntilMs: nowMs + days * DAY_MS };
  const until = new Date(nowMs);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return { retentionMode: mode, retainUntilMs: until.getTime() };
}

/**
 * Refuses to delete a version that is locked: by a legal hold, by a retention of compliance mode that has not ended, or by one of governance
 * mode unless the caller bypasses it. Throws AccessDenied.
 */
export function refuseLocked(version: ObjectRecord, nowMs: number, bypassesGovernance: boolean): void {
  const why = whyLocked(version, nowMs, bypassesGovernance);
  if (why !== undefined)
    throw locked(`The version ${why}. Without a version id a delete marker is put on top, and the version stays.`);
}

/** What keeps a version from being deleted for good, in plain words; `undefined`: nothing. */
export function whyLocked(
  version: Retention & Pick<ObjectRecord, "legalHold">,
  nowMs: number,
  bypassesGovernance = false,
): string | undefined {
  if (version.legalHold === "ON") return "is under a legal hold, and stays until that is taken off it";
  return whyRetained(version, nowMs, bypassesGovernance);
}

/**
 * Refuses to shorten or lift a retention that has not ended, or to change its mode, unless it is of governance mode and the caller bypasses
 * it. To prolong one is always possible. Throws AccessDenied.
 */
export function refuseShorterRetention(
  version: ObjectRecord,
  { retentionMode, retainUntilMs }: Retention,
  nowMs: number,
  bypassesGovernance: boolean,
): void {
  if (retentionMode === version.retentionMode && retainUntilMs >= version.retainUntilMs) return;
  const why = whyRetained(version, nowMs, bypassesGovernance);
  if (why !== undefined) throw locked(`The version ${why}. A retention can be prolonged in its mode, and nothing else.`);
}

/** What keeps a retention from being passed over, in plain words. */
function whyRetained(
  { retentionMode, retainUntilMs }: Retention,
  nowMs: number,
  bypassesGovernance: boolean,
): string | undefined {
  if (retentionMode === undefined || retainUntilMs <= nowMs) return undefined;
  if (retentionMode === "GOVERNANCE" && bypassesGovernance) return undefined;
  const until = new Date(retainUntilMs).toISOString();
  return `is retained until ${until} in ${WAYS[retentionMode]}`;
}

const WAYS: Readonly<Record<RetentionMode, string>> = {
  COMPLIANCE: "compliance mode, which nobody can pass over",
  GOVERNANCE:
    "governance mode, which those with s3:BypassGovernanceRetention pass over by x-amz-bypass-governance-retention: true",
};

function locked(explanation: string): S3Error {
  return new S3Error("AccessDenied", { message: "Access Denied because object protected by object lock.", explanation });
}
