import { lstat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import type { BlobId, BlobStatistics } from "../BlobEngine.ts";
import type { Generations } from "./Generations.ts";

/** Files looked at between two rests, and how many of them together: requests need the same threads. */
const SLICE_FILES = 256;
const SLICE_CONCURRENCY = 2;
/** A rest between two slices, in milliseconds. */
const SLICE_PAUSE_MS = 10;

/** The generation that is being counted. */
interface Counting {
  readonly generation: string;
  readonly done: Promise<void>;
}

/** How many blobs there are and how many bytes, counted as they come and go; and those of earlier runs, once, file by file. */
export class BlobCounts {
  readonly #generations: Generations;
  #blobs = 0;
  #sizeBytes = 0;
  /** Of earlier runs, and not counted yet: what goes from them is not missing in the counts. */
  #uncounted: Promise<Set<string>> = Promise.resolve(new Set<string>());
  #counting: Counting | undefined;
  readonly #removals = new Set<Promise<void>>();

  constructor(generations: Generations) {
    this.#generations = generations;
  }

  /** The counts so far. */
  get statistics(): BlobStatistics {
    return { blobs: this.#blobs, sizeBytes: this.#sizeBytes };
  }

  /** A blob is there, in a file of this size. */
  add(sizeBytes: number): void {
    this.#blobs += 1;
    this.#sizeBytes += sizeBytes;
  }

  /** Removes a blob's file, not while its generation is being counted. `remove` resolves with its size, or `undefined` if it was gone. */
  async remove(generation: string, remove: () => Promise<number | undefined>): Promise<void> {
    const uncounted = await this.#uncounted;
    while (this.#counting?.generation === generation) await this.#counting.done;
    const removal = this.#takeOff(uncounted, generation, remove());
    this.#removals.add(removal);
    await removal.finally(() => this.#removals.delete(removal));
  }

  /** As `BlobEngine.countEarlier`. */
  async countEarlier(signal: AbortSignal): Promise<boolean> {
    const listed = this.#generations.names("earlier").then((names) => new Set(names));
    // Blobs can be removed also when they cannot be counted.
    this.#uncounted = listed.catch(() => new Set());
    const uncounted = await listed;
    for (const generation of uncounted) {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      this.#counting = { generation, done };
      try {
        // Whoever has asked for such a removal before finishes first.
        await Promise.allSettled(this.#removals);
        const counted = await this.#count(generation, signal);
        if (counted === undefined) return false;
        uncounted.delete(generation);
        this.#blobs += counted.blobs;
        this.#sizeBytes += counted.sizeBytes;
      } finally {
        this.#counting = undefined;
        resolve();
      }
    }
    return true;
  }

  async #takeOff(uncounted: ReadonlySet<string>, generation: string, removed: Promise<number | undefined>): Promise<void> {
    const sizeBytes = await removed;
    if (sizeBytes === undefined || uncounted.has(generation)) return;
    this.#blobs -= 1;
    this.#sizeBytes -= sizeBytes;
  }

  /** Counts the files of a generation; `undefined` after an abort. */
  async #count(generation: string, signal: AbortSignal): Promise<BlobStatistics | undefined> {
    const ids: BlobId[] = [];
    for await (const id of this.#generations.blobs(generation)) ids.push(id);
    let sizeBytes = 0;
    for (let start = 0; start < ids.length; start += SLICE_FILES) {
      if (signal.aborted) return undefined;
      sizeBytes += await this.#sizeOf(generation, ids.slice(start, start + SLICE_FILES));
      await sleep(SLICE_PAUSE_MS, undefined, { ref: false });
    }
    return { blobs: ids.length, sizeBytes };
  }

  async #sizeOf(generation: string, ids: readonly BlobId[]): Promise<number> {
    const folder = this.#generations.folder(generation);
    const left = ids.values();
    let sum = 0;
    const add = async (): Promise<void> => {
      for (const id of left) {
        const { size } = await lstat(join(folder, id.slice(generation.length + 1)));
        sum += size;
      }
    };
    await Promise.all(Array.from({ length: SLICE_CONCURRENCY }, add));
    return sum;
  }
}
