import { readRows } from "../store/transact.ts";
import type { Rows } from "../store/records/Row.ts";
import { eachPerhaps, isReadable } from "../store/records/Row.ts";
import type { UnreadableRecordError } from "../store/records/UnreadableRecordError.ts";
import type { Store } from "../store/Store.ts";

/** How rows are walked. */
export interface WalkOptions {
  /** Ends the walk early. */
  readonly signal: AbortSignal;
  /** Hears of records that cannot be read; the walk passes over them. */
  readonly onUnreadable: (error: UnreadableRecordError, key: Uint8Array) => void;
}

/**
 * Walks rows page by page, as many at once as they are limited to, for work beside requests: each page is from one moment, the walk as a
 * whole is not. Rows added behind the walk are met, those before it are not; none is met twice.
 */
export async function* pages<Record>(
  store: Store,
  rows: Rows<Record>,
  { signal, onUnreadable }: WalkOptions,
): AsyncGenerator<readonly Record[], void> {
  const { decode } = eachPerhaps(rows);
  let { start } = rows;
  while (!signal.aborted && Buffer.compare(start, rows.end) < 0) {
    const { found } = await readRows(store, {
      found: { ...rows, start, decode: (entry) => ({ key: entry.key, record: decode(entry) }) },
    });
    const last = found.at(-1);
    if (last === undefined) return;
    // The lowest key above the last one; copied, because an engine may reuse what it answered with.
    start = Buffer.concat([last.key, Buffer.of(0)]);
    const page: Record[] = [];
    for (const { key, record } of found) {
      if (isReadable(record)) page.push(record);
      else onUnreadable(record, key);
    }
    yield page;
    if (found.length < rows.limit) return;
  }
}
