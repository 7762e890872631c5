import { ANY_CHARACTER, ANY_TEXT } from "./Piece.ts";
import type { Piece } from "./Piece.ts";

const WORD_BITS = 32;

/**
 * Matches a pattern by keeping a set of places in it, one bit each, that the text read so far can have led to: the place before a character of
 * the pattern moves on when that character comes, and the place at a `*` stays as well. Each character of the text costs the pattern's length
 * divided by 32, whatever the two look like, where going back to the last `*` costs the product of both lengths.
 * @see R. Baeza-Yates, G. Gonnet: A new approach to text searching
 */
export class BitMatcher {
  readonly #words: number;
  /** How many characters the pattern has, `?` included. */
  readonly #length: number;
  /** The places that a `*` is at. */
  readonly #loops: Int32Array;
  /** The characters that are `?`. */
  readonly #anything: Int32Array;
  /** Where each character stands in the pattern, by code point: a set for those that stand in many places, and a list for others. */
  readonly #places = new Map<number, readonly number[]>();
  readonly #sets = new Map<number, Int32Array>();
  readonly #scratch: Int32Array;

  constructor(pieces: readonly Piece[]) {
    const characters: number[] = [];
    const loops: number[] = [];
    for (const piece of pieces) {
      if (piece === ANY_TEXT) loops.push(characters.length);
      else if (piece === ANY_CHARACTER) characters.push(-1);
      else for (const character of piece) characters.push(character.codePointAt(0)!);
    }
    this.#length = characters.length;
    this.#words = Math.floor(characters.length / WORD_BITS) + 1;
    this.#loops = this.#setOf(loops);
    this.#anything = new Int32Array(this.#words);
    this.#scratch = new Int32Array(this.#words);
    const places = Map.groupBy(characters.keys(), (place) => characters[place]!);
    for (const place of places.get(-1) ?? []) add(this.#anything, place);
    places.delete(-1);
    for (const [character, list] of places) {
      if (list.length > this.#words) this.#sets.set(character, this.#setOf(list, this.#anything));
      else this.#places.set(character, list);
    }
  }

  /** True when the text between two places, in UTF-16 units, is as the pattern says. */
  matches(text: string, from: number, to: number): boolean {
    const reached = new Int32Array(this.#words);
    reached[0] = 1;
    for (let at = from; at < to; at++) {
      const character = text.codePointAt(at)!;
      if (character > 0xffff) at++;
      if (!this.#step(reached, this.#placesOf(character))) return false;
    }
    return has(reached, this.#length);
  }

  /** Moves on by a character that stands at these places; false when there is no place left to be at. */
  #step(reached: Int32Array, places: Int32Array): boolean {
    let carry = 0;
    let some = 0;
    for (let word = 0; word < this.#words; word++) {
      const before = reached[word]!;
      const moving = before & places[word]!;
      const after = (moving << 1) | carry | (before & this.#loops[word]!);
      carry = moving >>> (WORD_BITS - 1);
      reached[word] = after;
      some |= after;
    }
    return some !== 0;
  }

  #placesOf(character: number): Int32Array {
    const set = this.#sets.get(character);
    if (set !== undefined) return set;
    const list = this.#places.get(character);
    if (list === undefined) return this.#anything;
    this.#scratch.set(this.#anything);
    for (const place of list) add(this.#scratch, place);
    return this.#scratch;
  }

  #setOf(places: readonly number[], beside?: Int32Array): Int32Array {
    const set = beside === undefined ? new Int32Array(this.#words) : beside.slice();
    for (const place of places) add(set, place);
    return set;
  }
}

function add(set: Int32Array, place: number): void {
  set[Math.floor(place / WORD_BITS)]! |= 1 << (place % WORD_BITS);
}

function has(set: Int32Array, place: number): boolean {
  return ((set[Math.floor(place / WORD_BITS)]! >>> (place % WORD_BITS)) & 1) === 1;
}
