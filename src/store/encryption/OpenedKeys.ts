import type { KeyObject } from "node:crypto";

/** Keys that are kept opened: enough for what is read again and again, in about 10 MiB. */
const MAX_KEYS = 16_384;

/** How long a key stays opened. Who disables a key of the key service is heard everywhere after this time. */
export const OPENED_KEY_TERM_MS: number = 5 * 60_000;

/** A data key of a key service's, that seals for a bucket. */
export interface BucketSealer {
  readonly sealer: KeyObject;
  readonly serviceKey: Buffer;
}

/**
 * Keys that were opened a while ago, in memory alone and bounded: to begin a cipher takes a small read an eighth of its time, and a key service
 * is not asked for a bucket's key with each of its objects. Each is known by all that it was opened by, so that a sealed key that stands in
 * another one's place is none of these.
 */
export class OpenedKeys<Key = KeyObject> {
  readonly #clock: () => number;
  readonly #keys = new Map<string, { readonly key: Key; readonly untilMs: number }>();

  /** `clock` is real time. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  find(name: string): Key | undefined {
    const found = this.#keys.get(name);
    if (found === undefined) return undefined;
    if (found.untilMs > this.#clock()) return found.key;
    this.#keys.delete(name);
    return undefined;
  }

  keep(name: string, key: Key): void {
    if (this.#keys.size >= MAX_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
    this.#keys.set(name, { key, untilMs: this.#clock() + OPENED_KEY_TERM_MS });
  }
}
