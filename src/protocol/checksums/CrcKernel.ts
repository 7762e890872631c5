import { CRC_POLYNOMIALS } from "./crcPolynomials.ts";
import type { Code, WasmFunction } from "./assembler.ts";
import { constant, get, i32, i64, instantiate, longConstant, loop, set, v128 } from "./assembler.ts";

/** The checks that are computed here. */
export type KernelAlgorithm = "CRC32C" | "CRC64NVME";

/**
 * Where a byte may be added (XOR) to instead of being looked at: so many bytes behind it, at each of these places. That holds when
 * 1 + x^(-8 a) + x^(-8 b) + … is a multiple of the polynomial. Such places are found by trying; the fewer they are, the farther they
 * reach. One wrong place would spoil every value.
 */
const FOLDS: Readonly<Record<KernelAlgorithm, readonly number[]>> = {
  CRC32C: [154, 177, 183, 258, 290],
  CRC64NVME: [288, 411, 651, 734, 963, 1060, 1198, 1356],
};

/** Bytes that are advanced over at once. */
const BUFFER_SIZE_BYTES = 64 * 1024;
/** A vector's. */
const STEP_SIZE_BYTES = 16;
/** At least the farthest fold, in whole steps. */
const MAX_WINDOW_SIZE_BYTES = 1_408;

/** The memory: eight tables of 256 entries, the register, the bytes that are looked up, and those that are folded, between zeros. */
const TABLE_SIZE_BYTES = 256 * 8;
const REGISTER = 8 * TABLE_SIZE_BYTES;
const REST = REGISTER + STEP_SIZE_BYTES;
const BUFFER = REST + 2 * MAX_WINDOW_SIZE_BYTES;
const MEMORY_PAGES = Math.ceil((BUFFER + BUFFER_SIZE_BYTES + MAX_WINDOW_SIZE_BYTES) / 65_536);

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

  constructor(algorithm: KernelAlgorithm) {
    const folds = FOLDS[algorithm];
    this.#windowSizeBytes = folds.at(-1)!;
    const { memory, functions } = instantiate(MEMORY_PAGES, [foldFunction(folds), lookUpFunction()]);
    this.#bytes = new Uint8Array(memory);
    this.#words = new Uint32Array(memory);
    this.#fold = functions["fold"]!;
    this.#lookUp = functions["lookUp"]!;
    writeTables(new BigUint64Array(memory, 0, REGISTER / 8), CRC_POLYNOMIALS[algorithm]);
  }

  /** Advances a register, its lower half first, over bytes. */
  advance(register: Uint32Array, bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += BUFFER_SIZE_BYTES) {
      this.#advance(register, bytes.subarray(start, start + BUFFER_SIZE_BYTES));
    }
  }

  #advance(register: Uint32Array, bytes: Uint8Array): void {
    const words = this.#words;
    const steps = Math.max(Math.floor((bytes.length - this.#windowSizeBytes) / STEP_SIZE_BYTES), 0);
    const folded = bytes.subarray(0, steps * STEP_SIZE_BYTES);
    const rest = bytes.subarray(folded.length);
    this.#bytes.set(rest, REST);
    words[REGISTER / 4] = register[0]!;
    words[REGISTER / 4 + 1] = register[1]!;
    if (folded.length > 0) this.#foldInto(folded, rest.length);
    this.#lookUp(REST, REST + rest.length);
    register[0] = words[REGISTER / 4]!;
    register[1] = words[REGISTER / 4 + 1]!;
  }

  /** Folds bytes, and the register, into the rest. */
  #foldInto(folded: Uint8Array, restSizeBytes: number): void {
    const words = this.#words;
    const end = BUFFER + folded.length;
    this.#bytes.set(folded, BUFFER);
    this.#bytes.fill(0, end, end + MAX_WINDOW_SIZE_BYTES);
    // The register is what the first bytes have to be added to.
    words[BUFFER / 4]! ^= words[REGISTER / 4]!;
    words[BUFFER / 4 + 1]! ^= words[REGISTER / 4 + 1]!;
    words.fill(0, REGISTER / 4, REGISTER / 4 + 2);
    this.#fold(BUFFER - this.#windowSizeBytes, BUFFER, end);
    this.#fold(end - this.#windowSizeBytes, REST, REST + restSizeBytes);
  }
}

/** `fold(source, destination, end)`: adds to each byte from `destination` on, up to `end`, those of the window that begins at `source`. */
function foldFunction(folds: readonly number[]): WasmFunction {
  const [source, destination, end] = [0, 1, 2];
  const windowSizeBytes = folds.at(-1)!;
  const sum = folds
    .map((fold) => v128.load(windowSizeBytes - fold, get(source)))
    .reduce((total, vector) => v128.xor(total, vector), v128.load(0, get(destination)));
  const body = [
    v128.store(0, get(destination), sum),
    set(source, i32.add(get(source), constant(STEP_SIZE_BYTES))),
    set(destination, i32.add(get(destination), constant(STEP_SIZE_BYTES))),
  ];
  return { name: "fold", parameters: 3, locals: [], body: loop(i32.lessThan(get(destination), get(end)), body) };
}

/** `lookUp(start, end)`: advances the register over bytes, eight at a time and the last ones singly. */
function lookUpFunction(): WasmFunction {
  const [start, end, register, word] = [0, 1, 2, 3];
  const entry = (table: number, value: Code, byte: number): Code => {
    // Entries have 8 bytes: the index is cut out three bits higher.
    const shifted =
      byte === 0 ? i64.shiftLeft(value, longConstant(3n)) : i64.shiftRight(value, longConstant(BigInt(8 * byte - 3)));
    return i64.load(table * TABLE_SIZE_BYTES, i32.wrap(i64.and(shifted, longConstant(0x7f8n))));
  };
  const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => entry(7 - byte, get(word), byte));
  const one = i64.xor(get(register), i64.loadByte(0, get(start)));
  const body = [
    set(register, i64.load(REGISTER, constant(0))),
    loop(i32.atMost(i32.add(get(start), constant(8)), get(end)), [
      set(word, i64.xor(get(register), i64.load(0, get(start)))),
      set(register, balancedSum(eight)),
      set(start, i32.add(get(start), constant(8))),
    ]),
    loop(i32.lessThan(get(start), get(end)), [
      set(register, i64.xor(entry(0, one, 0), i64.shiftRight(get(register), longConstant(8n)))),
      set(start, i32.add(get(start), constant(1))),
    ]),
    i64.store(REGISTER, constant(0), get(register)),
  ];
  return { name: "lookUp", parameters: 2, locals: ["i64", "i64"], body };
}

/** Adds neighbours first: the sum is waited for, and this is the shortest chain. */
function balancedSum(values: readonly Code[]): Code {
  if (values.length === 1) return values[0]!;
  const half = values.length / 2;
  return i64.xor(balancedSum(values.slice(0, half)), balancedSum(values.slice(half)));
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
