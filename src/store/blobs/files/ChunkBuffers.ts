import { CHECKSUM_SIZE_BYTES, CHUNK_SIZE_BYTES, CHUNKS_PER_READ, HEADER_SIZE_BYTES } from "./blobFormat.ts";

/** Buffers kept for the next readers and writers, 16 MiB of them. */
const MAX_IDLE_BUFFERS = 32;
const BUFFER_SIZE_BYTES: number = HEADER_SIZE_BYTES + CHUNKS_PER_READ * CHUNK_SIZE_BYTES + CHECKSUM_SIZE_BYTES;

/**
 * Buffers that chunks are read into and written from, used again and again: the system has to clear every page of a fresh one, and V8
 * collects those out of use late and at a price, which together cost a large body more time than the copying.
 */
export class ChunkBuffers {
  readonly #idle: Buffer[] = [];

  /** A buffer with room for a header, a chunk and its checksum; what it holds is anything. */
  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE_BYTES);
  }

  /** Takes a buffer back that nobody looks at any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === BUFFER_SIZE_BYTES && this.#idle.length < MAX_IDLE_BUFFERS) this.#idle.push(buffer);
  }
}
