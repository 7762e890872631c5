import type { Store } from "../../store/Store.ts";
import type { BucketCensus } from "../../tasks/bucketCensus.ts";
import { takeBucketCensus } from "../../tasks/bucketCensus.ts";
import type { ServerLifecycle } from "../ServerLifecycle.ts";
import { DiskSpace } from "./DiskSpace.ts";
import type { StoreFigures } from "./exposition.ts";
import type { ProcessFigures } from "./ProcessFigures.ts";
import { sumOfBlobs } from "./ProcessFigures.ts";

/** What is in the buckets is counted no sooner than this after the last count ended. */
export const BUCKET_CENSUS_REST_MS: number = 5 * 60 * 1000;
/** So many buckets have figures of their own: each is seven lines for whoever asks, and as many rows of theirs for each time. */
const MAX_NAMED_BUCKETS = 100;

/** What a census needs beside its store. */
export interface StoreCensusOptions {
  /** The folders whose disks are looked at, by what they are called. */
  readonly folders: ReadonlyMap<string, string>;
  /** Hears why buckets could not be counted. */
  readonly onFailure: (what: string, cause: unknown) => void;
}

/** The figures of a server's store, of whose blobs each process knows its own part. */
export class StoreCensus {
  readonly #store: Store;
  readonly #onFailure: StoreCensusOptions["onFailure"];
  readonly #disks: DiskSpace;
  #isComplete = false;
  /** Set as long as buckets may be counted. */
  #signal: AbortSignal | undefined;
  #buckets: BucketCensus | undefined;
  #counting: Promise<void> | undefined;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  /** What ages its objects, once that runs. */
  lifecycle: ServerLifecycle | undefined;

  constructor(store: Store, { folders, onFailure }: StoreCensusOptions) {
    this.#store = store;
    this.#onFailure = onFailure;
    this.#disks = new DiskSpace(folders);
  }

  /**
   * Counts the blobs of earlier runs beside requests, and, from now on, what is in the buckets whenever somebody asks for figures and it is
   * time to. Throws what the blob engine throws.
   */
  async begin(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#isComplete = await this.#store.blobs.countEarlier(signal);
  }

  /** Resolves when buckets are not being counted any more; the signal ends that early. */
  async ended(): Promise<void> {
    await this.#counting;
  }

  /** The figures now; `others` are those of the processes that share the store with this one. */
  async figures(others: readonly ProcessFigures[]): Promise<StoreFigures> {
    this.#countBuckets();
    const { metadata, blobs } = this.#store;
    const disks = await this.#disks.figures();
    const { sizeBytes, entries } = await metadata.statistics();
    const own = await blobs.statistics();
    return {
      metadataSizeBytes: sizeBytes,
      metadataEntries: entries,
      lifecycle: this.lifecycle,
      blobs: this.#isComplete ? sumOfBlobs([own, ...others.map((process) => process.blobs)]) : undefined,
      disks,
      buckets: this.#buckets,
    };
  }

  /** A server whose figures nobody asks for does not count. */
  #countBuckets(): void {
    const signal = this.#signal;
    const restedMs = Math.abs(this.#store.realClock() - this.#countedAtMs);
    if (signal === undefined || signal.aborted || this.#counting !== undefined || restedMs < BUCKET_CENSUS_REST_MS) return;
    this.#counting = takeBucketCensus(this.#store, { signal, maxNamed: MAX_NAMED_BUCKETS })
      .then((census) => void (this.#buckets = census ?? this.#buckets))
      .catch((cause: unknown) => this.#onFailure("What is in the buckets could not be counted", cause))
      .finally(() => {
        this.#countedAtMs = this.#store.realClock();
        this.#counting = undefined;
      });
  }
}
