import type { FileHandle } from "node:fs/promises";
import { unlink } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { explainFull } from "../../StorageFullError.ts";
import type { BlobId, BlobWriter } from "../BlobEngine.ts";
import {
  beginChecksum,
  CHECKSUM_SIZE_BYTES,
  CHUNK_SIZE_BYTES,
  chunkPosition,
  encodeHeader,
  HEADER_SIZE_BYTES,
} from "./blobFormat.ts";
import type { ChunkBuffers } from "./ChunkBuffers.ts";

/** Chunks handed to the system at once: one is written while the next gathers; more only costs memory. */
const MAX_CHUNKS_IN_FLIGHT = 2;

/** What a writer needs of its engine. */
export interface BlobFile {
  readonly id: BlobId;
  readonly path: string;
  readonly file: FileHandle;
  readonly expectedSizeBytes: number;
  readonly buffers: ChunkBuffers;
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
  /** Where the chunk under way is gathered: behind room for the header. `undefined`: none is under way. */
  #buffer: Buffer | undefined;
  #filledBytes = 0;
  #chunk = 0;
  #sizeBytes = 0;
  #over = false;

  constructor(target: BlobFile) {
    this.id = target.id;
    this.#target = target;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let taken = 0; taken < chunk.length;) {
      const end = Math.min(taken + CHUNK_SIZE_BYTES - this.#filledBytes, chunk.length);
      this.#buffer ??= this.#target.buffers.take();
      this.#filledBytes += chunk.copy(this.#buffer, HEADER_SIZE_BYTES + this.#filledBytes, taken, end);
      taken = end;
      if (this.#filledBytes === CHUNK_SIZE_BYTES) await this.#writeChunk(this.#buffer);
    }
  }

  async finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }> {
    const { file, expectedSizeBytes, syncEntry } = this.#target;
    try {
      if (this.#buffer !== undefined) await this.#writeChunk(this.#buffer);
      await this.#settle(0);
      // The header went out with the first chunk; only a wrong forecast has it written again.
      if (this.#sizeBytes === 0 || this.#sizeBytes !== expectedSizeBytes) {
        await writeFully(file, encodeHeader(this.id, this.#sizeBytes), 0);
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
    if (this.#buffer !== undefined) this.#target.buffers.giveBack(this.#buffer);
    this.#target.ended();
  }

  /** Hands the gathered chunk to the system; resolves when there is room for the next. */
  async #writeChunk(buffer: Buffer): Promise<void> {
    const { file, path, buffers, expectedSizeBytes } = this.#target;
    const end = HEADER_SIZE_BYTES + this.#filledBytes;
    const checksum = crc32(buffer.subarray(HEADER_SIZE_BYTES, end), beginChecksum(this.id, this.#chunk));
    buffer.writeUInt32BE(checksum, end);
    const isFirst = this.#chunk === 0;
    if (isFirst) encodeHeader(this.id, expectedSizeBytes).copy(buffer);
    const bytes = buffer.subarray(isFirst ? 0 : HEADER_SIZE_BYTES, end + CHECKSUM_SIZE_BYTES);
    this.#inFlight.push(
      writeFully(file, bytes, isFirst ? 0 : chunkPosition(this.#chunk, CHUNK_SIZE_BYTES))
        .catch((error: unknown) => {
          this.#failure ??= explainFull(error, path);
        })
        .finally(() => buffers.giveBack(buffer)),
    );
    this.#sizeBytes += this.#filledBytes;
    this.#chunk++;
    this.#filledBytes = 0;
    this.#buffer = undefined;
    await this.#settle(MAX_CHUNKS_IN_FLIGHT - 1);
  }

  /** Waits until at most `left` chunks are with the system; throws what a write failed with. */
  async #settle(left: number): Promise<void> {
    while (this.#inFlight.length > left) await this.#inFlight.shift();
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Writes all bytes. The system may take fewer than offered, as it does shortly before a disk is full. */
async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}
