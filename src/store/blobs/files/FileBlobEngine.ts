import { lstat, open, unlink } from "node:fs/promises";
import type { Durability } from "../../durability.ts";
import { explainFull, StorageFullError } from "../../../errors/StorageFullError.ts";
import type { Reserve } from "../../folder/Reserve.ts";
import type { Clock } from "../../Store.ts";
import type { Piece } from "../../../protocol/Payload.ts";
import type { BlobEngine, BlobId, BlobStatistics, BlobWriter } from "../BlobEngine.ts";
import { BlobDamagedError } from "../BlobEngine.ts";
import { BlobCounts } from "./BlobCounts.ts";
import { openBlobFile, verifyBlobFile } from "./BlobFileReader.ts";
import { BlobFileWriter } from "./BlobFileWriter.ts";
import { ChunkBuffers } from "./ChunkBuffers.ts";
import { DIRECT_MIN_SIZE_BYTES, DirectWrites } from "./directWrites.ts";
import { Generations } from "./Generations.ts";
import { isMissing } from "../../../errors/systemCode.ts";

/** How the file engine is opened. */
export interface FileBlobEngineOptions {
  /** The folder of the blobs; made when missing. Several processes may share it. */
  readonly path: string;
  readonly durability: Durability;
  /** Names this run of the server ([0-9a-z]), the same in all its processes: blobs of other runs may be suspects. See `DataFolder.run`. */
  readonly run: string;
  readonly clock?: Clock;
  /** What blobs must not use of the disk, nor take from it while it is not whole. */
  readonly reserve?: Pick<Reserve, "leavesRoomFor">;
}

/** Emptied folders are looked for when blobs went from this many. */
const SWEEP_AFTER_GENERATIONS = 16;

/** Blobs as files, each written once: see `blobFormat.ts` for a file and `Generations.ts` for the folders. */
export class FileBlobEngine implements BlobEngine {
  readonly #path: string;
  readonly #generations: Generations;
  readonly #reserve: FileBlobEngineOptions["reserve"];
  readonly #removedFrom = new Set<string>();
  readonly #buffers = new ChunkBuffers();
  readonly #directWrites = new DirectWrites();
  readonly #counts: BlobCounts;

  private constructor({ path, reserve }: FileBlobEngineOptions, generations: Generations) {
    this.#path = path;
    this.#reserve = reserve;
    this.#generations = generations;
    this.#counts = new BlobCounts(generations);
  }

  /** Opens the folder, making it when it is missing; takes the same time whatever is stored. Throws what the file system throws. */
  static async open(options: FileBlobEngineOptions): Promise<FileBlobEngine> {
    const generations = await Generations.open({ ...options, clock: options.clock ?? Date.now });
    return new FileBlobEngine(options, generations);
  }

  async create(expectedSizeBytes: number): Promise<BlobWriter> {
    if (this.#reserve?.leavesRoomFor(expectedSizeBytes) === false) throw new StorageFullError(this.#path);
    try {
      const place = await this.#generations.allocate();
      try {
        // Who does not wait for the disk is better off with the system's cache.
        const wantsDirect = place.syncEntry !== undefined && expectedSizeBytes >= DIRECT_MIN_SIZE_BYTES;
        const direct = wantsDirect ? await this.#directWrites.create(place.path) : undefined;
        const file = direct ?? (await open(place.path, "wx", 0o600));
        const isDirect = direct !== undefined;
        const finished = (fileSizeBytes: number): void => this.#counts.add(fileSizeBytes);
        return new BlobFileWriter({ ...place, file, isDirect, expectedSizeBytes, buffers: this.#buffers, finished });
      } catch (error) {
        place.ended();
        throw error;
      }
    } catch (error) {
      throw explainFull(error, this.#path);
    }
  }

  async open(id: BlobId, start: number, end: number, sizeBytes?: number, isProven = false): Promise<AsyncIterable<Piece>> {
    return openBlobFile(id, this.#locate(id), { start, end, sizeBytes, isProven }, this.#buffers);
  }

  async remove(id: BlobId): Promise<void> {
    const path = this.#generations.locate(id);
    if (path === undefined) return;
    await this.#counts.remove(generationOf(id), async () => {
      const size = await lstat(path).then((stat) => stat.size, undefinedIfMissing);
      // Another process that removes it as well may be first.
      return size === undefined ? undefined : unlink(path).then(() => size, undefinedIfMissing);
    });
    this.#removedFrom.add(generationOf(id));
    if (this.#removedFrom.size >= SWEEP_AFTER_GENERATIONS) await this.#sweep();
  }

  async verify(id: BlobId): Promise<number> {
    return verifyBlobFile(id, this.#locate(id), this.#buffers);
  }

  async *suspects(options?: { readonly all?: boolean }): AsyncGenerator<BlobId> {
    for (const generation of await this.#generations.names(options?.all === true ? "all" : "suspect")) {
      yield* this.#generations.blobs(generation);
    }
  }

  async suspectsJudged(): Promise<void> {
    await this.#generations.forgetEarlierRuns();
  }

  statistics(): BlobStatistics {
    return this.#counts.statistics;
  }

  countEarlier(signal: AbortSignal): Promise<boolean> {
    return this.#counts.countEarlier(signal);
  }

  /** Call when no request is under way: blobs whose commit is still to come would no longer be suspects after a crash. */
  async close(): Promise<void> {
    await this.#generations.close();
    await this.#sweep();
  }

  #locate(id: BlobId): string {
    const path = this.#generations.locate(id);
    if (path === undefined) throw new BlobDamagedError(id, "no blob of this engine has such a name");
    return path;
  }

  async #sweep(): Promise<void> {
    const generations = [...this.#removedFrom];
    this.#removedFrom.clear();
    if (generations.length > 0) await this.#generations.sweep(generations);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function generationOf(id: BlobId): string {
  return id.slice(0, id.lastIndexOf("-"));
}
