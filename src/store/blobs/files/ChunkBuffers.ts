import { CHECKSUM_SIZE_BYTES, CHUNK_SIZE_BYTES, HEADER_SIZE_BYTES } from "./blobFormat.ts";

/** Chunks that a long read takes at once while few read: each trip to the disk and to the socket has its price. */
const CHUNKS_OF_FEW_READERS = 8;
const FEW_READERS = 8;
/** And while many do, which must not take so much memory each. */
const CHUNKS_OF_MANY_READERS = 2;

const LARGE_SIZE_BYTES: number = bufferSize(CHUNKS_OF_FEW_READERS);
const SMALL_SIZE_BYTES: number = bufferSize(CHUNKS_OF_MANY_READERS);

/** Buffers kept for the next readers and writers: up to 16 MiB of the large ones and 8 MiB of the small ones. */
const MAX_IDLE_LARGE = 8;
const MAX_IDLE_SMALL = 16;

/**
 * Buffers that chunks are read into and written from, used again and again: the system has to clear every page of a fresh one, and V8
 * collects those out of use late and at a price, which together cost a large body more time than the copying.
 */
export class ChunkBuffers {
  readonly #idleLarge: Buffer[] = [];
  readonly #idleSmall: Buffer[] = [];
  #readers = 0;

  /** Counts a reader in; the result counts it out again. */
  enter(): () => void {
    this.#readers += 1;
    return () => void (this.#readers -= 1);
  }

  /** A buffer with room for a header, some chunks and a checksum; what it holds is anything. Has more room if so many chunks follow. */
  take(followingChunks = 1): Buffer {
    const isLarge = followingChunks > CHUNKS_OF_MANY_READERS && this.#readers <= FEW_READERS;
    const idle = isLarge ? this.#idleLarge : this.#idleSmall;
    return idle.pop() ?? Buffer.allocUnsafeSlow(bufferSize(isLarge ? CHUNKS_OF_FEW_READERS : CHUNKS_OF_MANY_READERS));
  }

  /** Takes a buffer back that nobody looks at any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === LARGE_SIZE_BYTES && this.#idleLarge.length < MAX_IDLE_LARGE) this.#idleLarge.push(buffer);
    if (buffer.length === SMALL_SIZE_BYTES && this.#idleSmall.length < MAX_IDLE_SMALL) this.#idleSmall.push(buffer);
  }
}

/** The chunks a buffer has room for. */
export function chunksIn(buffer: Buffer): number {
  return Math.floor((buffer.length - bufferSize(0)) / CHUNK_SIZE_BYTES);
}

function bufferSize(chunks: number): number {
  return HEADER_SIZE_BYTES + chunks * CHUNK_SIZE_BYTES + CHECKSUM_SIZE_BYTES;
}
