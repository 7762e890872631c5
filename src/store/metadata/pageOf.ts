import { successorOfPrefix } from "../records/keys.ts";
import type { Page, PageItem, PagePlan } from "./MetadataEngine.ts";

/** Walks an index upwards. All its moves see one moment of the index. */
export interface IndexCursor {
  /** Moves to the first entry at or above `key`; false when there is none below `end`, or none at all when `end` is not given. */
  seek(key: Uint8Array, end: Uint8Array | undefined): boolean;
  /** Moves to the next entry; false when there is none below the `end` of the last seek. */
  next(): boolean;
  /** The key of the entry the cursor stands on; stays valid afterwards, as does `value`. */
  readonly key: Buffer;
  readonly value: Uint8Array;
}

/**
 * Reads one page as every engine does: from entry to entry, and past each common prefix with one seek. Keys under a common prefix are
 * never walked, so a page costs the page.
 */
export function pageOf(cursor: IndexCursor, plan: PagePlan): Page {
  const prefix = Buffer.concat([plan.base, plan.prefix]);
  const end = successorOfPrefix(prefix);
  const items: PageItem[] = [];
  let found = seekFirst(cursor, plan, prefix, end);
  while (found) {
    if (items.length >= plan.limit) return { items, more: true };
    const { key } = cursor;
    const foldEnd = commonPrefixEnd(key, plan, prefix.length);
    if (foldEnd === undefined) {
      items.push({ key, value: cursor.value });
      found = cursor.next();
    } else {
      const commonPrefix = key.subarray(0, foldEnd);
      items.push({ commonPrefix });
      found = seekPast(cursor, commonPrefix, end);
    }
  }
  return { items, more: false };
}

/** Moves to the first key the page may show; false when there is none. */
function seekFirst(cursor: IndexCursor, plan: PagePlan, prefix: Buffer, end: Buffer | undefined): boolean {
  if (plan.after.length === 0) return cursor.seek(prefix, end);
  const after = Buffer.concat([plan.base, plan.after]);
  if (Buffer.compare(after, prefix) < 0) return cursor.seek(prefix, end);
  if (plan.skipCommonPrefixOfAfter && startsWith(after, prefix)) {
    const foldEnd = commonPrefixEnd(after, plan, prefix.length);
    if (foldEnd !== undefined) return seekPast(cursor, after.subarray(0, foldEnd), end);
  }
  return cursor.seek(after, end) && (!cursor.key.equals(after) || cursor.next());
}

function seekPast(cursor: IndexCursor, prefix: Buffer, end: Buffer | undefined): boolean {
  const successor = successorOfPrefix(prefix);
  return successor !== undefined && cursor.seek(successor, end);
}

/** Where the common prefix of a key ends, its delimiter included; `undefined` for a key that does not fold. */
function commonPrefixEnd(key: Buffer, plan: PagePlan, prefixSizeBytes: number): number | undefined {
  const { delimiter, keyTerminator } = plan;
  if (delimiter.length === 0) return undefined;
  const start = delimiter.length === 1 ? key.indexOf(delimiter[0]!, prefixSizeBytes) : key.indexOf(delimiter, prefixSizeBytes);
  if (start === -1) return undefined;
  if (keyTerminator !== undefined) {
    const terminator = key.indexOf(keyTerminator, plan.base.length);
    if (terminator !== -1 && terminator < start) return undefined;
  }
  return start + delimiter.length;
}

function startsWith(key: Buffer, prefix: Buffer): boolean {
  return key.length >= prefix.length && key.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
