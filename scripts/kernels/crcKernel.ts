import { CRC_REGISTER, CRC_STEP_SIZE_BYTES, CRC_TABLE_SIZE_BYTES } from "../../src/kernels/kernelLayout.ts";
import type { Code, WasmFunction } from "./assembler.ts";
import { constant, get, i32, i64, longConstant, loop, set, v128 } from "./assembler.ts";

const VECTOR_SIZE_BYTES = 16;

/** The functions that compute a cyclic redundancy check; the tables tell which. `folds`: see `CRC_FOLDS`. */
export function crcFunctions(folds: readonly number[]): WasmFunction[] {
  return [foldFunction(folds), lookUpFunction()];
}

/**
 * `fold(source, window, destination, end)`: writes from `destination` on, up to `end`, the bytes of the source, and adds to each those of
 * the window, which goes along.
 */
function foldFunction(folds: readonly number[]): WasmFunction {
  const [source, window, destination, end] = [0, 1, 2, 3];
  const windowSizeBytes = folds.at(-1)!;
  const vectors = Array.from({ length: CRC_STEP_SIZE_BYTES / VECTOR_SIZE_BYTES }, (_, vector) => {
    const at = vector * VECTOR_SIZE_BYTES;
    const sum = folds
      .map((fold) => v128.load(at + windowSizeBytes - fold, get(window)))
      .reduce((total, value) => v128.xor(total, value), v128.load(at, get(source)));
    return v128.store(at, get(destination), sum);
  });
  const next = [source, window, destination].map((place) => set(place, i32.add(get(place), constant(CRC_STEP_SIZE_BYTES))));
  return { name: "fold", parameters: 4, locals: [], body: loop(i32.lessThan(get(destination), get(end)), [vectors, next]) };
}

/** `lookUp(start, end)`: advances the register over bytes, eight at a time and the last ones singly. */
function lookUpFunction(): WasmFunction {
  const [start, end, register, word] = [0, 1, 2, 3];
  const entry = (table: number, value: Code, byte: number): Code => {
    // Entries have 8 bytes: the index is cut out three bits higher.
    const shifted =
      byte === 0 ? i64.shiftLeft(value, longConstant(3n)) : i64.shiftRight(value, longConstant(BigInt(8 * byte - 3)));
    return i64.load(table * CRC_TABLE_SIZE_BYTES, i32.wrap(i64.and(shifted, longConstant(0x7f8n))));
  };
  const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => entry(7 - byte, get(word), byte));
  const one = i64.xor(get(register), i64.loadByte(0, get(start)));
  const body = [
    set(register, i64.load(CRC_REGISTER, constant(0))),
    loop(i32.atMost(i32.add(get(start), constant(8)), get(end)), [
      set(word, i64.xor(get(register), i64.load(0, get(start)))),
      set(register, balancedSum(eight)),
      set(start, i32.add(get(start), constant(8))),
    ]),
    loop(i32.lessThan(get(start), get(end)), [
      set(register, i64.xor(entry(0, one, 0), i64.shiftRight(get(register), longConstant(8n)))),
      set(start, i32.add(get(start), constant(1))),
    ]),
    i64.store(CRC_REGISTER, constant(0), get(register)),
  ];
  return { name: "lookUp", parameters: 2, locals: ["i64", "i64"], body };
}

/** Adds neighbours first: the sum is waited for, and this is the shortest chain. */
function balancedSum(values: readonly Code[]): Code {
  if (values.length === 1) return values[0]!;
  const half = values.length / 2;
  return i64.xor(balancedSum(values.slice(0, half)), balancedSum(values.slice(half)));
}
