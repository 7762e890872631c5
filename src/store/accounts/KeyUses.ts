import { BoundedMap } from "../BoundedMap.ts";
import type { KeyUseRecord } from "../records/identityRows.ts";

/** A key that goes on being used is written down again after this, in milliseconds. */
const INTERVAL_MS = 60_000;
/** Most keys of which a process knows when it wrote their use down; the one that came first makes room. */
const MAX_NOTED_KEYS = 10_000;

/** Uses of access keys that a process has seen, and those that are still to be written down. */
export class KeyUses {
  readonly #noted = new BoundedMap<string, KeyUseRecord>(MAX_NOTED_KEYS);
  #waiting = new Map<string, KeyUseRecord>();

  /** Notes a use; true when it is the first one to wait. One that says no more than the last waits for nothing. */
  note(accessKeyId: string, use: KeyUseRecord): boolean {
    const before = this.#noted.get(accessKeyId);
    if (before !== undefined && isAsGood(before, use)) return false;
    this.#noted.set(accessKeyId, use);
    this.#waiting.set(accessKeyId, use);
    return this.#waiting.size === 1;
  }

  /** Takes what waits. */
  take(): readonly (readonly [accessKeyId: string, use: KeyUseRecord])[] {
    const uses = [...this.#waiting];
    this.#waiting = new Map();
    return uses;
  }
}

function isAsGood(before: KeyUseRecord, { usedAtMs, service, region }: KeyUseRecord): boolean {
  return usedAtMs - before.usedAtMs < INTERVAL_MS && before.service === service && before.region === region;
}
