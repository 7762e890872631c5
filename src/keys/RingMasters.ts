import type { KeyObject } from "node:crypto";
import { createSecretKey } from "node:crypto";
import type { MasterKey, MasterKeys } from "./Keys.ts";
import type { Ring } from "./Ring.ts";
import type { RingContent, RingMaster } from "./RingContent.ts";

/** The store's own keys, as a ring has them at each moment. */
export class RingMasters implements MasterKeys {
  readonly #ring: Ring;
  #seen: RingContent | undefined;
  #current: MasterKey | undefined;
  #byName: ReadonlyMap<string, KeyObject> = new Map();

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  get current(): MasterKey {
    this.#see();
    return this.#current!;
  }

  find(name: string): KeyObject | undefined {
    this.#see();
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    // Another process may have rotated a moment ago, and sealed with what this one has not seen yet.
    this.#ring.look();
    this.#see();
    return this.#byName.get(name);
  }

  #see(): void {
    const { content } = this.#ring;
    if (content === this.#seen) return;
    const masters = content.masters.map(({ name, secret }: RingMaster): MasterKey => {
      return { name, key: createSecretKey(Buffer.from(secret, "base64")) };
    });
    this.#byName = new Map(masters.map(({ name, key }) => [name, key]));
    this.#current = masters.at(-1);
    this.#seen = content;
  }
}
