import sortedBTree from "sorted-btree";
import type { Piece } from "../../../protocol/Payload.ts";
import type { BlobEngine, BlobId, BlobStatistics, BlobWriter } from "../BlobEngine.ts";
import { BlobDamagedError, checkSize } from "../BlobEngine.ts";

/** Bytes are kept in pieces of this size: no large allocation, and the piece of an offset is a division away. */
const PIECE_SIZE_BYTES: number = 256 * 1024;

/** A blob at rest; never changed, so forks share it. Every piece but the last is full. */
interface StoredBlob {
  readonly pieces: readonly Buffer[];
  readonly sizeBytes: number;
}

/** Blobs in memory. `fork` takes constant time: the tree of blobs is copied on write. */
export class MemoryBlobEngine implements BlobEngine {
  readonly #blobs: sortedBTree.default<BlobId, StoredBlob>;
  #sizeBytes: number;
  #created: number;

  constructor(from?: MemoryBlobEngine) {
    this.#blobs = from === undefined ? new sortedBTree.default() : from.#blobs.clone();
    this.#sizeBytes = from === undefined ? 0 : from.#sizeBytes;
    this.#created = from === undefined ? 0 : from.#created;
  }

  /** An engine with the same blobs, on which nothing done to this one shows. */
  fork(): MemoryBlobEngine {
    return new MemoryBlobEngine(this);
  }

  isPlacedFor(): boolean {
    return true;
  }

  async create(): Promise<BlobWriter> {
    const id = (this.#created++).toString(16).padStart(12, "0");
    return new MemoryBlobWriter(id, (blob) => {
      this.#blobs.set(id, blob);
      this.#sizeBytes += blob.sizeBytes;
    });
  }

  async open(
    id: BlobId,
    start: number,
    end: number,
    expectedSizeBytes?: number,
    isProven = false,
  ): Promise<AsyncIterable<Piece>> {
    const { pieces, sizeBytes } = this.#find(id);
    checkSize(id, sizeBytes, expectedSizeBytes);
    if (end > sizeBytes) throw new BlobDamagedError(id, `has ${sizeBytes} data bytes, not ${end}`);
    return slices(pieces, start, end, isProven);
  }

  async remove(id: BlobId): Promise<void> {
    this.#sizeBytes -= this.#blobs.get(id)?.sizeBytes ?? 0;
    this.#blobs.delete(id);
  }

  async verify(id: BlobId): Promise<number> {
    return this.#find(id).sizeBytes;
  }

  /** Nothing survives a crash of this engine: without `all` there is nobody to suspect. */
  async *suspects(options?: { readonly all?: boolean }): AsyncGenerator<BlobId> {
    if (options?.all === true) yield* this.#blobs.keysArray();
  }

  async suspectsJudged(): Promise<void> {}

  statistics(): BlobStatistics {
    return { sizeBytes: this.#sizeBytes, blobs: this.#blobs.size };
  }

  async countEarlier(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#blobs.clear();
    this.#sizeBytes = 0;
  }

  #find(id: BlobId): StoredBlob {
    const blob = this.#blobs.get(id);
    if (blob === undefined) throw new BlobDamagedError(id, "there is no such blob");
    return blob;
  }
}

/** Copies what comes into pieces of its own: what a socket hands over may be a small part of a large buffer. */
class MemoryBlobWriter implements BlobWriter {
  readonly id: BlobId;
  readonly #keep: (blob: StoredBlob) => void;
  #pieces: Buffer[] = [];
  #filledBytes = PIECE_SIZE_BYTES;

  constructor(id: BlobId, keep: (blob: StoredBlob) => void) {
    this.id = id;
    this.#keep = keep;
  }

  async write(piece: Piece): Promise<void> {
    for (let taken = 0; taken < piece.length;) {
      if (this.#filledBytes === PIECE_SIZE_BYTES) {
        this.#pieces.push(Buffer.allocUnsafeSlow(PIECE_SIZE_BYTES));
        this.#filledBytes = 0;
      }
      const copied = piece.copy(this.#pieces.at(-1)!, this.#filledBytes, taken);
      taken += copied;
      this.#filledBytes += copied;
    }
  }

  async finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }> {
    const last = this.#pieces.pop();
    // A piece that was not filled is not kept at full size.
    if (last !== undefined) this.#pieces.push(Buffer.from(last.subarray(0, this.#filledBytes)));
    const sizeBytes = this.#pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#keep({ pieces: this.#pieces, sizeBytes });
    return { id: this.id, sizeBytes };
  }

  async abort(): Promise<void> {
    this.#pieces = [];
  }
}

async function* slices(pieces: readonly Buffer[], start: number, end: number, isTheirs: boolean): AsyncGenerator<Piece> {
  for (let index = Math.floor(start / PIECE_SIZE_BYTES); index * PIECE_SIZE_BYTES < end; index++) {
    const offset = index * PIECE_SIZE_BYTES;
    const slice = pieces[index]!.subarray(Math.max(start - offset, 0), Math.min(end - offset, PIECE_SIZE_BYTES));
    yield isTheirs ? Buffer.from(slice) : slice;
  }
}
