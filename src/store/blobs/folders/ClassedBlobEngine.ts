import type { Piece } from "../../../protocol/Payload.ts";
import type { BlobEngine, BlobId, BlobStatistics, BlobWriter } from "../BlobEngine.ts";
import { BlobDamagedError } from "../BlobEngine.ts";
import { idInFolder, splitId } from "../folderIds.ts";

/** An engine that keeps the blobs of some storage classes. */
export interface ClassFolder {
  /** As in the ids of its blobs; see `../folderIds.ts`. */
  readonly tag: string;
  readonly classes: readonly string[];
  readonly engine: BlobEngine;
}

/**
 * Blobs of some storage classes in places of their own, those of all others in the main one. An id says where its blob lies, so that nothing has
 * to be looked up, and a class whose place changes leaves what is there where it is.
 */
export class ClassedBlobEngine implements BlobEngine {
  readonly #main: BlobEngine;
  readonly #byTag: ReadonlyMap<string, ClassFolder>;
  readonly #byClass: ReadonlyMap<string, ClassFolder>;

  constructor(main: BlobEngine, folders: readonly ClassFolder[]) {
    this.#main = main;
    this.#byTag = new Map(folders.map((folder) => [folder.tag, folder]));
    this.#byClass = new Map(folders.flatMap((folder) => folder.classes.map((name) => [name, folder])));
  }

  async create(expectedSizeBytes: number, storageClass?: string): Promise<BlobWriter> {
    const folder = storageClass === undefined ? undefined : this.#byClass.get(storageClass);
    if (folder === undefined) return this.#main.create(expectedSizeBytes, storageClass);
    return new FolderWriter(folder.tag, await folder.engine.create(expectedSizeBytes, storageClass));
  }

  isPlacedFor(id: BlobId, storageClass: string): boolean {
    return splitId(id)?.tag === this.#byClass.get(storageClass)?.tag;
  }

  async open(id: BlobId, start: number, end: number, sizeBytes?: number, isProven?: boolean): Promise<AsyncIterable<Piece>> {
    const { engine, inner } = this.#locate(id);
    return engine.open(inner, start, end, sizeBytes, isProven).catch((error: unknown) => throwAs(id, error));
  }

  async remove(id: BlobId): Promise<void> {
    const { engine, inner } = this.#locate(id);
    await engine.remove(inner);
  }

  async verify(id: BlobId): Promise<number> {
    const { engine, inner } = this.#locate(id);
    return engine.verify(inner).catch((error: unknown) => throwAs(id, error));
  }

  async *suspects(options?: { readonly all?: boolean }): AsyncGenerator<BlobId> {
    yield* this.#main.suspects(options);
    for (const { tag, engine } of this.#byTag.values()) {
      for await (const inner of engine.suspects(options)) yield idInFolder(tag, inner);
    }
  }

  async suspectsJudged(): Promise<void> {
    for (const engine of this.#engines()) await engine.suspectsJudged();
  }

  async statistics(): Promise<BlobStatistics> {
    let blobs = 0;
    let sizeBytes = 0;
    for (const engine of this.#engines()) {
      const counted = await engine.statistics();
      blobs += counted.blobs;
      sizeBytes += counted.sizeBytes;
    }
    return { blobs, sizeBytes };
  }

  async countEarlier(signal: AbortSignal): Promise<boolean> {
    for (const engine of this.#engines()) if (!(await engine.countEarlier(signal))) return false;
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines().map((engine) => engine.close()));
  }

  #engines(): BlobEngine[] {
    return [this.#main, ...[...this.#byTag.values()].map(({ engine }) => engine)];
  }

  /** Throws `BlobDamagedError` for a folder that this store does not have. */
  #locate(id: BlobId): { readonly engine: BlobEngine; readonly inner: BlobId } {
    const split = splitId(id);
    if (split === undefined) return { engine: this.#main, inner: id };
    const folder = this.#byTag.get(split.tag);
    if (folder === undefined) throw new BlobDamagedError(id, "lies in a folder that is not open", { isLost: false });
    return { engine: folder.engine, inner: split.inner };
  }
}

/** Names a damaged blob as the index does. */
function throwAs(id: BlobId, error: unknown): never {
  if (!(error instanceof BlobDamagedError) || error.blobId === id) throw error;
  throw new BlobDamagedError(id, error.message.slice(error.message.indexOf(": ") + 2), { cause: error, isLost: error.isLost });
}

/** A blob being written into a folder. */
class FolderWriter implements BlobWriter {
  readonly id: BlobId;
  readonly #writer: BlobWriter;

  constructor(tag: string, writer: BlobWriter) {
    this.id = idInFolder(tag, writer.id);
    this.#writer = writer;
  }

  write(piece: Piece): Promise<void> {
    return this.#writer.write(piece);
  }

  async finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }> {
    const { sizeBytes } = await this.#writer.finish();
    return { id: this.id, sizeBytes };
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }
}
