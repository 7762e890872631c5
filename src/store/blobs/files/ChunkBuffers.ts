import { CrcKernel } from "../../../kernels/CrcKernel.ts";
import { CHUNK_SIZE_BYTES } from "./blobFormat.ts";

/** Chunks that are read or written at once while few bodies are under way: each trip to the disk and to the socket has its price. */
const CHUNKS_OF_FEW_USERS = 8;
const FEW_USERS = 8;
/** And while many are, which must not take so much memory each. */
const CHUNKS_OF_MANY_USERS = 2;

const LARGE_SIZE_BYTES: number = CHUNKS_OF_FEW_USERS * CHUNK_SIZE_BYTES;
const SMALL_SIZE_BYTES: number = CHUNKS_OF_MANY_USERS * CHUNK_SIZE_BYTES;

/** Buffers kept for the next readers and writers: up to 16 MiB of the large ones and 8 MiB of the small ones. */
const MAX_IDLE_LARGE = 8;
const MAX_IDLE_SMALL = 16;

/** Memory for bytes that can be summed up where they are. It begins a page, as memory of WebAssembly does, and as direct writes need it. */
export class ChunkBuffer {
  readonly bytes: Buffer;
  readonly #kernel: CrcKernel;
  readonly #register = new Uint32Array(2);

  constructor(sizeBytes: number) {
    this.#kernel = new CrcKernel("CRC32", sizeBytes);
    this.bytes = this.#kernel.input;
  }

  /** CRC-32 of the bytes from `start` (inclusive) to `end` (exclusive), behind others whose CRC-32 is `before`. */
  checksum(start: number, end: number, before: number): number {
    this.#register[0] = ~before;
    this.#register[1] = 0;
    this.#kernel.advance(this.#register, start, end);
    return ~this.#register[0] >>> 0;
  }
}

/**
 * Buffers that chunks are read into and written from, used again and again: the system has to clear every page of a fresh one, and V8
 * collects those out of use late and at a price, which together cost a large body more time than the copying.
 */
export class ChunkBuffers {
  readonly #idleLarge: ChunkBuffer[] = [];
  readonly #idleSmall: ChunkBuffer[] = [];
  #users = 0;

  /** Counts a reader or writer in; the result counts it out again. */
  enter(): () => void {
    this.#users += 1;
    return () => void (this.#users -= 1);
  }

  /** A buffer with room for some chunks; what it holds is anything. Has more room if so many bytes follow. */
  take(followingBytes: number): ChunkBuffer {
    const isLarge = followingBytes > SMALL_SIZE_BYTES && this.#users <= FEW_USERS;
    const idle = isLarge ? this.#idleLarge : this.#idleSmall;
    return idle.pop() ?? new ChunkBuffer(isLarge ? LARGE_SIZE_BYTES : SMALL_SIZE_BYTES);
  }

  /** Takes a buffer back that nobody looks at any more. */
  giveBack(buffer: ChunkBuffer): void {
    const { length } = buffer.bytes;
    if (length === LARGE_SIZE_BYTES && this.#idleLarge.length < MAX_IDLE_LARGE) this.#idleLarge.push(buffer);
    if (length === SMALL_SIZE_BYTES && this.#idleSmall.length < MAX_IDLE_SMALL) this.#idleSmall.push(buffer);
  }
}
