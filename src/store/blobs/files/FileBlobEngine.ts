import { lstat, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Durability } from "../../durability.ts";
import { explainFull } from "../../../errors/StorageFullError.ts";
import type { Clock } from "../../Store.ts";
import type { Piece } from "../../../protocol/Payload.ts";
import type { BlobEngine, BlobId, BlobWriter } from "../BlobEngine.ts";
import { BlobDamagedError } from "../BlobEngine.ts";
import { openBlobFile, verifyBlobFile } from "./BlobFileReader.ts";
import { BlobFileWriter } from "./BlobFileWriter.ts";
import { ChunkBuffers } from "./ChunkBuffers.ts";
import { DIRECT_MIN_SIZE_BYTES, DirectWrites } from "./directWrites.ts";
import { Generations } from "./Generations.ts";

/** How the file engine is opened. */
export interface FileBlobEngineOptions {
  /** The folder of the blobs; made when missing. Several processes may share it. */
  readonly path: string;
  readonly durability: Durability;
  /** Names this run of the server ([0-9a-z]), the same in all its processes: blobs of other runs may be suspects. See `DataFolder.run`. */
  readonly run: string;
  readonly clock?: Clock;
}

/** Emptied folders are looked for when blobs went from this many. */
const SWEEP_AFTER_GENERATIONS = 16;

/** Files looked at together when sizes are added up. */
const STATISTICS_CONCURRENCY = 8;

/** What is known of a generation that nobody fills any more, as long as its folder is unchanged. */
interface Tally {
  readonly changedAtMs: number;
  readonly blobs: number;
  readonly sizeBytes: number;
}

/** Blobs as files, each written once: see `blobFormat.ts` for a file and `Generations.ts` for the folders. */
export class FileBlobEngine implements BlobEngine {
  readonly #path: string;
  readonly #generations: Generations;
  readonly #removedFrom = new Set<string>();
  readonly #buffers = new ChunkBuffers();
  readonly #directWrites = new DirectWrites();
  #tallies = new Map<string, Tally>();

  private constructor(path: string, generations: Generations) {
    this.#path = path;
    this.#generations = generations;
  }

  /** Opens the folder, making it when it is missing; takes the same time whatever is stored. Throws what the file system throws. */
  static async open(options: FileBlobEngineOptions): Promise<FileBlobEngine> {
    const generations = await Generations.open({ ...options, clock: options.clock ?? Date.now });
    return new FileBlobEngine(options.path, generations);
  }

  async create(expectedSizeBytes: number): Promise<BlobWriter> {
    try {
      const place = await this.#generations.allocate();
      try {
        // Who does not wait for the disk is better off with the system's cache.
        const wantsDirect = place.syncEntry !== undefined && expectedSizeBytes >= DIRECT_MIN_SIZE_BYTES;
        const direct = wantsDirect ? await this.#directWrites.create(place.path) : undefined;
        const file = direct ?? (await open(place.path, "wx", 0o600));
        const isDirect = direct !== undefined;
        return new BlobFileWriter({ ...place, file, isDirect, expectedSizeBytes, buffers: this.#buffers });
      } catch (error) {
        place.ended();
        throw error;
      }
    } catch (error) {
      throw explainFull(error, this.#path);
    }
  }

  async open(id: BlobId, start: number, end: number): Promise<AsyncIterable<Piece>> {
    return openBlobFile(id, this.#locate(id), start, end, this.#buffers);
  }

  async remove(id: BlobId): Promise<void> {
    const path = this.#generations.locate(id);
    if (path === undefined) return;
    await unlink(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
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

  /** Counts files and their bytes on disk. A generation at rest is counted once and then only when its folder has changed. */
  async statistics(): Promise<{ readonly sizeBytes: number; readonly blobs: number }> {
    const filling = await this.#generations.openNames();
    const tallies = new Map<string, Tally>();
    let blobs = 0;
    let sizeBytes = 0;
    for (const generation of await this.#generations.names("all")) {
      const tally = await this.#tally(generation);
      if (!filling.has(generation)) tallies.set(generation, tally);
      blobs += tally.blobs;
      sizeBytes += tally.sizeBytes;
    }
    this.#tallies = tallies;
    return { sizeBytes, blobs };
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

  async #tally(generation: string): Promise<Tally> {
    const folder = this.#generations.folder(generation);
    const changedAtMs = await lstat(folder).then((stat) => stat.mtimeMs, absent);
    const known = this.#tallies.get(generation);
    if (known !== undefined && known.changedAtMs === changedAtMs) return known;
    const ids: BlobId[] = [];
    for await (const id of this.#generations.blobs(generation)) ids.push(id);
    let sizeBytes = 0;
    for (let index = 0; index < ids.length; index += STATISTICS_CONCURRENCY) {
      const some = ids.slice(index, index + STATISTICS_CONCURRENCY);
      const sizes = await Promise.all(
        some.map((id) => lstat(join(folder, id.slice(generation.length + 1))).then(({ size }) => size, absent)),
      );
      for (const size of sizes) sizeBytes += size;
    }
    return { changedAtMs, blobs: ids.length, sizeBytes };
  }
}

/** What goes away while it is counted counts as nothing. */
function absent(error: unknown): number {
  if (isMissing(error)) return 0;
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function generationOf(id: BlobId): string {
  return id.slice(0, id.lastIndexOf("-"));
}
