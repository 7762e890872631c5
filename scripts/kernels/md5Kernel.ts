import { MD5_BLOCK_SIZE_BYTES, MD5_STATES } from "../../src/kernels/kernelLayout.ts";
import type { Code, WasmFunction } from "./assembler.ts";
import { constant, get, i32, loop, pick, set, tee, v128 } from "./assembler.ts";

const MD5_STATE_WORDS: readonly number[] = [0, 1, 2, 3];
const STEPS_PER_ROUND = 16;

/** RFC 1321's T, its places of the message's words, and its rotations, all by step. */
const CONSTANTS = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));
const WORD_OF_STEP: readonly ((step: number) => number)[] = [
  (step) => step,
  (step) => 5 * step + 1,
  (step) => 3 * step + 5,
  (step) => 7 * step,
];
const ROTATIONS: readonly (readonly number[])[] = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** What a step does with words, be they one stream's or four streams'. */
interface Arithmetic {
  readonly constant: (value: number) => Code;
  readonly add: (a: Code, b: Code) => Code;
  readonly and: (a: Code, b: Code) => Code;
  /** Bits of `a` that are not in `b`. */
  readonly andNot: (a: Code, b: Code) => Code;
  readonly or: (a: Code, b: Code) => Code;
  readonly xor: (a: Code, b: Code) => Code;
  readonly not: (a: Code) => Code;
  readonly rotateLeft: (value: Code, bits: number) => Code;
}

/**
 * `md5x1(data, end)`, `md5x2(data, data, end)` and `md5x4(data, data, data, data, end)`: advance so many streams by the same number of
 * blocks, from where their data are until the first's is at its end. Each step of MD5 waits for the step before, so that a processor is
 * mostly idle with one stream: two take turns step by step, and four share the vectors.
 */
export function md5Functions(): WasmFunction[] {
  return [scalarFunction(1), scalarFunction(2), vectorFunction()];
}

function scalarFunction(streams: number): WasmFunction {
  const states = Array.from({ length: streams }, (_, stream) => MD5_STATE_WORDS.map((word) => streams + 1 + 4 * stream + word));
  const steps = CONSTANTS.flatMap((_, step) =>
    states.map((state, stream) => md5Step(SCALAR, step, state, i32.load(4 * wordOf(step), get(stream)))),
  );
  const address = (word: number, stream: number): number => MD5_STATES + 4 * (streams * word + stream);
  const begin = states.map((state, stream) =>
    state.map((local, word) => set(local, i32.load(address(word, stream), constant(0)))),
  );
  const finish = states.map((state, stream) =>
    state.map((local, word) => {
      const sum = i32.add(get(local), i32.load(address(word, stream), constant(0)));
      return i32.store(address(word, stream), constant(0), tee(local, sum));
    }),
  );
  return {
    name: `md5x${streams}`,
    parameters: streams + 1,
    locals: states.flat().map(() => "i32"),
    body: [begin, blockLoop(streams, [steps, finish])],
  };
}

function vectorFunction(): WasmFunction {
  const streams = 4;
  const state = MD5_STATE_WORDS.map((word) => streams + 1 + word);
  const message = streams + 1 + state.length;
  const scratch = message + STEPS_PER_ROUND;
  const arithmetic = vectorArithmetic(scratch);
  const steps = CONSTANTS.map((_, step) => md5Step(arithmetic, step, state, get(message + wordOf(step))));
  const address = (word: number): number => MD5_STATES + 4 * streams * word;
  const begin = state.map((local, word) => set(local, v128.load(address(word), constant(0))));
  const finish = state.map((local, word) =>
    v128.store(address(word), constant(0), tee(local, v128.add(get(local), v128.load(address(word), constant(0))))),
  );
  return {
    name: "md5x4",
    parameters: streams + 1,
    locals: Array.from({ length: state.length + STEPS_PER_ROUND + SCRATCH_VECTORS }, () => "v128"),
    body: [begin, blockLoop(streams, [loadMessages(message, scratch), steps, finish])],
  };
}

/** Does `body`, and goes on to the next block, until the first stream's data are at their end. */
function blockLoop(streams: number, body: Code): Code {
  const next = Array.from({ length: streams }, (_, stream) => set(stream, i32.add(get(stream), constant(MD5_BLOCK_SIZE_BYTES))));
  return loop(i32.lessThan(get(0), get(streams)), [body, next]);
}

function wordOf(step: number): number {
  return WORD_OF_STEP[Math.floor(step / STEPS_PER_ROUND)]!(step) % STEPS_PER_ROUND;
}

/** One step; the words of the state change places instead of values, so that only one is set. */
function md5Step(arithmetic: Arithmetic, step: number, state: readonly number[], word: Code): Code {
  const { add, rotateLeft } = arithmetic;
  const [a, b, c, d] = MD5_STATE_WORDS.map((place) => state[(place + 64 - step) % 4]!) as [number, number, number, number];
  const round = Math.floor(step / STEPS_PER_ROUND);
  const known = add(add(get(a), arithmetic.constant(CONSTANTS[step]!)), word);
  const sum = addMixed(arithmetic, round, known, [get(b), get(c), get(d)]);
  return set(a, add(rotateLeft(sum, ROTATIONS[round]![step % 4]!), get(b)));
}

/** RFC 1321's F, G, H and I, added to what is known; written so that little is left to do when `b` comes, which is the last to. */
function addMixed(arithmetic: Arithmetic, round: number, known: Code, [b, c, d]: readonly [Code, Code, Code]): Code {
  const { add, and, andNot, or, xor, not } = arithmetic;
  switch (round) {
    case 0:
      return add(known, xor(d, and(b, xor(c, d))));
    case 1:
      // The two halves have no bit in common: their sum is their union.
      return add(add(known, andNot(c, d)), and(b, d));
    case 2:
      return add(known, xor(xor(c, d), b));
    default:
      return add(known, xor(c, or(b, not(d))));
  }
}

const SCALAR: Arithmetic = {
  constant,
  add: i32.add,
  and: i32.and,
  andNot: (a, b) => i32.and(a, SCALAR.not(b)),
  or: i32.or,
  xor: i32.xor,
  not: (a) => i32.xor(a, constant(-1)),
  rotateLeft: (value, bits) => i32.rotateLeft(value, constant(bits)),
};

function vectorArithmetic(scratch: number): Arithmetic {
  return {
    constant: (value) => v128.splat(constant(value)),
    add: v128.add,
    and: v128.and,
    andNot: v128.andNot,
    or: v128.or,
    xor: v128.xor,
    not: v128.not,
    rotateLeft: (value, bits) =>
      v128.or(v128.shiftLeft(tee(scratch, value), constant(bits)), v128.shiftRight(get(scratch), constant(32 - bits))),
  };
}

/** For loading a quarter of the messages: its words stream by stream, and half turned. */
const SCRATCH_VECTORS = 8;

/** Puts each word of the four streams' blocks into one of the 16 locals from `message` on. */
function loadMessages(message: number, scratch: number): Code {
  const [rows, halves] = [scratch, scratch + 4];
  return [0, 4, 8, 12].map((word) => [
    [0, 1, 2, 3].map((stream) => set(rows + stream, v128.load(4 * word, get(stream)))),
    [0, 1].map((pair) => [
      set(halves + pair, pick(get(rows + 2 * pair), get(rows + 2 * pair + 1), [0, 4, 1, 5])),
      set(halves + 2 + pair, pick(get(rows + 2 * pair), get(rows + 2 * pair + 1), [2, 6, 3, 7])),
    ]),
    [0, 1].map((half) => [
      set(message + word + 2 * half, pick(get(halves + 2 * half), get(halves + 2 * half + 1), [0, 1, 4, 5])),
      set(message + word + 2 * half + 1, pick(get(halves + 2 * half), get(halves + 2 * half + 1), [2, 3, 6, 7])),
    ]),
  ]);
}
