/** What a process remembers, of which it must not be too much: where there is no room for another entry, the one set first goes. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #mostEntries: number;

  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
  }

  /** What was set last for a key, if there is still room for it. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Sets an entry; one that was there becomes the last one. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size === this.#mostEntries) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(key, value);
  }
}
