import BTreePackage from "sorted-btree";
import { successorOfPrefix } from "../byteOrder.ts";
import type {
  Decision,
  Entry,
  ForkableMetadataEngine,
  KeyRange,
  Page,
  PagePlan,
  ReadResult,
  ReadSet,
} from "../MetadataEngine.ts";
import type { IndexCursor } from "../local/pageOf.ts";
import { pageOf } from "../local/pageOf.ts";

// A CommonJS package: its class is the default export of the default export.
const BTree = BTreePackage.default;

/** An entry as kept: its key as bytes too, so that reads need not turn text back into bytes. */
interface StoredEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** One character a byte: strings compare as their bytes do, and much faster than byte arrays. */
function text(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The index in memory: a sorted tree whose copies share their nodes until one of them writes. Every call takes effect at once, so that
 * no two of them can meet.
 */
export class MemoryMetadataEngine implements ForkableMetadataEngine {
  readonly #entries: BTreePackage.default<string, StoredEntry>;
  #sizeBytes: number;

  constructor(entries: BTreePackage.default<string, StoredEntry> = new BTree(undefined, compareText), sizeBytes = 0) {
    this.#entries = entries;
    this.#sizeBytes = sizeBytes;
  }

  read(readSet: ReadSet): ReadResult {
    return {
      values: readSet.keys.map((key) => this.#entries.get(text(key))?.value),
      ranges: (readSet.ranges ?? []).map((range) => this.#range(range, range.limit)),
    };
  }

  pages(plans: readonly PagePlan[]): Page[] {
    return plans.map((plan) => pageOf(new MemoryCursor(this.#entries), plan));
  }

  async transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    const { changes, result } = decide(this.read(readSet));
    for (const { key, value } of changes) {
      const name = text(key);
      const before = this.#entries.get(name);
      if (before !== undefined) this.#sizeBytes -= before.key.length + before.value.length;
      if (value === undefined) {
        this.#entries.delete(name);
        continue;
      }
      // Copied, for the caller's buffer may be a view of a much larger one, or used again.
      this.#entries.set(name, { key: Buffer.from(key), value: Buffer.from(value) });
      this.#sizeBytes += key.length + value.length;
    }
    return result;
  }

  statistics(): { readonly sizeBytes: number; readonly entries: number } {
    return { sizeBytes: this.#sizeBytes, entries: this.#entries.size };
  }

  /** A copy in constant time; neither sees what the other writes afterwards. */
  fork(): MemoryMetadataEngine {
    return new MemoryMetadataEngine(this.#entries.clone(), this.#sizeBytes);
  }

  async close(): Promise<void> {
    this.#entries.clear();
    this.#sizeBytes = 0;
  }

  #range({ start, end }: KeyRange, limit: number): Entry[] {
    const found: Entry[] = [];
    const endText = text(end);
    for (const [name, entry] of this.#entries.entries(text(start))) {
      if (found.length >= limit || name >= endText) break;
      found.push(entry);
    }
    return found;
  }
}

class MemoryCursor implements IndexCursor {
  readonly #entries: BTreePackage.default<string, StoredEntry>;
  #iterator: IterableIterator<[string, StoredEntry]> | undefined;
  #entry: StoredEntry | undefined;
  #end: string | undefined;

  constructor(entries: BTreePackage.default<string, StoredEntry>) {
    this.#entries = entries;
  }

  get memory(): Buffer {
    return this.#entry!.key;
  }

  get keyStart(): number {
    return 0;
  }

  get keyEnd(): number {
    return this.#entry!.key.length;
  }

  get key(): Buffer {
    return this.#entry!.key;
  }

  get value(): Uint8Array {
    return this.#entry!.value;
  }

  seek(key: Uint8Array, end: Uint8Array | undefined): boolean {
    this.#iterator = this.#entries.entries(text(key));
    this.#end = end === undefined ? undefined : text(end);
    return this.next();
  }

  skip(sizeBytes: number): boolean {
    const successor = successorOfPrefix(this.key.subarray(0, sizeBytes));
    if (successor === undefined) return false;
    this.#iterator = this.#entries.entries(text(successor));
    return this.next();
  }

  next(): boolean {
    const step = this.#iterator!.next();
    const isInside = step.done !== true && (this.#end === undefined || step.value[0] < this.#end);
    this.#entry = isInside ? step.value[1] : undefined;
    return isInside;
  }
}
