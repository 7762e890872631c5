import type { Keys } from "./Keys.ts";
import type { LocalKeyServiceOptions } from "./LocalKeyService.ts";
import { LocalKeyService } from "./LocalKeyService.ts";
import type { Ring } from "./Ring.ts";
import { MemoryRing } from "./Ring.ts";
import { newRing } from "./ringChanges.ts";
import { RingMasters } from "./RingMasters.ts";

/** Keys of a ring, and the ring itself, for whoever changes it. */
export interface RingKeys extends Keys {
  readonly ring: Ring;
}

const DEFAULTS: Pick<LocalKeyServiceOptions, "region" | "accountId"> = { region: "us-east-1", accountId: () => "000000000000" };

/** Time and chance of keys in memory, and where and whose they are: by default us-east-1, and nobody's. */
export type MemoryKeysOptions = Pick<LocalKeyServiceOptions, "realClock" | "randomBytes"> & Partial<LocalKeyServiceOptions>;

/** Keys that live and end with this process: a random master key, and a key service that begins without any key. */
export function memoryKeys(given: MemoryKeysOptions): RingKeys {
  const { realClock, randomBytes } = given;
  return keysOf(new MemoryRing(newRing({ nowMs: realClock(), randomBytes })), { ...DEFAULTS, ...given });
}

/** The keys of a ring, with the local key service. */
export function keysOf(ring: Ring, options: LocalKeyServiceOptions): RingKeys {
  return { ring, masters: new RingMasters(ring), service: new LocalKeyService(ring, options) };
}
