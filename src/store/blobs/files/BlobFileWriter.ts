import type { FileHandle } from "node:fs/promises";
import { unlink } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { explainFull } from "../../StorageFullError.ts";
import type { BlobId, BlobWriter } from "../BlobEngine.ts";
import { beginChecksum, CHECKSUM_SIZE_BYTES, CHUNK_SIZE_BYTES, chunkPosition, encodeHeader } from "./blobFormat.ts";

/** Chunks handed to the system at once: one is written while the next gathers; more only costs memory. */
const MAX_CHUNKS_IN_FLIGHT = 2;

/** Pieces of a chunk written from where they lie; a chunk in smaller crumbs is copied together first. */
const MAX_PIECES = 64;

/** What a writer needs of its engine. */
export interface BlobFile {
  readonly id: BlobId;
  readonly path: string;
  readonly file: FileHandle;
  readonly expectedSizeBytes: number;
  /** Puts the file's folder entry on disk. `undefined`: nothing is synced. */
  readonly syncEntry: (() => Promise<void>) | undefined;
  /** Called once when the file is no longer written to. */
  readonly ended: () => void;
}

/** Writes one blob's file: gathers pieces to chunks, each followed by its checksum. */
export class BlobFileWriter implements BlobWriter {
  readonly id: BlobId;
  readonly #target: BlobFile;
  readonly #inFlight: Promise<void>[] = [];
  #failure: unknown;
  #pieces: Buffer[] = [];
  #gathered: Buffer | undefined;
  #filledBytes = 0;
  #checksum: number;
  #chunk = 0;
  #sizeBytes = 0;
  #over = false;

  constructor(target: BlobFile) {
    this.id = target.id;
    this.#target = target;
    this.#checksum = beginChecksum(target.id, 0);
  }

  async write(chunk: Buffer): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      const piece = rest.subarray(0, CHUNK_SIZE_BYTES - this.#filledBytes);
      rest = rest.subarray(piece.length);
      this.#add(piece);
      if (this.#filledBytes === CHUNK_SIZE_BYTES) await this.#writeChunk();
    }
  }

  async finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }> {
    const { file, expectedSizeBytes, syncEntry } = this.#target;
    try {
      if (this.#filledBytes > 0) await this.#writeChunk();
      await this.#settle(0);
      // The header went out with the first chunk; only a wrong forecast has it written again.
      if (this.#sizeBytes === 0 || this.#sizeBytes !== expectedSizeBytes) {
        await writeFully(file, [encodeHeader(this.id, this.#sizeBytes)], 0);
      }
      if (syncEntry !== undefined) await Promise.all([file.datasync(), syncEntry()]);
      await file.close();
    } catch (error) {
      await this.abort();
      throw explainFull(error, this.#target.path);
    }
    this.#end();
    return { id: this.id, sizeBytes: this.#sizeBytes };
  }

  async abort(): Promise<void> {
    if (this.#over) return;
    // What cannot be removed now is an orphan, and found at the next start.
    await this.#target.file.close().catch(() => undefined);
    await unlink(this.#target.path).catch(() => undefined);
    this.#end();
  }

  #end(): void {
    this.#over = true;
    this.#target.ended();
  }

  #add(piece: Buffer): void {
    this.#checksum = crc32(piece, this.#checksum);
    if (this.#gathered === undefined && this.#pieces.length === MAX_PIECES) {
      this.#gathered = Buffer.allocUnsafeSlow(CHUNK_SIZE_BYTES);
      let copied = 0;
      for (const earlier of this.#pieces) copied += earlier.copy(this.#gathered, copied);
    }
    if (this.#gathered === undefined) this.#pieces.push(piece);
    else piece.copy(this.#gathered, this.#filledBytes);
    this.#filledBytes += piece.length;
    this.#sizeBytes += piece.length;
  }

  /** Hands the gathered chunk to the system; resolves when there is room for the next. */
  async #writeChunk(): Promise<void> {
    const checksum = Buffer.allocUnsafe(CHECKSUM_SIZE_BYTES);
    checksum.writeUInt32BE(this.#checksum);
    const data = this.#gathered === undefined ? this.#pieces : [this.#gathered.subarray(0, this.#filledBytes)];
    const first = this.#chunk === 0;
    const buffers = [...(first ? [encodeHeader(this.id, this.#target.expectedSizeBytes)] : []), ...data, checksum];
    const position = first ? 0 : chunkPosition(this.#chunk, CHUNK_SIZE_BYTES);
    this.#inFlight.push(
      writeFully(this.#target.file, buffers, position).catch((error: unknown) => {
        this.#failure ??= explainFull(error, this.#target.path);
      }),
    );
    this.#chunk++;
    this.#pieces = [];
    this.#gathered = undefined;
    this.#filledBytes = 0;
    this.#checksum = beginChecksum(this.id, this.#chunk);
    await this.#settle(MAX_CHUNKS_IN_FLIGHT - 1);
  }

  /** Waits until at most `left` chunks are with the system; throws what a write failed with. */
  async #settle(left: number): Promise<void> {
    while (this.#inFlight.length > left) await this.#inFlight.shift();
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Writes all bytes of all buffers. The system may take fewer than offered, as it does shortly before a disk is full. */
async function writeFully(file: FileHandle, buffers: readonly Buffer[], position: number): Promise<void> {
  const sizeBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  let { bytesWritten } = await file.writev(buffers, position);
  if (bytesWritten === sizeBytes) return;
  const whole = Buffer.concat(buffers);
  while (bytesWritten < sizeBytes) {
    bytesWritten += (await file.write(whole, bytesWritten, sizeBytes - bytesWritten, position + bytesWritten)).bytesWritten;
  }
}
