import type { Entry, KeyRange, MetadataEngine } from "../store/metadata/MetadataEngine.ts";

/**
 * Walks a range page by page, for work beside requests: each page is from one moment, the walk as a whole is not. Entries added behind
 * the walk are met, those before it are not; none is met twice. Ends early when `signal` is aborted.
 */
export async function* pages(
  metadata: MetadataEngine,
  range: KeyRange,
  entriesPerPage: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[], void> {
  let start = range.start;
  while (!signal.aborted) {
    const { ranges } = await metadata.read({ keys: [], ranges: [{ start, end: range.end, limit: entriesPerPage }] });
    const entries = ranges[0] ?? [];
    const last = entries.at(-1);
    if (last === undefined) return;
    // The lowest key above the last one; copied, because an engine may reuse what it answered with.
    start = Buffer.concat([last.key, Buffer.of(0)]);
    yield entries;
    if (entries.length < entriesPerPage) return;
  }
}
