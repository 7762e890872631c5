import type { FileHandle } from "node:fs/promises";
import { open, unlink } from "node:fs/promises";
import type { Piece } from "../../../protocol/Payload.ts";
import { explainFull } from "../../../errors/StorageFullError.ts";
import type { BlobId, BlobWriter } from "../BlobEngine.ts";
import { beginChecksum, CHECKSUM_SIZE_BYTES, CHUNK_SIZE_BYTES, encodeHeader } from "./blobFormat.ts";
import type { ChunkBuffer, ChunkBuffers } from "./ChunkBuffers.ts";
import { DIRECT_BLOCK_SIZE_BYTES } from "./directWrites.ts";

/** Buffers handed to the system at once: one is written while the next is filled; more only costs memory. */
const MAX_WRITES_UNDER_WAY = 1;

/** What a writer needs of its engine. */
export interface BlobFile {
  readonly id: BlobId;
  readonly path: string;
  readonly file: FileHandle;
  /** The file takes whole blocks only; see `directWrites.ts`. */
  readonly isDirect: boolean;
  readonly expectedSizeBytes: number;
  readonly buffers: ChunkBuffers;
  /** Puts the file's folder entry on disk. `undefined`: nothing is synced. */
  readonly syncEntry: (() => Promise<void>) | undefined;
  /** Called once when the blob is whole, with the size of its file. */
  readonly finished: (fileSizeBytes: number) => void;
  /** Called once when the file is no longer written to. */
  readonly ended: () => void;
}

/** Writes one blob's file from its front to its end: gathers pieces to chunks, each followed by its checksum. */
export class BlobFileWriter implements BlobWriter {
  readonly id: BlobId;
  readonly #target: BlobFile;
  readonly #leave: () => void;
  readonly #underWay: Promise<void>[] = [];
  #failure: unknown;
  /** What of the file is being gathered, where that begins in the file, and how much there is of it. */
  #buffer: ChunkBuffer | undefined;
  #position = 0;
  #filledBytes = 0;
  /** The chunk under way: its number, data bytes, and the checksum of those before `#summedBytes` of the buffer. */
  #chunk = 0;
  #chunkSizeBytes = 0;
  #checksum = 0;
  #summedBytes = 0;
  #sizeBytes = 0;
  #over = false;

  constructor(target: BlobFile) {
    this.id = target.id;
    this.#target = target;
    this.#leave = target.buffers.enter();
  }

  async write(piece: Piece): Promise<void> {
    for (let taken = 0; taken < piece.length;) {
      if (this.#sizeBytes === 0) await this.#begin();
      const buffer = this.#bufferUnderWay();
      const end = Math.min(taken + CHUNK_SIZE_BYTES - this.#chunkSizeBytes, piece.length);
      const copied = piece.copy(buffer.bytes, this.#filledBytes, taken, end);
      taken += copied;
      this.#filledBytes += copied;
      this.#chunkSizeBytes += copied;
      this.#sizeBytes += copied;
      if (this.#filledBytes === buffer.bytes.length) await this.#writeOut(buffer);
      if (this.#chunkSizeBytes === CHUNK_SIZE_BYTES) await this.#endChunk();
    }
  }

  async finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }> {
    const { file, isDirect, expectedSizeBytes, syncEntry } = this.#target;
    try {
      if (this.#sizeBytes === 0) await this.#begin();
      if (this.#chunkSizeBytes > 0) await this.#endChunk();
      const sizeBytes = this.#position + this.#filledBytes;
      if (this.#filledBytes > 0) await this.#writeOut(this.#buffer!);
      await this.#settle(0);
      if (isDirect) await file.truncate(sizeBytes);
      if (this.#sizeBytes !== expectedSizeBytes) await this.#correctHeader();
      if (syncEntry !== undefined) await Promise.all([file.datasync(), syncEntry()]);
      await file.close();
      this.#target.finished(sizeBytes);
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
    this.#leave();
    this.#target.ended();
  }

  async #begin(): Promise<void> {
    await this.#put(encodeHeader(this.id, this.#target.expectedSizeBytes));
    this.#beginChunk(0);
  }

  #beginChunk(chunk: number): void {
    this.#chunk = chunk;
    this.#chunkSizeBytes = 0;
    this.#checksum = beginChecksum(this.id, chunk);
    this.#summedBytes = this.#filledBytes;
  }

  async #endChunk(): Promise<void> {
    this.#sum();
    const checksum = Buffer.allocUnsafe(CHECKSUM_SIZE_BYTES);
    checksum.writeUInt32BE(this.#checksum);
    await this.#put(checksum);
    this.#beginChunk(this.#chunk + 1);
  }

  #sum(): void {
    if (this.#buffer === undefined) return;
    this.#checksum = this.#buffer.checksum(this.#summedBytes, this.#filledBytes, this.#checksum);
    this.#summedBytes = this.#filledBytes;
  }

  /** Appends what is not data to the file; resolves when there is room for more. */
  async #put(bytes: Piece): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      const buffer = this.#bufferUnderWay();
      const copied = bytes.copy(buffer.bytes, this.#filledBytes, taken);
      taken += copied;
      this.#filledBytes += copied;
      if (this.#filledBytes === buffer.bytes.length) await this.#writeOut(buffer);
    }
  }

  #bufferUnderWay(): ChunkBuffer {
    return (this.#buffer ??= this.#target.buffers.take(this.#target.expectedSizeBytes - this.#sizeBytes));
  }

  /** Hands what was gathered to the system; resolves when there is room for more. */
  async #writeOut(buffer: ChunkBuffer): Promise<void> {
    const { file, isDirect, path, buffers } = this.#target;
    this.#sum();
    const end = isDirect ? Math.ceil(this.#filledBytes / DIRECT_BLOCK_SIZE_BYTES) * DIRECT_BLOCK_SIZE_BYTES : this.#filledBytes;
    buffer.bytes.fill(0, this.#filledBytes, end);
    this.#underWay.push(
      writeFully(file, buffer.bytes.subarray(0, end), this.#position)
        .catch((error: unknown) => {
          this.#failure ??= explainFull(error, path);
        })
        .finally(() => buffers.giveBack(buffer)),
    );
    this.#position += this.#filledBytes;
    this.#filledBytes = 0;
    this.#summedBytes = 0;
    this.#buffer = undefined;
    await this.#settle(MAX_WRITES_UNDER_WAY);
  }

  /** Waits until at most `left` writes are with the system; throws what a write failed with. */
  async #settle(left: number): Promise<void> {
    while (this.#underWay.length > left) await this.#underWay.shift();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The header went out with the first chunk; only a wrong forecast has it written again. */
  async #correctHeader(): Promise<void> {
    const file = await open(this.#target.path, "r+");
    try {
      await writeFully(file, encodeHeader(this.id, this.#sizeBytes), 0);
      if (this.#target.syncEntry !== undefined) await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** Writes all bytes. The system may take fewer than offered, as it does shortly before a disk is full. */
async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}
