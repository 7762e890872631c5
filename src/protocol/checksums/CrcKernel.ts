import { KERNELS } from "../generated/kernels.ts";
import { CRC_POLYNOMIALS } from "./crcPolynomials.ts";
import { instantiate } from "./instantiate.ts";
import type { CrcAlgorithm } from "./kernelLayout.ts";
import {
  CRC_BUFFER,
  CRC_BUFFER_SIZE_BYTES,
  CRC_FOLDS,
  CRC_MAX_WINDOW_SIZE_BYTES,
  CRC_REGISTER,
  CRC_REST,
  CRC_STEP_SIZE_BYTES,
} from "./kernelLayout.ts";

/**
 * Computes a cyclic redundancy check for any number of streams: it keeps nothing between two calls.
 *
 * All bytes but the last, a window of up to a kilobyte and a half, are folded into those behind them, 16 at a time, without tables and
 * without multiplication (WebAssembly has none that does not carry). What is left is looked up in tables, eight bytes at a time.
 */
export class CrcKernel {
  readonly #windowSizeBytes: number;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #fold: (source: number, destination: number, end: number) => void;
  readonly #lookUp: (start: number, end: number) => void;

  constructor(algorithm: CrcAlgorithm) {
    this.#windowSizeBytes = CRC_FOLDS[algorithm].at(-1)!;
    const { memory, functions } = instantiate(KERNELS[algorithm]);
    this.#bytes = new Uint8Array(memory);
    this.#words = new Uint32Array(memory);
    this.#fold = functions["fold"]!;
    this.#lookUp = functions["lookUp"]!;
    writeTables(new BigUint64Array(memory, 0, CRC_REGISTER / 8), CRC_POLYNOMIALS[algorithm]);
  }

  /** Advances a register, its lower half first, over bytes. */
  advance(register: Uint32Array, bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += CRC_BUFFER_SIZE_BYTES) {
      this.#advance(register, bytes.subarray(start, start + CRC_BUFFER_SIZE_BYTES));
    }
  }

  #advance(register: Uint32Array, bytes: Uint8Array): void {
    const words = this.#words;
    const steps = Math.max(Math.floor((bytes.length - this.#windowSizeBytes) / CRC_STEP_SIZE_BYTES), 0);
    const folded = bytes.subarray(0, steps * CRC_STEP_SIZE_BYTES);
    const rest = bytes.subarray(folded.length);
    this.#bytes.set(rest, CRC_REST);
    words[CRC_REGISTER / 4] = register[0]!;
    words[CRC_REGISTER / 4 + 1] = register[1]!;
    if (folded.length > 0) this.#foldInto(folded, rest.length);
    this.#lookUp(CRC_REST, CRC_REST + rest.length);
    register[0] = words[CRC_REGISTER / 4]!;
    register[1] = words[CRC_REGISTER / 4 + 1]!;
  }

  /** Folds bytes, and the register, into the rest. */
  #foldInto(folded: Uint8Array, restSizeBytes: number): void {
    const words = this.#words;
    const end = CRC_BUFFER + folded.length;
    this.#bytes.set(folded, CRC_BUFFER);
    this.#bytes.fill(0, end, end + CRC_MAX_WINDOW_SIZE_BYTES);
    // The register is what the first bytes have to be added to.
    words[CRC_BUFFER / 4]! ^= words[CRC_REGISTER / 4]!;
    words[CRC_BUFFER / 4 + 1]! ^= words[CRC_REGISTER / 4 + 1]!;
    words.fill(0, CRC_REGISTER / 4, CRC_REGISTER / 4 + 2);
    this.#fold(CRC_BUFFER - this.#windowSizeBytes, CRC_BUFFER, end);
    this.#fold(end - this.#windowSizeBytes, CRC_REST, CRC_REST + restSizeBytes);
  }
}

/** Table n is what a byte followed by n zero bytes does to the register. */
function writeTables(entries: BigUint64Array, polynomial: bigint): void {
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 0n ? value >> 1n : (value >> 1n) ^ polynomial;
    entries[byte] = value;
  }
  for (let index = 256; index < entries.length; index += 1) {
    const before = entries[index - 256]!;
    entries[index] = (before >> 8n) ^ entries[Number(before & 0xffn)]!;
  }
}
