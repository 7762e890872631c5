import { setTimeout as sleep } from "node:timers/promises";
import { buckets } from "../store/records/BucketRecord.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { ObjectSummary } from "../store/records/ObjectRecord.ts";
import { decodeObjectSummary, objectsOf } from "../store/records/ObjectRecord.ts";
import { partsOf } from "../store/records/PartRecord.ts";
import type { Rows } from "../store/records/Row.ts";
import { uploadKeysOf } from "../store/records/UploadRecord.ts";
import { versionsOf } from "../store/records/versionRows.ts";
import type { Store } from "../store/Store.ts";
import { pages } from "./pages.ts";

/** Rows read at once: what a request may have to wait for. */
const PAGE_ROWS = 256;
/** Rows that are read in a second: a few hundredths of a processor. */
const ROWS_PER_SECOND = 10_000;
/** What one read costs besides, in rows: a bucket without anything in it is some reads, too. */
const ROWS_OF_A_READ = 16;

const MILLISECONDS_PER_SECOND = 1000;

/** What is counted apart. */
export type CountedKind = "current" | "noncurrent" | "deleteMarker" | "part";

/**
 * What is in a bucket. All kinds together are what S3's NumberOfObjects and BucketSizeBytes count.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export type BucketCounts = Readonly<Record<CountedKind, { readonly count: number; readonly sizeBytes: number }>>;

/** What was counted in all buckets. */
export interface BucketCensus {
  /** When the counting began, by real time in milliseconds since 1970: what was written before is in it, later things may be. */
  readonly startedAtMs: number;
  /** How long it took. */
  readonly durationMs: number;
  /** All buckets. */
  readonly buckets: number;
  /** Those with the most bytes, the largest first. */
  readonly largest: readonly { readonly name: string; readonly counts: BucketCounts }[];
  /** The rest together; `undefined` if there is none. */
  readonly others: BucketCounts | undefined;
}

/** How a census is taken. */
export interface BucketCensusOptions {
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** So many buckets are told by name. */
  readonly maxNamed: number;
  /** Rests for some milliseconds; by default a timer that keeps no process alive. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Counts what is in the buckets by walking the index beside requests, page by page and with rests. Records that cannot be read are not
 * counted; `holdfast scrub` names them. Resolves with `undefined` after an abort. Throws what the store throws.
 */
export async function takeBucketCensus(store: Store, options: BucketCensusOptions): Promise<BucketCensus | undefined> {
  const { signal, maxNamed } = options;
  const startedAtMs = store.realClock();
  const walk = new CensusWalk(store, options);
  const largest: { readonly name: string; readonly counts: BucketCounts }[] = [];
  let others: BucketCounts | undefined;
  let all = 0;
  for await (const page of walk.pages(buckets(PAGE_ROWS))) {
    for (const bucket of page) {
      const counts = await walk.countsOf(bucket);
      all += 1;
      largest.push({ name: bucket.name, counts });
      largest.sort((a, b) => bytesOf(b.counts) - bytesOf(a.counts));
      const least = largest.length > maxNamed ? largest.pop() : undefined;
      if (least !== undefined) others = others === undefined ? least.counts : sum(others, least.counts);
    }
  }
  if (signal.aborted) return undefined;
  return { startedAtMs, durationMs: store.realClock() - startedAtMs, buckets: all, largest, others };
}

type Counting = Record<CountedKind, { count: number; sizeBytes: number }>;

/** Reads rows no faster than it may. */
class CensusWalk {
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Rows for which there was no rest yet. */
  #owedRows = 0;

  constructor(store: Store, { signal, pause = pauseQuietly }: BucketCensusOptions) {
    this.#store = store;
    this.#signal = signal;
    this.#pause = pause;
  }

  async *pages<Record>(rows: Rows<Record>): AsyncGenerator<readonly Record[], void> {
    for await (const page of pages(this.#store, rows, { signal: this.#signal, onUnreadable: () => undefined })) {
      yield page;
      await this.#rest(page.length);
    }
    await this.#rest(0);
  }

  async countsOf({ id }: BucketRecord): Promise<BucketCounts> {
    const counts: Counting = {
      current: { count: 0, sizeBytes: 0 },
      noncurrent: { count: 0, sizeBytes: 0 },
      deleteMarker: { count: 0, sizeBytes: 0 },
      part: { count: 0, sizeBytes: 0 },
    };
    const add = (kind: CountedKind, sizeBytes: number): void => {
      counts[kind].count += 1;
      counts[kind].sizeBytes += sizeBytes;
    };
    for await (const page of this.pages(summaries(objectsOf(id, PAGE_ROWS)))) {
      for (const { sizeBytes } of page) add("current", sizeBytes);
    }
    for await (const page of this.pages(summaries(versionsOf(id, PAGE_ROWS)))) {
      for (const { isDeleteMarker, sizeBytes } of page) add(isDeleteMarker ? "deleteMarker" : "noncurrent", sizeBytes);
    }
    for await (const uploads of this.pages(uploadKeysOf(id, PAGE_ROWS))) {
      for (const { uploadId } of uploads) {
        for await (const page of this.pages(partsOf(uploadId, PAGE_ROWS))) {
          for (const { sizeBytes } of page) add("part", sizeBytes);
        }
      }
    }
    return counts;
  }

  async #rest(rows: number): Promise<void> {
    this.#owedRows += rows + ROWS_OF_A_READ;
    if (this.#owedRows < PAGE_ROWS) return;
    const restMs = (this.#owedRows / ROWS_PER_SECOND) * MILLISECONDS_PER_SECOND;
    this.#owedRows = 0;
    await this.#pause(restMs, this.#signal);
  }
}

/** The same rows, read no further than a census needs. */
function summaries({ start, end, limit }: Rows<unknown>): Rows<ObjectSummary> {
  return { start, end, limit, decode: ({ key, value }) => decodeObjectSummary(value, key, "version") };
}

function bytesOf(counts: BucketCounts): number {
  return counts.current.sizeBytes + counts.noncurrent.sizeBytes + counts.part.sizeBytes;
}

function sum(a: BucketCounts, b: BucketCounts): BucketCounts {
  const of = (kind: CountedKind): BucketCounts[CountedKind] => ({
    count: a[kind].count + b[kind].count,
    sizeBytes: a[kind].sizeBytes + b[kind].sizeBytes,
  });
  return { current: of("current"), noncurrent: of("noncurrent"), deleteMarker: of("deleteMarker"), part: of("part") };
}

async function pauseQuietly(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause; whoever paused looks at the signal next.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
