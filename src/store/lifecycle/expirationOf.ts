import type { Tag } from "../records/ObjectRecord.ts";
import { dueAfterDays } from "./days.ts";
import type { Lifecycle, LifecycleFilter, LifecycleMoment, LifecycleRule } from "./LifecycleRule.ts";

/** What rules ask of an object. */
export interface ObjectFacts {
  readonly key: string;
  readonly sizeBytes: number;
  readonly tags: readonly Tag[];
  readonly lastModifiedMs: number;
}

/** What rules ask of an upload. */
export interface UploadFacts {
  readonly key: string;
  readonly initiatedAtMs: number;
}

/** When a rule does something, in milliseconds since 1970. */
export interface Appointment {
  readonly atMs: number;
  readonly ruleId: string;
}

/** Whether a rule's filter takes an object: prefix, every tag and both sizes must be right. */
export function takesObject(
  { prefix, tags, sizeGreaterThan, sizeLessThan }: LifecycleFilter,
  { key, sizeBytes, tags: tagsOfObject }: Pick<ObjectFacts, "key" | "sizeBytes" | "tags">,
): boolean {
  if (!key.startsWith(prefix)) return false;
  if (sizeGreaterThan !== undefined && sizeBytes <= sizeGreaterThan) return false;
  if (sizeLessThan !== undefined && sizeBytes >= sizeLessThan) return false;
  return tags.every(([name, value]) => tagsOfObject.some((tag) => tag[0] === name && tag[1] === value));
}

/** When such a moment comes for what was written at a time, in milliseconds since 1970. */
export function momentFor(moment: LifecycleMoment, writtenMs: number): number {
  return moment.kind === "date" ? moment.atMs : dueAfterDays(writtenMs, moment.days);
}

/**
 * When a current object expires, and by which rule: the earliest, and of rules of the same time the first. `undefined` if no rule that is
 * enabled expires it.
 */
export function expirationOf({ rules }: Lifecycle, object: ObjectFacts): Appointment | undefined {
  return earliest(rules, ({ expiration, filter }) => {
    if (expiration === undefined || expiration.kind === "lonelyMarkers" || !takesObject(filter, object)) return undefined;
    return momentFor(expiration, object.lastModifiedMs);
  });
}

/** When an upload under way is aborted, and by which rule: as `expirationOf`. */
export function abortionOf({ rules }: Lifecycle, { key, initiatedAtMs }: UploadFacts): Appointment | undefined {
  return earliest(rules, ({ abortUploadsAfterDays: days, filter }) => {
    return days === undefined || !key.startsWith(filter.prefix) ? undefined : dueAfterDays(initiatedAtMs, days);
  });
}

/** The earliest that enabled rules have to offer. */
export function earliest(
  rules: readonly LifecycleRule[],
  timeBy: (rule: LifecycleRule) => number | undefined,
): Appointment | undefined {
  let found: Appointment | undefined;
  for (const rule of rules) {
    const atMs = rule.isEnabled ? timeBy(rule) : undefined;
    if (atMs !== undefined && (found === undefined || atMs < found.atMs)) found = { atMs, ruleId: rule.id };
  }
  return found;
}
