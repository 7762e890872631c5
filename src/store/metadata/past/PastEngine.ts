import { successorOfPrefix } from "../byteOrder.ts";
import type { IndexCursor } from "../local/pageOf.ts";
import { pageOf } from "../local/pageOf.ts";
import type { Decision, Entry, KeyRange, MetadataEngine, Page, PagePlan, ReadResult, ReadSet } from "../MetadataEngine.ts";

/** Entries that a walk of the index reads ahead. */
const BATCH_ENTRIES = 64;

/** What rows were, by their keys, each byte a character; `undefined` where there was nothing. */
type PastRows = ReadonlyMap<string, Uint8Array | undefined>;

/** An index whose rows are those of another one, but for some that are as they were. Commits are none of its business: they go elsewhere. */
export class PastEngine implements MetadataEngine {
  readonly #engine: MetadataEngine;
  readonly #past: PastRows;
  readonly #commit: Pick<MetadataEngine, "transact">;
  #sorted: readonly PastEntry[] | undefined;

  constructor(engine: MetadataEngine, past: PastRows, commit: Pick<MetadataEngine, "transact">) {
    this.#engine = engine;
    this.#past = past;
    this.#commit = commit;
  }

  read({ keys, ranges = [] }: ReadSet): ReadResult {
    const { values } = readNow(this.#engine, { keys });
    return {
      values: keys.map((key, index) => {
        const name = textOf(key);
        return this.#past.has(name) ? this.#past.get(name) : values[index];
      }),
      ranges: ranges.map((range) => this.#range(range, range.limit)),
    };
  }

  pages(plans: readonly PagePlan[]): readonly Page[] {
    return plans.map((plan) => pageOf(this.#cursor(), plan));
  }

  transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    return this.#commit.transact(readSet, decide);
  }

  statistics(): ReturnType<MetadataEngine["statistics"]> {
    return this.#engine.statistics();
  }

  /** It has nothing of its own. */
  async close(): Promise<void> {}

  #range({ start, end }: KeyRange, limit: number): Entry[] {
    const found: Entry[] = [];
    const cursor = this.#cursor();
    for (let more = cursor.seek(start, end); more && found.length < limit; more = cursor.next()) {
      found.push({ key: cursor.key, value: cursor.value });
    }
    return found;
  }

  #cursor(): PastCursor {
    this.#sorted ??= Array.from(this.#past, ([name, value]) => ({ key: Buffer.from(name, "latin1"), value })).toSorted((a, b) =>
      Buffer.compare(a.key, b.key),
    );
    return new PastCursor(this.#engine, this.#sorted);
  }
}

/** A row as it was. */
interface PastEntry {
  readonly key: Buffer;
  readonly value: Uint8Array | undefined;
}

/** Walks both: where a row stands in both, the past counts. */
class PastCursor implements IndexCursor {
  readonly keyStart = 0;
  readonly #past: readonly PastEntry[];
  readonly #walk: Walk;
  #index = 0;
  #end: Uint8Array | undefined;
  #entry: Entry | undefined;

  constructor(engine: MetadataEngine, past: readonly PastEntry[]) {
    this.#past = past;
    this.#walk = new Walk(engine);
  }

  get memory(): Buffer {
    return this.#entry!.key as Buffer;
  }

  get keyEnd(): number {
    return this.#entry!.key.length;
  }

  get key(): Buffer {
    return this.#entry!.key as Buffer;
  }

  get value(): Uint8Array {
    return this.#entry!.value;
  }

  seek(key: Uint8Array, end: Uint8Array | undefined): boolean {
    this.#end = end;
    return this.#settleAt(key);
  }

  skip(sizeBytes: number): boolean {
    const successor = successorOfPrefix(this.key.subarray(0, sizeBytes));
    return successor !== undefined && this.#settleAt(successor);
  }

  next(): boolean {
    return this.#settle();
  }

  #settleAt(key: Uint8Array): boolean {
    this.#walk.seek(key, this.#end);
    this.#index = firstAtOrAbove(this.#past, key);
    return this.#settle();
  }

  /** Moves to the next entry of the two. */
  #settle(): boolean {
    for (;;) {
      const now = this.#walk.entry;
      const then = this.#pastEntry();
      if (now === undefined && then === undefined) return false;
      const order = now === undefined ? 1 : then === undefined ? -1 : Buffer.compare(now.key, then.key);
      if (order <= 0) this.#walk.next();
      if (order < 0) {
        this.#entry = { key: Buffer.from(now!.key), value: now!.value };
        return true;
      }
      this.#index += 1;
      const { key, value } = then!;
      if (value === undefined) continue;
      this.#entry = { key, value };
      return true;
    }
  }

  #pastEntry(): PastEntry | undefined {
    const entry = this.#past[this.#index];
    return entry === undefined || (this.#end !== undefined && Buffer.compare(entry.key, this.#end) >= 0) ? undefined : entry;
  }
}

function firstAtOrAbove(entries: readonly PastEntry[], key: Uint8Array): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(entries[middle]!.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Behind every key of an index: longer than any, of the highest bytes. */
const LAST: Uint8Array = Buffer.alloc(4096, 0xff);

/** Walks an index in batches. */
class Walk {
  readonly #engine: MetadataEngine;
  #end: Uint8Array = LAST;
  #batch: readonly Entry[] = [];
  #index = 0;

  constructor(engine: MetadataEngine) {
    this.#engine = engine;
  }

  get entry(): Entry | undefined {
    return this.#batch[this.#index];
  }

  seek(key: Uint8Array, end: Uint8Array | undefined): void {
    this.#end = end ?? LAST;
    this.#batch = this.#read(key);
    this.#index = 0;
  }

  next(): void {
    this.#index += 1;
    if (this.#index < this.#batch.length || this.#batch.length < BATCH_ENTRIES) return;
    const last = this.#batch[this.#index - 1]!.key;
    const batch = this.#read(last);
    // The last one of the batch before begins this one, unless it has gone meanwhile.
    this.#index = batch[0] !== undefined && Buffer.compare(batch[0].key, last) === 0 ? 1 : 0;
    this.#batch = batch;
  }

  #read(start: Uint8Array): readonly Entry[] {
    return readNow(this.#engine, { keys: [], ranges: [{ start, end: this.#end, limit: BATCH_ENTRIES }] }).ranges[0]!;
  }
}

/** Only an index in this process is remembered, and that answers at once. */
function readNow(engine: MetadataEngine, readSet: ReadSet): ReadResult {
  const found = engine.read(readSet);
  if (found instanceof Promise) throw new TypeError("an index that is elsewhere has no past");
  return found;
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}
