/**
 * A small assembler for WebAssembly: as much as the kernels of this folder need. Each instruction is a function from the code of its
 * operands to code, named as in the specification.
 * @see https://webassembly.github.io/spec/core/binary/
 */

/** Code of a function, nested as it was put together. */
export type Code = readonly (number | Code)[];

type Operator = (...operands: Code[]) => Code;
/** A load or store at an address and a constant number of bytes behind it. */
type Access = (offsetBytes: number, ...operands: Code[]) => Code;

/** Types of values. */
export type WasmType = "i32" | "i64" | "v128";

/** A function that returns nothing; its parameters are 32-bit integers. */
export interface WasmFunction {
  readonly name: string;
  /** Their number; they are the first locals. */
  readonly parameters: number;
  /** Types of the locals after the parameters. */
  readonly locals: readonly WasmType[];
  readonly body: Code;
}

const TYPES: Readonly<Record<WasmType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };
const FUNCTION_TYPE = 0x60;
const NO_RESULT = 0x40;
const END = 0x0b;
/** Before the opcodes on 128 bits. */
const VECTOR = 0xfd;
/** Memory comes in pages. */
const PAGE_SIZE_BYTES = 65_536;
/** `\0asm` and the version. */
const PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function operator(...opcode: number[]): Operator {
  return (...operands) => [...operands, ...opcode];
}

function access(...opcode: number[]): Access {
  // The zero is a hint: no alignment is claimed.
  return (offsetBytes, ...operands) => [...operands, ...opcode, 0, ...unsigned(offsetBytes)];
}

/** The value of a local. */
export function get(local: number): Code {
  return [0x20, ...unsigned(local)];
}

/** Sets a local. */
export function set(local: number, value: Code): Code {
  return [value, 0x21, ...unsigned(local)];
}

/** Sets a local, and is its value. */
export function tee(local: number, value: Code): Code {
  return [value, 0x22, ...unsigned(local)];
}

/** A constant of 32 bits. */
export function constant(value: number): Code {
  return [0x41, ...signed(BigInt(value | 0))];
}

/** A constant of 64 bits. */
export function longConstant(value: bigint): Code {
  return [0x42, ...signed(value)];
}

/** Operations on 32-bit integers; comparisons, and `wrap`, the lower half of a 64-bit integer, give such. */
export const i32: Readonly<
  Record<"lessThan" | "atMost" | "add" | "and" | "or" | "xor" | "rotateLeft" | "wrap", Operator> &
    Record<"load" | "store", Access>
> = {
  load: access(0x28),
  store: access(0x36),
  lessThan: operator(0x49),
  atMost: operator(0x4d),
  add: operator(0x6a),
  and: operator(0x71),
  or: operator(0x72),
  xor: operator(0x73),
  rotateLeft: operator(0x77),
  wrap: operator(0xa7),
};

/** Operations on 64-bit integers. */
export const i64: Readonly<
  Record<"and" | "xor" | "shiftLeft" | "shiftRight", Operator> & Record<"load" | "loadByte" | "store", Access>
> = {
  load: access(0x29),
  loadByte: access(0x31),
  store: access(0x37),
  and: operator(0x83),
  xor: operator(0x85),
  shiftLeft: operator(0x86),
  shiftRight: operator(0x88),
};

/** Operations on 128 bits; `splat`, shifts and `add` see four 32-bit integers in them. */
export const v128: Readonly<
  Record<"splat" | "not" | "and" | "andNot" | "or" | "xor" | "shiftLeft" | "shiftRight" | "add", Operator> &
    Record<"load" | "store", Access>
> = {
  load: access(VECTOR, 0x00),
  store: access(VECTOR, 0x0b),
  splat: operator(VECTOR, 0x11),
  not: operator(VECTOR, 0x4d),
  and: operator(VECTOR, 0x4e),
  andNot: operator(VECTOR, 0x4f),
  or: operator(VECTOR, 0x50),
  xor: operator(VECTOR, 0x51),
  shiftLeft: operator(VECTOR, ...unsigned(0xab)),
  shiftRight: operator(VECTOR, ...unsigned(0xad)),
  add: operator(VECTOR, ...unsigned(0xae)),
};

/** Four of the eight 32-bit integers in two vectors, by their places counted through both. */
export function pick(first: Code, second: Code, places: readonly number[]): Code {
  return [first, second, VECTOR, 0x0d, ...places.flatMap((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte))];
}

/** Does `body` as long as `condition` holds, which is asked before. */
export function loop(condition: Code, body: Code): Code {
  return [condition, 0x04, NO_RESULT, [0x03, NO_RESULT, body, condition, 0x0d, 0, END], END];
}

/** The binary of a module of these functions that has at least so much memory; it exports both. */
export function assemble(memorySizeBytes: number, functions: readonly WasmFunction[]): Uint8Array {
  const types = functions.map(({ parameters }) => [
    FUNCTION_TYPE,
    ...list(Array.from({ length: parameters }, () => [TYPES.i32])),
    ...list([]),
  ]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, TYPES[type]])), ...flat(body), END];
    return [...unsigned(code.length), ...code];
  });
  const exported = functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]);
  return Uint8Array.from([
    ...PREAMBLE,
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(5, list([[0, ...unsigned(Math.ceil(memorySizeBytes / PAGE_SIZE_BYTES))]])),
    ...section(7, list([[...text("memory"), 2, 0], ...exported])),
    ...section(10, list(bodies)),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return list([...Buffer.from(value)].map((byte) => [byte]));
}

function flat(code: Code): number[] {
  return code.flatMap((part) => (typeof part === "number" ? part : flat(part)));
}

/** LEB128, as the specification has all integers. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = rest === 0n ? low < 0x40 : rest === -1n && low >= 0x40;
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
