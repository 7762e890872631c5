import { KERNELS } from "./generated/kernels.ts";
import { instantiate } from "./instantiate.ts";
import {
  MD5_BLOCK_SIZE_BYTES,
  MD5_MAX_STREAMS,
  MD5_STATES,
  MD5_STREAM_SIZE_BYTES,
  MD5_STREAMS,
  MD5_WAITING_SIZE_BYTES,
} from "./kernelLayout.ts";

/** Streams that the kernel advances at once, at most. */
const MAX_LANES = 4;
const STATE_WORDS = 4;
const STATE_SIZE_BYTES = 4 * STATE_WORDS;
const INITIAL_STATE: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

/**
 * Hashes several streams with MD5 for little more than the price of one. Bytes of a stream wait, copied, until there is room for no more
 * or its value is asked for; then those of up to three others go along. Nobody waits for others: a stream that is alone is hashed alone.
 */
export class Md5Lanes {
  readonly #kernel: ReturnType<typeof instantiate> = instantiate(KERNELS.MD5);
  readonly #bytes: Uint8Array = new Uint8Array(this.#kernel.memory);
  readonly #words: Uint32Array = new Uint32Array(this.#kernel.memory);
  readonly #streams: Set<Md5Stream> = new Set();
  readonly #freePlaces: number[] = [];

  constructor() {
    for (let index = MD5_MAX_STREAMS - 1; index >= 0; index -= 1)
      this.#freePlaces.push(MD5_STREAMS + index * MD5_STREAM_SIZE_BYTES);
  }

  /** A new stream, or `undefined` when there is room for no more of them. */
  begin(): Md5Stream | undefined {
    const place = this.#freePlaces.pop();
    if (place === undefined) return undefined;
    this.#words.set(INITIAL_STATE, place / 4);
    const stream = new Md5Stream(this, this.#bytes, place);
    this.#streams.add(stream);
    return stream;
  }

  /** For the stream: gives its place to the next one. */
  end(stream: Md5Stream): void {
    if (this.#streams.delete(stream)) this.#freePlaces.push(stream.place);
  }

  /** For the stream: hashes so many blocks of it, and as many of others as go along. */
  advance(stream: Md5Stream, blocks: number): void {
    for (let rest = blocks; rest > 0;) {
      const lanes = this.#lanes(stream);
      let count = rest;
      for (const lane of lanes) count = Math.min(count, lane.readyBlocks);
      this.#run(lanes, count);
      for (const lane of lanes) lane.consume(count);
      rest -= count;
    }
  }

  /** A stream and those that go along: the others that have blocks, the most first. */
  #lanes(stream: Md5Stream): Md5Stream[] {
    if (this.#streams.size === 1) return [stream];
    const others: Md5Stream[] = [];
    for (const other of this.#streams) if (other !== stream && other.readyBlocks > 0) others.push(other);
    if (others.length >= MAX_LANES) others.sort((a, b) => b.readyBlocks - a.readyBlocks);
    return [stream, ...others.slice(0, MAX_LANES - 1)];
  }

  #run(lanes: readonly Md5Stream[], blocks: number): void {
    const { md5x1, md5x2, md5x4 } = this.#kernel.functions;
    const width = lanes.length > 2 ? MAX_LANES : lanes.length;
    const first = lanes[0]!;
    const end = first.readyAt + blocks * MD5_BLOCK_SIZE_BYTES;
    // A lane without a stream does the first one's work again, for nothing.
    const [, second = first, third = first, fourth = first] = lanes;
    this.#loadStates([first, second, third, fourth], width);
    if (width === 1) md5x1!(first.readyAt, end);
    else if (width === 2) md5x2!(first.readyAt, second.readyAt, end);
    else md5x4!(first.readyAt, second.readyAt, third.readyAt, fourth.readyAt, end);
    this.#storeStates(lanes, width);
  }

  #loadStates(lanes: readonly Md5Stream[], width: number): void {
    const words = this.#words;
    for (let lane = 0; lane < width; lane += 1) {
      const from = lanes[lane]!.place / 4;
      for (let word = 0; word < STATE_WORDS; word += 1) words[MD5_STATES / 4 + word * width + lane] = words[from + word]!;
    }
  }

  #storeStates(lanes: readonly Md5Stream[], width: number): void {
    const words = this.#words;
    for (let lane = 0; lane < lanes.length; lane += 1) {
      const to = lanes[lane]!.place / 4;
      for (let word = 0; word < STATE_WORDS; word += 1) words[to + word] = words[MD5_STATES / 4 + word * width + lane]!;
    }
  }
}

/** One of the streams. The bytes that wait are in a ring. */
export class Md5Stream {
  /** Where its state is in the kernel's memory; the ring follows. */
  readonly place: number;
  readonly #lanes: Md5Lanes;
  readonly #memory: Uint8Array;
  readonly #ring: number;
  /** Where in the ring the bytes that wait begin, always a block's beginning, and their number. */
  #start = 0;
  #waitingSizeBytes = 0;
  #sizeBytes = 0;

  constructor(lanes: Md5Lanes, memory: Uint8Array, place: number) {
    this.place = place;
    this.#lanes = lanes;
    this.#memory = memory;
    this.#ring = place + MD5_BLOCK_SIZE_BYTES;
  }

  /** Whole blocks that wait, as far as they are side by side in memory. */
  get readyBlocks(): number {
    return Math.floor(Math.min(this.#waitingSizeBytes, MD5_WAITING_SIZE_BYTES - this.#start) / MD5_BLOCK_SIZE_BYTES);
  }

  /** The first one's place in memory. */
  get readyAt(): number {
    return this.#ring + this.#start;
  }

  /** For the lanes: so many blocks have been hashed. */
  consume(blocks: number): void {
    const sizeBytes = blocks * MD5_BLOCK_SIZE_BYTES;
    this.#start = (this.#start + sizeBytes) % MD5_WAITING_SIZE_BYTES;
    this.#waitingSizeBytes -= sizeBytes;
  }

  /** Takes bytes, by copying them. */
  update(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    this.#append(bytes);
  }

  /** The value; releases the stream. */
  digest(): Buffer {
    this.#append(md5Padding(this.#sizeBytes));
    this.#lanes.advance(this, this.#waitingSizeBytes / MD5_BLOCK_SIZE_BYTES);
    const value = Buffer.from(this.#memory.subarray(this.place, this.place + STATE_SIZE_BYTES));
    this.release();
    return value;
  }

  /** Gives up, unless the value was taken. */
  release(): void {
    this.#lanes.end(this);
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const rest = bytes.length - done;
      if (this.#waitingSizeBytes === MD5_WAITING_SIZE_BYTES) {
        // No more than has to make room: the rest may find company later.
        this.#lanes.advance(this, Math.ceil(Math.min(rest, MD5_WAITING_SIZE_BYTES) / MD5_BLOCK_SIZE_BYTES));
      }
      const end = (this.#start + this.#waitingSizeBytes) % MD5_WAITING_SIZE_BYTES;
      const sizeBytes = Math.min(rest, MD5_WAITING_SIZE_BYTES - this.#waitingSizeBytes, MD5_WAITING_SIZE_BYTES - end);
      this.#memory.set(sizeBytes === bytes.length ? bytes : bytes.subarray(done, done + sizeBytes), this.#ring + end);
      this.#waitingSizeBytes += sizeBytes;
      done += sizeBytes;
    }
  }
}

/** What follows a message of so many bytes, up to whole blocks: a one bit, zeros, and its length in bits modulo 2^64. */
export function md5Padding(sizeBytes: number): Buffer {
  const lengthAt = MD5_BLOCK_SIZE_BYTES - 8;
  const zeros = (lengthAt - 1 - (sizeBytes % MD5_BLOCK_SIZE_BYTES) + MD5_BLOCK_SIZE_BYTES) % MD5_BLOCK_SIZE_BYTES;
  const padding = Buffer.alloc(1 + zeros + 8);
  padding[0] = 0x80;
  padding.writeUInt32LE((sizeBytes % 2 ** 29) * 8, 1 + zeros);
  padding.writeUInt32LE(Math.floor(sizeBytes / 2 ** 29), 1 + zeros + 4);
  return padding;
}
