import { whyLocked } from "../objects/locks.ts";
import type { VersioningStatus } from "../records/BucketRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import { dueAfterDays } from "./days.ts";
import type { Appointment } from "./expirationOf.ts";
import { earliest, expirationOf, momentFor, takesObject } from "./expirationOf.ts";
import type { Lifecycle, LifecycleFilter, LifecycleRule } from "./LifecycleRule.ts";
import type { Transition } from "./transitions.ts";
import { isLargeEnough, transitionFrom } from "./transitions.ts";

/**
 * What lifecycle has due for a version of a key at a time: pure, so that S3's rules about it stand here and nowhere else.
 *
 * Of several things due on one day, S3 deletes for good before it changes the class, and changes the class before it adds a delete marker;
 * of several rules for the same, the earliest acts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */

/** What is due for a version. */
export type Due =
  /** A current object goes for good, because its bucket keeps no versions, or it is a null version that the marker takes the place of. */
  | (Appointment & { readonly action: "deleteObject" })
  /** A delete marker comes on top of the current object. */
  | (Appointment & { readonly action: "addDeleteMarker" })
  /** A delete marker goes that is all there is of its key. */
  | (Appointment & { readonly action: "removeDeleteMarker" })
  /** A noncurrent version, or delete marker, goes for good. */
  | (Appointment & { readonly action: "deleteVersion" })
  | (Transition & { readonly action: "changeClass" });

/** What is asked of a version beside its key. */
export type VersionFacts = Pick<
  ObjectRecord,
  | "sizeBytes"
  | "tags"
  | "lastModifiedMs"
  | "storageClass"
  | "isDeleteMarker"
  | "versionId"
  | "retentionMode"
  | "retainUntilMs"
  | "legalHold"
>;

/** How a version lies below others. */
export interface Noncurrency {
  /** Since when it has been noncurrent, in milliseconds since 1970; see `noncurrentSince`. */
  readonly sinceMs: number;
  /** How many noncurrent versions of its key are newer, delete markers left out. */
  readonly newer: number;
}

/** Since when a version has been noncurrent: since its successor came, which has the date of its beginning if it is a multipart object. */
export function noncurrentSince(
  version: Pick<ObjectRecord, "lastModifiedMs">,
  successor: Pick<ObjectRecord, "lastModifiedMs">,
): number {
  return Math.max(version.lastModifiedMs, successor.lastModifiedMs);
}

/** What is due for a current object. */
export function dueOfCurrent(
  lifecycle: Lifecycle,
  versioning: VersioningStatus | undefined,
  key: string,
  object: VersionFacts,
  nowMs: number,
): Due | undefined {
  const expiration = expirationOf(lifecycle, { key, ...object });
  const isExpired = expiration !== undefined && expiration.atMs <= nowMs;
  const isForGood = versioning === undefined || (versioning === "Suspended" && object.versionId === undefined);
  if (isExpired && isForGood && whyLocked(object, nowMs) === undefined) return { action: "deleteObject", ...expiration };
  const changed = changeOfClass(lifecycle, key, object, nowMs, ({ transitions }) =>
    transitions.map(({ at, storageClass }) => ({
      // What was due before the object came, by a date, is due as it comes.
      atMs: Math.max(momentFor(at, object.lastModifiedMs), object.lastModifiedMs),
      storageClass,
    })),
  );
  if (changed !== undefined) return { action: "changeClass", ...changed };
  return isExpired && !isForGood ? { action: "addDeleteMarker", ...expiration } : undefined;
}

/**
 * What is due for a delete marker that is all there is of its key: rules for such markers take it at once, rules for current versions when it is
 * as old as they say.
 */
export function dueOfLonelyMarker(
  { rules }: Lifecycle,
  key: string,
  { lastModifiedMs }: Pick<ObjectRecord, "lastModifiedMs">,
  nowMs: number,
): Due | undefined {
  const due = earliest(rules, ({ expiration, filter }) => {
    if (expiration === undefined || !takesMarker(filter, key)) return undefined;
    return expiration.kind === "lonelyMarkers" ? lastModifiedMs : momentFor(expiration, lastModifiedMs);
  });
  return due === undefined || due.atMs > nowMs ? undefined : { action: "removeDeleteMarker", ...due };
}

/** What is due for a noncurrent version, or delete marker. */
export function dueOfNoncurrent(
  lifecycle: Lifecycle,
  key: string,
  version: VersionFacts,
  { sinceMs, newer }: Noncurrency,
  nowMs: number,
): Due | undefined {
  const expiration = earliest(lifecycle.rules, ({ noncurrentExpiration: said, filter }) => {
    if (said === undefined || !takesVersion(filter, key, version)) return undefined;
    // Delete markers are not among those that are to stay.
    return version.isDeleteMarker || newer >= said.newer ? dueAfterDays(sinceMs, said.days) : undefined;
  });
  if (expiration !== undefined && expiration.atMs <= nowMs && whyLocked(version, nowMs) === undefined) {
    return { action: "deleteVersion", ...expiration };
  }
  if (version.isDeleteMarker) return undefined;
  const changed = changeOfClass(lifecycle, key, version, nowMs, ({ noncurrentTransitions }) =>
    noncurrentTransitions
      .filter((said) => newer >= said.newer)
      .map(({ days, storageClass }) => ({ atMs: dueAfterDays(sinceMs, days), storageClass })),
  );
  return changed === undefined ? undefined : { action: "changeClass", ...changed };
}

/** What classes a version is to go through by now comes to. */
function changeOfClass(
  lifecycle: Lifecycle,
  key: string,
  version: VersionFacts,
  nowMs: number,
  transitionsOf: (rule: LifecycleRule) => readonly Omit<Transition, "ruleId">[],
): Transition | undefined {
  const come = lifecycle.rules.flatMap((rule) => {
    if (!rule.isEnabled || !takesObject(rule.filter, { key, ...version })) return [];
    return transitionsOf(rule)
      .filter(({ atMs, storageClass }) => {
        return atMs <= nowMs && isLargeEnough(lifecycle, rule.filter, storageClass, version.sizeBytes);
      })
      .map((one) => ({ ...one, ruleId: rule.id }));
  });
  return transitionFrom(version.storageClass, come);
}

function takesVersion(filter: LifecycleFilter, key: string, version: VersionFacts): boolean {
  return version.isDeleteMarker ? takesMarker(filter, key) : takesObject(filter, { key, ...version });
}

/** A delete marker has neither tags nor size: rules that ask for either leave it. */
function takesMarker({ prefix, tags, sizeGreaterThan, sizeLessThan }: LifecycleFilter, key: string): boolean {
  return key.startsWith(prefix) && tags.length === 0 && sizeGreaterThan === undefined && sizeLessThan === undefined;
}
