import type { RootDatabase } from "lmdb";
import { successorOfPrefix } from "../../records/keys.ts";
import type { IndexCursor } from "../pageOf.ts";

/** The longest key LMDB holds with pages of 4 KiB, in bytes. */
export const MAX_KEY_SIZE_BYTES = 1978;

const LOWEST_KEY = Buffer.of(0);

/** Where a walk begins and ends; lmdb-js looks at it each time the range is walked anew. */
interface WalkedRange {
  start: Uint8Array;
  end: Uint8Array | undefined;
}

/** A walk through the index; sees the snapshot, or, inside a commit, the commit. Must be disposed: an open cursor holds old pages. */
export class LmdbCursor implements IndexCursor, Disposable {
  key: Buffer = LOWEST_KEY;
  value: Uint8Array = LOWEST_KEY;
  readonly #walked: WalkedRange = { start: LOWEST_KEY, end: undefined };
  /** One for all seeks: making it costs as much as a seek. */
  readonly #range: Iterable<{ key: Uint8Array; value: Uint8Array }>;
  #iterator: Iterator<{ key: Uint8Array; value: Uint8Array }> | undefined;

  constructor(database: RootDatabase<Uint8Array, Uint8Array>) {
    this.#range = database.getRange(this.#walked as { start: Uint8Array });
  }

  seek(key: Uint8Array, end?: Uint8Array): boolean {
    this[Symbol.dispose]();
    // No stored key is longer, so what lies at or above a longer one lies above its beginning.
    const start = key.length > MAX_KEY_SIZE_BYTES ? key.subarray(0, MAX_KEY_SIZE_BYTES) : key;
    this.#walked.start = start.length === 0 ? LOWEST_KEY : start;
    this.#walked.end = storableEnd(end);
    this.#iterator = this.#range[Symbol.iterator]();
    const found = this.next();
    return found && start.length < key.length && this.key.equals(start) ? this.next() : found;
  }

  next(): boolean {
    const step = this.#iterator!.next();
    if (step.done === true) return false;
    // Keys are handed out as Buffers, though typed as any bytes.
    this.key = step.value.key as Buffer;
    this.value = step.value.value;
    return true;
  }

  [Symbol.dispose](): void {
    this.#iterator?.return?.();
    this.#iterator = undefined;
  }
}

/** No stored key is longer than the longest: those below a longer end are those up to its beginning. */
function storableEnd(end: Uint8Array | undefined): Uint8Array | undefined {
  return end === undefined || end.length <= MAX_KEY_SIZE_BYTES ? end : successorOfPrefix(end.subarray(0, MAX_KEY_SIZE_BYTES));
}
