import { BitMatcher } from "./BitMatcher.ts";
import { ANY_CHARACTER } from "./Piece.ts";
import type { Piece } from "./Piece.ts";

/** How long a text between two `*` may be, in UTF-16 units, that is looked for without preparation: at most so often is a text read. */
const MAX_SOUGHT_UNITS = 32;

/** A pattern, made ready to be asked often. Whatever the pattern, a text is read once. */
export class Glob {
  /** The text before the first wildcard; all of it where there is none. */
  readonly #start: string;
  /** The text behind the last wildcard. */
  readonly #end: string;
  /** The texts between start and end, each anywhere behind the one before, where there are only short ones and `*`. */
  readonly #sought: readonly string[];
  /** What is between start and end where that is not so simple. */
  readonly #middle: BitMatcher | undefined;
  readonly #isLiteral: boolean;

  constructor(pieces: readonly Piece[]) {
    const first = pieces.findIndex((piece) => typeof piece !== "string");
    this.#isLiteral = first < 0;
    if (first < 0) {
      this.#start = pieces.join("");
      this.#end = "";
      this.#sought = [];
      return;
    }
    const last = pieces.findLastIndex((piece) => typeof piece !== "string");
    this.#start = pieces.slice(0, first).join("");
    this.#end = pieces.slice(last + 1).join("");
    const middle = joined(pieces.slice(first, last + 1));
    const texts = middle.filter((piece) => typeof piece === "string");
    const isSimple = !middle.includes(ANY_CHARACTER) && texts.every((text) => text.length <= MAX_SOUGHT_UNITS);
    this.#sought = isSimple ? texts : [];
    if (!isSimple) this.#middle = new BitMatcher(middle);
  }

  /** True when the whole text is as the pattern says. */
  matches(text: string): boolean {
    const start = this.#start;
    if (this.#isLiteral) return text === start;
    const end = text.length - this.#end.length;
    if (end < start.length || !text.startsWith(start) || !text.endsWith(this.#end)) return false;
    if (this.#middle !== undefined) return this.#middle.matches(text, start.length, end);
    let from = start.length;
    for (const sought of this.#sought) {
      const at = text.indexOf(sought, from);
      from = at + sought.length;
      if (at < 0 || from > end) return false;
    }
    return true;
  }
}

/** The same pieces, with texts that follow each other made one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    if (typeof piece === "string" && typeof before === "string") result[result.length - 1] = before + piece;
    else result.push(piece);
  }
  return result;
}
