import { factsOf } from "./actions.ts";
import type { FaultRule, FaultSubject } from "./FaultRule.ts";

type Matched = Pick<FaultRule, "match" | "action">;

/** Whether a rule is about a request. */
export function matches({ match, action }: Matched, subject: FaultSubject): boolean {
  const { operations, bucket, key, prefix, method, caller, partNumber, from, until } = match;
  if (operations !== undefined && !operations.includes(subject.operation)) return false;
  if (bucket !== undefined && bucket !== subject.bucket) return false;
  if (method !== undefined && method !== subject.method) return false;
  if (caller !== undefined && caller !== subject.accessKeyId) return false;
  if (partNumber !== undefined && partNumber !== subject.partNumber) return false;
  // Here they say which keys of a DeleteObjects are meant.
  if (action.kind !== "keyErrors") {
    if (key !== undefined && key !== subject.key) return false;
    if (prefix !== undefined && (subject.key ?? subject.prefix)?.startsWith(prefix) !== true) return false;
  }
  if (from !== undefined && subject.nowMs < Date.parse(from)) return false;
  if (until !== undefined && subject.nowMs >= Date.parse(until)) return false;
  return factsOf(action).operations?.includes(subject.operation) !== false;
}

/** Whether a rule for the keys of a DeleteObjects is about one of them. */
export function strikesKey({ match, action }: Matched, key: string): boolean {
  if (action.kind !== "keyErrors") return false;
  if (match.key !== undefined && match.key !== key) return false;
  if (match.prefix !== undefined && !key.startsWith(match.prefix)) return false;
  return action.keys?.includes(key) !== false;
}
