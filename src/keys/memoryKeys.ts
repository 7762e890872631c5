import { randomBytes as systemRandomBytes } from "node:crypto";
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

const DEFAULTS: LocalKeyServiceOptions = {
  realClock: Date.now,
  randomBytes: systemRandomBytes,
  region: "us-east-1",
  accountId: () => "000000000000",
};

/** Keys that live and end with this process: a random master key, and a key service that begins without any key. */
export function memoryKeys(given: Partial<LocalKeyServiceOptions> = {}): RingKeys {
  const options = { ...DEFAULTS, ...given };
  const { realClock, randomBytes } = options;
  return keysOf(new MemoryRing(newRing({ nowMs: realClock(), randomBytes })), options);
}

/** The keys of a ring, with the local key service. */
export function keysOf(ring: Ring, options: LocalKeyServiceOptions): RingKeys {
  return { ring, masters: new RingMasters(ring), service: new LocalKeyService(ring, options) };
}
