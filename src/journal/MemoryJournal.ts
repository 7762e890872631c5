import type { Journal, RequestFilter } from "./Journal.ts";
import { fits } from "./fits.ts";
import type { RequestRecord } from "./RequestRecord.ts";
import type { RequestUnderWay } from "./RequestsUnderWay.ts";
import { RequestsUnderWay } from "./RequestsUnderWay.ts";
import { roughSize } from "./roughSize.ts";

/** Requests that are remembered. */
const CAPACITY = 10_000;
/** What they may take together. */
const SIZE_BYTES: number = 64 * 1024 * 1024;

/** How much a journal in memory remembers. */
export interface MemoryJournalOptions {
  /** Requests. Default: 10,000. */
  readonly capacity?: number;
  /** Roughly what they may take. Default: 64 MiB. */
  readonly sizeBytes?: number;
  /** Older ones are not found any more. Default: they are. */
  readonly ageMs?: number;
  /** Real time, in milliseconds since 1970. */
  readonly clock?: () => number;
}

/** A journal that ends with its process: a ring, so that memory stays bounded. */
export class MemoryJournal implements Journal {
  readonly #options: Required<MemoryJournalOptions>;
  readonly #underWay = new RequestsUnderWay();
  /** By their place, which begins anew behind the last one. */
  readonly #ring: (RequestRecord | undefined)[] = [];
  #oldest = 0;
  #count = 0;
  #sizeBytes = 0;

  constructor(options: MemoryJournalOptions = {}) {
    const { capacity = CAPACITY, sizeBytes = SIZE_BYTES, ageMs = Infinity, clock = Date.now } = options;
    this.#options = { capacity, sizeBytes, ageMs, clock };
  }

  watch(underWay: () => Iterable<RequestUnderWay>): void {
    this.#underWay.watch(underWay);
  }

  enter(record: RequestRecord, request?: RequestUnderWay): void {
    const { capacity, sizeBytes } = this.#options;
    if (this.#count === capacity) this.#forgetOldest();
    this.#ring[(this.#oldest + this.#count) % capacity] = record;
    this.#count += 1;
    this.#sizeBytes += roughSize(record);
    while (this.#sizeBytes > sizeBytes && this.#count > 0) this.#forgetOldest();
    if (request !== undefined) this.#underWay.recordOf(request);
  }

  settle(): Promise<void> {
    return this.#underWay.recorded();
  }

  async find(filter: RequestFilter): Promise<RequestRecord[]> {
    await this.settle();
    const { capacity, ageMs, clock } = this.#options;
    const { limit = capacity } = filter;
    const sinceMs = clock() - ageMs;
    const found: RequestRecord[] = [];
    for (let index = this.#count - 1; index >= 0 && found.length < limit; index -= 1) {
      const record = this.#ring[(this.#oldest + index) % capacity]!;
      if (record.atMs + record.milliseconds >= sinceMs && fits(record, filter)) found.push(record);
    }
    return found.toReversed();
  }

  async clear(): Promise<void> {
    // What clients know to be answered before belongs to what is forgotten.
    await this.settle();
    this.#ring.length = 0;
    this.#oldest = 0;
    this.#count = 0;
    this.#sizeBytes = 0;
  }

  async close(): Promise<void> {
    // What is in memory needs nothing done.
  }

  #forgetOldest(): void {
    this.#sizeBytes -= roughSize(this.#ring[this.#oldest]!);
    this.#ring[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#options.capacity;
    this.#count -= 1;
  }
}
