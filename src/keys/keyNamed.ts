import { KeyRingError } from "./KeyRingError.ts";
import { readKeyName } from "./keyNames.ts";
import type { KmsKey, RingContent } from "./RingContent.ts";
import { stateOf } from "./RingContent.ts";

/** The key of a ring that an operator names by id, ARN or alias. Throws `KeyRingError` where that is none, or several. */
export function keyNamed({ kmsKeys }: RingContent, text: string, nowMs: number): KmsKey {
  const name = readKeyName(text);
  const isMeant = ({ arn, keyId, aliases }: KmsKey): boolean => {
    if (name === undefined) return false;
    const [, , , region, accountId] = arn.split(":");
    if (name.region !== undefined && (name.region !== region || name.accountId !== accountId)) return false;
    return name.alias === undefined ? name.keyId === keyId : aliases.includes(name.alias);
  };
  const found = kmsKeys.filter((key) => stateOf(key, nowMs) !== "Gone" && isMeant(key));
  if (found.length > 1) {
    throw new KeyRingError(`"${text}" is an alias of ${found.length} keys, in different regions; name one by its ARN.`);
  }
  if (found.length === 0) throw new KeyRingError(`There is no KMS key "${text}"; holdfast keys lists them.`);
  return found[0]!;
}
