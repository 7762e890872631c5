import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { NOT_RETAINED } from "../../store/objects/locks.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { LegalHold, ObjectRecord, RetentionMode } from "../../store/records/ObjectRecord.ts";

/** The members by which a write asks for a lock. */
export interface LockMembers {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** What locks a version. */
export type Lock = Pick<ObjectRecord, "retentionMode" | "retainUntilMs" | "legalHold">;

const MODE = "x-amz-object-lock-mode";
const DATE = "x-amz-object-lock-retain-until-date";

/**
 * Refuses a retention that is half said, or over already. Throws InvalidArgument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function checkLockHeaders({ ObjectLockMode: mode, ObjectLockRetainUntilDate: until }: LockMembers, nowMs: number): void {
  if ((mode === undefined) !== (until === undefined)) {
    const [sent, missing] = mode === undefined ? [DATE, MODE] : [MODE, DATE];
    throw invalidArgument(missing, undefined, {
      message: "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
      explanation: `${sent} came without ${missing}; send both, or neither.`,
    });
  }
  if (until !== undefined) checkFuture(DATE, until, nowMs);
}

/** Refuses a time that retention cannot end at any more; `name` is what it was sent under. Throws InvalidArgument. */
export function checkFuture(name: string, until: Date, nowMs: number): void {
  if (until.getTime() > nowMs) return;
  const sent = until.toISOString();
  throw invalidArgument(name, sent, {
    message: "The retain until date must be in the future!",
    explanation: `${name} is ${sent}, and the server's time is ${new Date(nowMs).toISOString()}.`,
  });
}

/** The lock that a write asks for, of a form that `checkLockHeaders` has found right. Throws InvalidRequest where the bucket has none. */
export function wantedLock(input: LockMembers, bucket: BucketRecord): Lock {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input;
  if (mode === undefined && hold === undefined) return { ...NOT_RETAINED, legalHold: undefined };
  requireObjectLock(bucket);
  const retained = mode === undefined ? NOT_RETAINED : { retentionMode: mode as RetentionMode, retainUntilMs: until!.getTime() };
  return { ...retained, legalHold: hold as LegalHold | undefined };
}

/** S3's answer to retention and legal hold in a bucket without Object Lock. Throws InvalidRequest. */
export function requireObjectLock({ objectLock }: BucketRecord): void {
  if (objectLock) return;
  throw new S3Error("InvalidRequest", {
    message: "Bucket is missing Object Lock Configuration",
    explanation: "Retention and legal hold need a bucket with Object Lock, which this one does not have.",
  });
}

/** Refuses to pass over a retention where there is none to be. Throws InvalidArgument; `bypass` is undefined where nobody asked. */
export function checkBypass(bypass: boolean | undefined, { objectLock }: BucketRecord): void {
  if (bypass === undefined || objectLock) return;
  throw invalidArgument("x-amz-bypass-governance-retention", undefined, {
    message: "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
    explanation: "The bucket has no Object Lock, so there is no retention to bypass; leave the header out.",
  });
}

/**
 * Refuses a locked write that cannot be compared with what was sent: what is stored cannot be replaced. Throws InvalidRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
export function requireChecksum(lock: Lock, bucket: BucketRecord, hasChecksum: boolean, written: "Object" | "Part"): void {
  const isLocked = lock.retentionMode !== undefined || lock.legalHold === "ON" || bucket.defaultRetentionMode !== undefined;
  if (!isLocked || hasChecksum) return;
  throw new S3Error("InvalidRequest", {
    message: `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${written} requests with Object Lock parameters`,
    explanation:
      "The object will be locked: send Content-MD5 or an x-amz-checksum- header, so that what is kept is what was sent.",
  });
}

/** The members by which answers tell of a version's lock. */
export function lockMembers({ retentionMode, retainUntilMs, legalHold }: Lock): LockMembers {
  if (retentionMode === undefined && legalHold === undefined) return {};
  return {
    ObjectLockMode: retentionMode,
    ObjectLockRetainUntilDate: retentionMode === undefined ? undefined : new Date(retainUntilMs),
    ObjectLockLegalHoldStatus: legalHold,
  };
}
