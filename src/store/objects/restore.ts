import type { ObjectRecord } from "../records/ObjectRecord.ts";
import type { Restore, RestoreTier } from "../records/restoreFields.ts";
import type { RestoreTimes } from "../restoreTimes.ts";
import { isArchive } from "./storageClasses.ts";

/**
 * Restores of archived objects, decided without I/O. A restore is a few facts in the object's record, and what they mean is asked of S3's
 * clock: nothing has to happen for a restore to complete, or for the restored copy to be gone.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a restore without a tier gets. */
export const DEFAULT_RESTORE_TIER: RestoreTier = "Standard";

/**
 * How long S3 takes to restore, in milliseconds: the longer time where its guide says "3–5 hours". `undefined` for a tier that a class does
 * not have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
const S3_TIMES_MS: Readonly<Record<string, Readonly<Record<RestoreTier, number | undefined>>>> = {
  GLACIER: { Expedited: 5 * MINUTE_MS, Standard: 5 * HOUR_MS, Bulk: 12 * HOUR_MS },
  DEEP_ARCHIVE: { Expedited: undefined, Standard: 12 * HOUR_MS, Bulk: 48 * HOUR_MS },
};

const TIERS_BY_SPEED: readonly RestoreTier[] = ["Bulk", "Standard", "Expedited"];

/** Where a restore stands. */
export interface RestoreStatus {
  readonly isOngoing: boolean;
  /** When the copy is gone, in milliseconds since 1970; of one that is ongoing, when it is going to be. */
  readonly expiresAtMs: number;
}

/** What of an object its restore hangs on. */
export type Restorable = Pick<ObjectRecord, "storageClass" | "restore">;

/** Where the restore of an object stands at a time of S3's; `undefined` for one that is not archived, was not restored, or is no longer. */
export function restoreStatus({ storageClass, restore }: Restorable, nowMs: number): RestoreStatus | undefined {
  if (restore === undefined || !isArchive(storageClass) || nowMs >= restore.expiresAtMs) return undefined;
  return { isOngoing: nowMs < restore.completesAtMs, expiresAtMs: restore.expiresAtMs };
}

/** Whether an object's bytes can be read at a time of S3's: it is not archived, or a restored copy is there. */
export function isAtHand(object: Restorable, nowMs: number): boolean {
  return !isArchive(object.storageClass) || restoreStatus(object, nowMs)?.isOngoing === false;
}

/** Whether objects of a class can be restored in this tier. */
export function hasTier(storageClass: string, tier: RestoreTier): boolean {
  return S3_TIMES_MS[storageClass]?.[tier] !== undefined;
}

/** Whether one tier is faster than another. */
export function isFaster(tier: RestoreTier, than: RestoreTier): boolean {
  return TIERS_BY_SPEED.indexOf(tier) > TIERS_BY_SPEED.indexOf(than);
}

/** A restore asked for at a time of S3's, of a class that has the tier. */
export function newRestore(
  storageClass: string,
  tier: RestoreTier,
  days: number,
  requestedAtMs: number,
  times: RestoreTimes,
): Restore {
  const completesAtMs = requestedAtMs + (times === "instant" ? 0 : (S3_TIMES_MS[storageClass]?.[tier] ?? 0));
  return { tier, days, requestedAtMs, completesAtMs, expiresAtMs: expiryOf(completesAtMs, days) };
}

/** A restore that is there already, to stay for so many days from now. */
export function extendedRestore(restore: Restore, days: number, nowMs: number): Restore {
  return { ...restore, days, expiresAtMs: expiryOf(nowMs, days) };
}

/** So many days after a time, rounded up to midnight UTC. */
function expiryOf(fromMs: number, days: number): number {
  return Math.ceil((fromMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}
