import type { Keys } from "../keys/Keys.ts";
import { memoryKeys } from "../keys/memoryKeys.ts";
import { KeyUses } from "./accounts/KeyUses.ts";
import { RememberedPolicies } from "./accounts/RememberedPolicies.ts";
import { ParsedSettings } from "./buckets/ParsedSettings.ts";
import { OpenedKeys } from "./encryption/OpenedKeys.ts";
import { KnownDamage } from "./objects/KnownDamage.ts";
import { ReadLeases } from "./ReadLeases.ts";
import type { Store } from "./Store.ts";

/** What a store is made of. */
export interface StoreParts extends Pick<Store, "metadata" | "past" | "blobs" | "clock" | "randomBytes"> {
  /** Default: `clock`, which nobody moves then. */
  readonly realClock?: Store["realClock"];
  /** Default: "instant". */
  readonly restoreTimes?: Store["restoreTimes"];
  /** Default: keys in memory, which go with the store. */
  readonly keys?: Keys;
  /** Default: true. */
  readonly encryptsByDefault?: boolean;
}

/** A store on its engines; what it keeps in memory begins empty. */
export function createStore(parts: StoreParts): Store {
  const { realClock = parts.clock, randomBytes, restoreTimes = "instant", encryptsByDefault = true } = parts;
  const { keys = memoryKeys({ realClock, randomBytes }) } = parts;
  const readers = new ReadLeases({ ...parts, clock: realClock });
  return {
    ...parts,
    realClock,
    restoreTimes,
    readers,
    damage: new KnownDamage(),
    settings: new ParsedSettings(),
    policies: new RememberedPolicies(),
    keyUses: new KeyUses(),
    keys,
    openedKeys: new OpenedKeys(realClock),
    bucketKeys: new OpenedKeys(realClock),
    encryptsByDefault,
  };
}
