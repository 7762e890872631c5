import { CrcKernel } from "../../../kernels/CrcKernel.ts";
import { CHUNK_SIZE_BYTES } from "./blobFormat.ts";

/** Room for the head of a file in front of its first chunk: a whole block, as direct writes need it. */
const HEAD_ROOM_SIZE_BYTES = 4096;

/**
 * What buffers there are, the largest first. Each trip to the disk and to the socket has its price, so few bodies under way take many
 * chunks at once; many must not take so much memory each.
 */
const KINDS: readonly BufferKind[] = [
  { mostUsers: 2, sizeBytes: 8 * CHUNK_SIZE_BYTES },
  { mostUsers: 8, sizeBytes: 4 * CHUNK_SIZE_BYTES },
  { mostUsers: 32, sizeBytes: 2 * CHUNK_SIZE_BYTES },
  { mostUsers: Infinity, sizeBytes: HEAD_ROOM_SIZE_BYTES + CHUNK_SIZE_BYTES },
];

/** Idle buffers kept of each kind besides one for each body under way: for those that come next. */
const MOST_SPARE = 2;

interface BufferKind {
  /** Not taken by more readers and writers than this. */
  readonly mostUsers: number;
  readonly sizeBytes: number;
}

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
 *
 * Those that nobody uses are held while bodies are under way, as many of each size as there are bodies and a few: a writer that waits for its
 * client has none, and needs one when its client goes on. One that is dropped takes room until it is collected, and so does the one made in
 * its place. Once no body is under way they are held weakly: a full collection, which an idle process makes, frees them.
 */
export class ChunkBuffers {
  readonly #idle: readonly WeakRef<ChunkBuffer>[][] = KINDS.map(() => []);
  /** Idle ones that no collection takes. */
  readonly #held = new Set<ChunkBuffer>();
  #users = 0;

  /** Counts a reader or writer in; the result counts it out again. */
  enter(): () => void {
    this.#users += 1;
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#held.clear();
      else this.#dropSpare();
    };
  }

  /** True while so many bodies are under way that none should hold more than it needs. */
  get isCrowded(): boolean {
    return this.#users > KINDS.at(-2)!.mostUsers;
  }

  /** A buffer with room for a chunk at least; what it holds is anything. Has more room if so many bytes follow. */
  take(followingBytes: number): ChunkBuffer {
    let kind = 0;
    while (this.#users > KINDS[kind]!.mostUsers) kind += 1;
    while (kind < KINDS.length - 1 && followingBytes <= KINDS[kind + 1]!.sizeBytes) kind += 1;
    const idle = this.#idle[kind]!;
    for (let reference = idle.pop(); reference !== undefined; reference = idle.pop()) {
      const buffer = reference.deref();
      if (buffer === undefined) continue;
      this.#held.delete(buffer);
      return buffer;
    }
    return new ChunkBuffer(KINDS[kind]!.sizeBytes);
  }

  /** Takes a buffer back that nobody looks at any more. */
  giveBack(buffer: ChunkBuffer): void {
    for (const [kind, { sizeBytes }] of KINDS.entries()) {
      const idle = this.#idle[kind]!;
      if (buffer.bytes.length !== sizeBytes || idle.length >= this.#mostIdle) continue;
      idle.push(new WeakRef(buffer));
      if (this.#users > 0) this.#held.add(buffer);
    }
  }

  get #mostIdle(): number {
    return this.#users + MOST_SPARE;
  }

  #dropSpare(): void {
    for (const idle of this.#idle) {
      for (const reference of idle.splice(this.#mostIdle)) {
        const buffer = reference.deref();
        if (buffer !== undefined) this.#held.delete(buffer);
      }
    }
  }
}
