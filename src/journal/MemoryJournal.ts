import type { Journal, RequestFilter } from "./Journal.ts";
import { fits } from "./fits.ts";
import type { RequestRecord } from "./RequestRecord.ts";

/** Requests that are remembered. */
const CAPACITY = 10_000;

/** A journal that ends with its process: a ring, so that memory stays bounded. */
export class MemoryJournal implements Journal {
  readonly #ring: RequestRecord[] = [];
  readonly #capacity: number;
  #oldest = 0;

  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity;
  }

  enter(record: RequestRecord): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(record);
      return;
    }
    this.#ring[this.#oldest] = record;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  async find(filter: RequestFilter): Promise<RequestRecord[]> {
    const found = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)].filter((record) =>
      fits(record, filter),
    );
    return filter.limit === undefined ? found : found.slice(Math.max(found.length - filter.limit, 0));
  }

  async clear(): Promise<void> {
    this.#ring.length = 0;
    this.#oldest = 0;
  }

  async close(): Promise<void> {
    // What is in memory needs nothing done.
  }
}
