import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fits } from "../fits.ts";
import type { RequestFilter, RequestSource } from "../Journal.ts";
import type { RequestRecord } from "../RequestRecord.ts";
import { recordIn, textInLine } from "./recordLine.ts";
import { endOfLines, linesFrom, linesFromEnd } from "./segmentLines.ts";
import type { Segment } from "./segments.ts";
import { JOURNAL_FOLDER, orNone, segmentsOf } from "./segments.ts";
import { SETTLING_MS } from "./SegmentWriter.ts";

/** More are not found at once, whoever asks. */
const MAX_FOUND = 100_000;
/** How often is looked for new records. */
const FOLLOWING_INTERVAL_MS = 200;
/** The times of files and of records come from clocks that differ a little. */
const CLOCK_TOLERANCE_MS = 1_000;

/** How the journal of a data folder is read. */
export interface FolderReaderOptions {
  /** Records that are older are forgotten, be they still there or not. Default: none is. */
  readonly ageMs?: number;
  /** Real time, in milliseconds since 1970. */
  readonly clock?: () => number;
  /** Resolves once what was answered before has been written. Default: waits as long as a process may take for that. */
  readonly settle?: () => Promise<void>;
}

/** The journal of a data folder, for whoever may read that: with a server on it, or without one. `dataFolder` is its path. */
export function openFolderJournal(dataFolder: string, options: FolderReaderOptions = {}): FolderReader {
  return new FolderReader(join(dataFolder, JOURNAL_FOLDER), options);
}

/** Reads the segments of all processes. */
export class FolderReader implements RequestSource {
  readonly #folder: string;
  readonly #options: Required<FolderReaderOptions>;

  constructor(folder: string, options: FolderReaderOptions = {}) {
    this.#folder = folder;
    const { ageMs = Infinity, clock = Date.now, settle = () => sleep(SETTLING_MS) } = options;
    this.#options = { ageMs, clock, settle };
  }

  /** As that of `RequestSource`; 100,000 at the most. Reads from the latest on, no further than it must, and a piece of a file at a time. */
  async find(filter: RequestFilter): Promise<RequestRecord[]> {
    await this.#options.settle();
    return this.#search(await segmentsOf(this.#folder), filter);
  }

  /** What `find` finds, and then whatever more is entered, until the signal. Records of other processes may come a moment late. */
  async *follow(filter: RequestFilter, signal: AbortSignal): AsyncGenerator<RequestRecord> {
    const known = await segmentsOf(this.#folder);
    yield* await this.#search(known, filter);
    const positions = new Map<string, number>();
    for (const { name, path, sizeBytes } of known)
      positions.set(name, (await reading(path, (file) => endOfLines(file, sizeBytes))) ?? 0);
    while (!signal.aborted) {
      const { records, isMore } = await this.#readOn(positions, filter);
      yield* records;
      if (!isMore) await sleep(FOLLOWING_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Forgets all of all processes. */
  async clear(): Promise<void> {
    // What clients know to be answered before belongs to what is forgotten.
    await this.#options.settle();
    for (const { path } of await segmentsOf(this.#folder)) await rm(path, { force: true });
  }

  async #readOn(
    positions: Map<string, number>,
    filter: RequestFilter,
  ): Promise<{ readonly records: RequestRecord[]; readonly isMore: boolean }> {
    const judge = this.#judge(filter);
    const segments = await segmentsOf(this.#folder);
    const names = new Set(segments.map(({ name }) => name));
    for (const name of positions.keys()) if (!names.has(name)) positions.delete(name);
    const records: RequestRecord[] = [];
    let isMore = false;
    for (const { name, path, sizeBytes } of segments) {
      const before = positions.get(name) ?? 0;
      if (sizeBytes <= before) continue;
      const read = await reading(path, (file) => linesFrom(file, before));
      if (read === undefined) continue;
      positions.set(name, read.position);
      isMore ||= read.position > before && read.position < sizeBytes;
      for (const line of read.lines) {
        const record = judge(line);
        if (record !== undefined) records.push(record);
      }
    }
    return { records: records.toSorted((a, b) => endOf(a) - endOf(b)), isMore };
  }

  async #search(segments: readonly Segment[], filter: RequestFilter): Promise<RequestRecord[]> {
    const limit = Math.min(filter.limit ?? MAX_FOUND, MAX_FOUND);
    const fromMs = Math.max(filter.fromMs ?? 0, this.#options.clock() - this.#options.ageMs);
    const judge = this.#judge(filter);
    // The latest first.
    let found: RequestRecord[] = [];
    for (const segment of segments) {
      // What ended before is none that is asked for; and then, none of the latest.
      const sinceMs = (found.length < limit ? fromMs : Math.max(fromMs, endOf(found.at(-1)!))) - CLOCK_TOLERANCE_MS;
      if (segment.writtenMs < sinceMs) break;
      const own = await latestOf(segment, judge, limit, sinceMs);
      found = [...found, ...own].toSorted((a, b) => endOf(b) - endOf(a)).slice(0, limit);
    }
    return found.toReversed();
  }

  /** Reads the record of a line, if it is one that is asked for. */
  #judge(filter: RequestFilter): (line: string) => RequestRecord | undefined {
    const { id, bucket, key, method, caller, errorCode, fault } = filter;
    const texts = [id, bucket, key, method, caller, errorCode, fault].flatMap((text) =>
      text === undefined ? [] : [textInLine(text)],
    );
    const sinceMs = this.#options.clock() - this.#options.ageMs;
    return (line) => {
      // Most lines are told by that alone.
      if (!texts.every((text) => line.includes(text))) return undefined;
      const record = recordIn(line);
      return record !== undefined && endOf(record) >= sinceMs && fits(record, filter) ? record : undefined;
    };
  }
}

/** The latest records of a segment, the last first. */
async function latestOf(
  { path, sizeBytes }: Segment,
  judge: (line: string) => RequestRecord | undefined,
  limit: number,
  sinceMs: number,
): Promise<RequestRecord[]> {
  const found: RequestRecord[] = [];
  await reading(path, async (file) => {
    for await (const lines of linesFromEnd(file, sizeBytes)) {
      for (const line of lines) {
        const record = judge(line);
        if (record === undefined) continue;
        if (found.length === limit || endOf(record) < sinceMs) return;
        found.push(record);
      }
    }
  });
  return found;
}

/** Reads a segment; `undefined` where it was removed meanwhile. */
async function reading<Value>(
  path: string,
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<Value>,
): Promise<Value | undefined> {
  const file = await orNone(open(path, "r"));
  if (file === undefined) return undefined;
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** When a request ended; a line says it in whole milliseconds. */
function endOf({ atMs, milliseconds }: RequestRecord): number {
  return Math.round(atMs + milliseconds);
}
