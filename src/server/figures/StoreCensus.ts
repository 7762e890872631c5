import type { Store } from "../../store/Store.ts";
import type { ServerLifecycle } from "../ServerLifecycle.ts";
import type { StoreFigures } from "./exposition.ts";
import type { ProcessFigures } from "./ProcessFigures.ts";
import { sumOfBlobs } from "./ProcessFigures.ts";

/** The figures of a server's store, of whose blobs each process knows its own part. */
export class StoreCensus {
  readonly #store: Store;
  #isComplete = false;
  /** What ages its objects, once that runs. */
  lifecycle: ServerLifecycle | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Counts the blobs of earlier runs beside requests. Throws what the blob engine throws. */
  async countEarlier(signal: AbortSignal): Promise<void> {
    this.#isComplete = await this.#store.blobs.countEarlier(signal);
  }

  /** The figures now; `others` are those of the processes that share the store with this one. */
  async figures(others: readonly ProcessFigures[]): Promise<StoreFigures> {
    const { metadata, blobs } = this.#store;
    const { sizeBytes, entries } = await metadata.statistics();
    const own = await blobs.statistics();
    return {
      metadataSizeBytes: sizeBytes,
      metadataEntries: entries,
      lifecycle: this.lifecycle,
      blobs: this.#isComplete ? sumOfBlobs([own, ...others.map((process) => process.blobs)]) : undefined,
    };
  }
}
