import type { Lifecycle, LifecycleRule } from "../../store/lifecycle/LifecycleRule.ts";
import type { LifecyclePhase } from "../../store/records/LifecycleRunRecord.ts";

/** The order in which a bucket is walked: what covers current objects comes before what lies below them is judged. */
export const PHASES: readonly LifecyclePhase[] = ["current", "noncurrent", "uploads"];

const CONCERNS: Readonly<Record<LifecyclePhase, (rule: LifecycleRule) => boolean>> = {
  current: ({ expiration, transitions }) =>
    (expiration !== undefined && expiration.kind !== "lonelyMarkers") || transitions.length > 0,
  // Delete markers lie among the noncurrent versions, also where they are on top.
  noncurrent: ({ expiration, noncurrentExpiration, noncurrentTransitions }) =>
    expiration !== undefined || noncurrentExpiration !== undefined || noncurrentTransitions.length > 0,
  uploads: ({ abortUploadsAfterDays }) => abortUploadsAfterDays !== undefined,
};

/** With what keys begin that a phase is about, in order, and none beginning with another: nothing else of the bucket is looked at. */
export function prefixesOf({ rules }: Lifecycle, phase: LifecyclePhase): readonly string[] {
  const wanted = rules.filter((rule) => rule.isEnabled && CONCERNS[phase](rule)).map(({ filter }) => filter.prefix);
  const ordered = wanted.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const kept: string[] = [];
  for (const prefix of ordered) if (kept.length === 0 || !prefix.startsWith(kept.at(-1)!)) kept.push(prefix);
  return kept;
}
