import { KERNELS } from "./generated/kernels.ts";
import { CRC_POLYNOMIALS } from "./crcPolynomials.ts";
import { instantiate } from "./instantiate.ts";
import type { CrcAlgorithm } from "./kernelLayout.ts";
import {
  CRC_BLOCK_SIZE_BYTES,
  CRC_FOLDED,
  CRC_FOLDS,
  CRC_INPUT,
  CRC_MAX_WINDOW_SIZE_BYTES,
  CRC_REGISTER,
  CRC_REST,
  CRC_STEP_SIZE_BYTES,
} from "./kernelLayout.ts";

/**
 * Computes a cyclic redundancy check over bytes in its own memory, for any number of streams: it keeps nothing between two calls.
 *
 * All bytes but the last, a window of up to four kilobytes, are folded into those behind them, 16 at a time, without tables and without
 * multiplication (WebAssembly has none that does not carry). What is left is looked up in tables, eight bytes at a time.
 */
export class CrcKernel {
  /** Where bytes are put to be checked; they stay as they are. It begins a page of memory. */
  readonly input: Buffer;
  readonly #windowSizeBytes: number;
  readonly #memory: DataView;
  readonly #bytes: Uint8Array;
  readonly #fold: (source: number, window: number, destination: number, end: number) => void;
  readonly #lookUp: (start: number, end: number) => void;

  constructor(algorithm: CrcAlgorithm, inputSizeBytes: number) {
    this.#windowSizeBytes = CRC_FOLDS[algorithm].at(-1)!;
    const { memory, functions } = instantiate(KERNELS[algorithm], CRC_INPUT + inputSizeBytes);
    this.#memory = new DataView(memory);
    this.#bytes = new Uint8Array(memory);
    this.input = Buffer.from(memory, CRC_INPUT, inputSizeBytes);
    this.#fold = functions["fold"]!;
    this.#lookUp = functions["lookUp"]!;
    this.#bytes.set(tables(algorithm));
  }

  /** Advances a register, its lower half first, over the input from `start` (inclusive) to `end` (exclusive). */
  advance(register: Uint32Array, start: number, end: number): void {
    const steps = Math.max(Math.floor((end - start - this.#windowSizeBytes) / CRC_STEP_SIZE_BYTES), 0);
    const rest = start + steps * CRC_STEP_SIZE_BYTES;
    const restEnd = CRC_REST + end - rest;
    this.#bytes.copyWithin(CRC_REST, CRC_INPUT + rest, CRC_INPUT + end);
    if (steps === 0) {
      this.#setWords(CRC_REGISTER, register);
    } else {
      const folded = this.#foldAll(register, CRC_INPUT + start, CRC_INPUT + rest);
      this.#setWords(CRC_REGISTER, NOTHING);
      this.#fold(CRC_REST, folded - this.#windowSizeBytes, CRC_REST, restEnd);
    }
    this.#lookUp(CRC_REST, restEnd);
    register[0] = this.#memory.getUint32(CRC_REGISTER, true);
    register[1] = this.#memory.getUint32(CRC_REGISTER + 4, true);
  }

  /** Folds whole steps, and the register, block by block. Returns where the last window ends; zeros follow. */
  #foldAll(register: Uint32Array, source: number, end: number): number {
    const window = CRC_FOLDED - this.#windowSizeBytes;
    this.#bytes.fill(0, window, CRC_FOLDED);
    // Only the first bytes look so far back: they are what the register has to be added to.
    this.#setWords(window, register);
    for (let start = source; ; start += CRC_BLOCK_SIZE_BYTES) {
      const foldedEnd = CRC_FOLDED + Math.min(end - start, CRC_BLOCK_SIZE_BYTES);
      this.#fold(start, window, CRC_FOLDED, foldedEnd);
      if (end - start <= CRC_BLOCK_SIZE_BYTES) {
        this.#bytes.fill(0, foldedEnd, foldedEnd + CRC_MAX_WINDOW_SIZE_BYTES + CRC_STEP_SIZE_BYTES);
        return foldedEnd;
      }
      this.#bytes.copyWithin(window, foldedEnd - this.#windowSizeBytes, foldedEnd);
    }
  }

  #setWords(place: number, words: Uint32Array): void {
    this.#memory.setUint32(place, words[0]!, true);
    this.#memory.setUint32(place + 4, words[1]!, true);
  }
}

const NOTHING: Uint32Array = Uint32Array.of(0, 0);

const madeTables = new Map<CrcAlgorithm, Uint8Array>();

/** Table n is what a byte followed by n zero bytes does to the register. */
function tables(algorithm: CrcAlgorithm): Uint8Array {
  let made = madeTables.get(algorithm);
  if (made === undefined) {
    made = makeTables(CRC_POLYNOMIALS[algorithm]);
    madeTables.set(algorithm, made);
  }
  return made;
}

function makeTables(polynomial: bigint): Uint8Array {
  const entries = new BigUint64Array(CRC_REGISTER / 8);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 0n ? value >> 1n : (value >> 1n) ^ polynomial;
    entries[byte] = value;
  }
  for (let index = 256; index < entries.length; index += 1) {
    const before = entries[index - 256]!;
    entries[index] = (before >> 8n) ^ entries[Number(before & 0xffn)]!;
  }
  return new Uint8Array(entries.buffer);
}
