import { successorOfPrefix } from "../byteOrder.ts";
import type { Page, PageItem, PagePlan } from "../MetadataEngine.ts";
import { pooledCopy } from "./pooledCopy.ts";

/** Walks an index upwards. All its moves see one moment of the index. */
export interface IndexCursor {
  /** Moves to the first entry at or above `key`; false when there is none below `end`, or none at all when `end` is not given. */
  seek(key: Uint8Array, end: Uint8Array | undefined): boolean;
  /** Moves past all keys that share the first bytes of this one; false when there is none below the `end` of the last seek. */
  skip(sizeBytes: number): boolean;
  /** Moves to the next entry; false when there is none below the `end` of the last seek. */
  next(): boolean;
  /** Holds the key of the entry the cursor stands on, from `keyStart` up to `keyEnd`, until the cursor moves. */
  readonly memory: Buffer;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The key of the entry the cursor stands on; stays valid afterwards, as does `value`. */
  readonly key: Buffer;
  readonly value: Uint8Array;
}

/**
 * Reads one page as the engines do whose index lies in this process: from entry to entry, and past each common prefix with one seek. Keys under a common prefix are
 * never walked, so a page costs the page.
 */
export function pageOf(cursor: IndexCursor, plan: PagePlan): Page {
  const prefix = Buffer.concat([plan.base, plan.prefix]);
  const items: PageItem[] = [];
  let found = seekFirst(cursor, plan, prefix, successorOfPrefix(prefix));
  while (found) {
    if (items.length >= plan.limit) return { items, more: true };
    const { memory, keyStart } = cursor;
    const sizeBytes = commonPrefixSize(memory, keyStart, cursor.keyEnd, plan.delimiter, prefix.length);
    if (sizeBytes === 0) {
      items.push({ key: cursor.key, value: cursor.value });
      found = cursor.next();
    } else {
      items.push({ commonPrefix: pooledCopy(memory, keyStart, keyStart + sizeBytes) });
      found = cursor.skip(sizeBytes);
    }
  }
  return { items, more: false };
}

/** Moves to the first key the page may show; false when there is none. */
function seekFirst(cursor: IndexCursor, plan: PagePlan, prefix: Buffer, end: Buffer | undefined): boolean {
  if (plan.after.length === 0) return cursor.seek(prefix, end);
  const after = Buffer.concat([plan.base, plan.after]);
  if (Buffer.compare(after, prefix) < 0) return cursor.seek(prefix, end);
  // Behind every key with the prefix there is none below the end, whatever `after` folds into.
  const sizeBytes = commonPrefixSize(after, 0, after.length, plan.delimiter, prefix.length);
  if (sizeBytes > 0) {
    const successor = successorOfPrefix(after.subarray(0, sizeBytes));
    return successor !== undefined && cursor.seek(successor, end);
  }
  return cursor.seek(after, end) && (!cursor.key.equals(after) || cursor.next());
}

/** The size of a key's common prefix, its delimiter included, in bytes; 0 for a key that does not fold. */
function commonPrefixSize(
  memory: Buffer,
  keyStart: number,
  keyEnd: number,
  delimiter: Uint8Array,
  prefixSizeBytes: number,
): number {
  if (delimiter.length === 0) return 0;
  const at = indexOfBytes(memory, delimiter, keyStart + prefixSizeBytes, keyEnd);
  return at === -1 ? 0 : at + delimiter.length - keyStart;
}

function indexOfBytes(memory: Buffer, wanted: Uint8Array, start: number, end: number): number {
  const size = wanted.length;
  let at = indexOfByte(memory, wanted[0]!, start, end - size + 1);
  while (size > 1 && at !== -1 && memory.compare(wanted, 1, size, at + 1, at + size) !== 0) {
    at = indexOfByte(memory, wanted[0]!, at + 1, end - size + 1);
  }
  return at;
}

/** Keys are short: a loop finds a byte in less time than a call of `Buffer.indexOf` takes. */
function indexOfByte(memory: Buffer, byte: number, start: number, end: number): number {
  for (let index = start; index < end; index++) if (memory[index] === byte) return index;
  return -1;
}
