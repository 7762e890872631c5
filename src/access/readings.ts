import type { ResourceReading } from "./conditionKeys/ConditionKey.ts";
import { CONDITION_KEYS } from "./conditions.ts";

/** The keys that tell of a resource what the question about it does not, as policies may spell them, in lower case. */
const KEYS = CONDITION_KEYS.flatMap(({ name, reads }) => (reads === undefined ? [] : [{ name: name.toLowerCase(), reads }]));

/** What has to be read of a resource before a policy can be asked about it: whatever its document names anywhere, be it in a variable. */
export function readingsOf(document: string): ReadonlySet<ResourceReading> {
  // Written anew, since a document may have letters in escaped form.
  const text = JSON.stringify(JSON.parse(document)).toLowerCase();
  return new Set(KEYS.filter(({ name }) => text.includes(name)).map(({ reads }) => reads));
}
