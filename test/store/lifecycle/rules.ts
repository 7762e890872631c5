import type { Lifecycle, LifecycleFilter, LifecycleRule } from "../../../src/store/lifecycle/LifecycleRule.ts";

/** A filter that takes what this says, and everything where it says nothing. */
export function filter(said: Partial<LifecycleFilter> = {}): LifecycleFilter {
  return { prefix: "", tags: [], sizeGreaterThan: undefined, sizeLessThan: undefined, ...said };
}

/** An enabled rule for everything that does what this says, and nothing else. */
export function rule(said: Partial<LifecycleRule> = {}): LifecycleRule {
  return {
    id: "rule",
    isEnabled: true,
    filter: filter(),
    expiration: undefined,
    noncurrentExpiration: undefined,
    abortUploadsAfterDays: undefined,
    transitions: [],
    noncurrentTransitions: [],
    ...said,
  };
}

/** A lifecycle of these rules. */
export function lifecycle(...rules: readonly LifecycleRule[]): Lifecycle {
  return { rules, transitionMinimum: "all_storage_classes_128K" };
}
