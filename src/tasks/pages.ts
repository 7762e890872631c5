import { readRows } from "../store/transact.ts";
import type { Rows } from "../store/records/Row.ts";
import type { Store } from "../store/Store.ts";

/**
 * Walks rows page by page, as many at once as they are limited to, for work beside requests: each page is from one moment, the walk as a
 * whole is not. Rows added behind the walk are met, those before it are not; none is met twice. Ends early when `signal` is aborted.
 */
export async function* pages<Record>(
  store: Store,
  rows: Rows<Record>,
  signal: AbortSignal,
): AsyncGenerator<readonly Record[], void> {
  let { start } = rows;
  while (!signal.aborted) {
    let last = start;
    const decode: typeof rows.decode = (entry) => {
      last = entry.key;
      return rows.decode(entry);
    };
    const { page } = await readRows(store, { page: { ...rows, start, decode } });
    if (page.length === 0) return;
    // The lowest key above the last one; copied, because an engine may reuse what it answered with.
    start = Buffer.concat([last, Buffer.of(0)]);
    yield page;
    if (page.length < rows.limit) return;
  }
}
