import { recordChecksum } from "./recordChecksum.ts";
import type { SlicedBuffer } from "./SlicedBuffer.ts";
import { sliced } from "./SlicedBuffer.ts";
import { UnreadableRecordError } from "./UnreadableRecordError.ts";

/**
 * The form of stored records: one byte of format version, fields in ascending order of their tags, and a checksum of 4 bytes,
 * little-endian, over all of that and the key of the row, so that a record in another one's place does not pass either. Format 1 is the
 * same without a checksum; it is read for ever and not written any more.
 *
 * A field is a head (tag and kind as one varint) and a value: a varint, or a length and that many bytes. Readers pass over tags they
 * do not know, so a later version may add fields without a new format. Lists are repeated fields.
 */

/** The format of the first releases. */
const UNCHECKED_FORMAT = 1;
/** What records are written in. */
const FORMAT = 2;
const CHECKSUM_SIZE_BYTES = 4;

const INTEGER = 0;
const TEXT = 1;
/** Text of lower-case hexadecimal pairs, stored as the bytes it spells: ETags and ids take half their size. */
const HEX_TEXT = 2;
const KIND_BITS = 2;
const KIND_MASK = 3;

const LOWER_CASE_HEX_PAIRS = /^(?:[0-9a-f]{2})+$/;

/** A varint of a safe integer takes at most 8 bytes, a head 2. */
const LARGEST_NUMBER_FIELD_SIZE_BYTES = 10;
/** Records are encoded into blocks of this size, one behind the other. */
const BLOCK_SIZE_BYTES = 16 * 1024;
/** Up to here a loop writes text in less time than two calls of Node take, in characters. */
const SHORT_TEXT_CHARACTERS = 32;

/** Records are encoded one at a time and synchronously, so that one block serves many. */
let block = Buffer.allocUnsafeSlow(BLOCK_SIZE_BYTES);
/** Where the next record begins in the block. */
let blockStart = 0;

/** Writes one record. Only one writer may be at work at a time. */
export class FieldWriter {
  #start = blockStart;
  #end = blockStart;

  constructor() {
    this.#reserve(1);
    block[this.#end++] = FORMAT;
  }

  /** A safe integer of at least 0; `undefined` writes nothing. */
  integer(tag: number, value: number | undefined): void {
    if (value === undefined) return;
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`field ${tag}: ${value} is not a whole number from 0`);
    this.#reserve(LARGEST_NUMBER_FIELD_SIZE_BYTES);
    this.#varint((tag << KIND_BITS) | INTEGER);
    this.#varint(value);
  }

  /** Any text; `undefined` writes nothing. */
  text(tag: number, value: string | undefined): void {
    if (value === undefined) return;
    if (value.length <= SHORT_TEXT_CHARACTERS && this.#shortText(tag, value)) return;
    const sizeBytes = Buffer.byteLength(value);
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + sizeBytes);
    this.#varint((tag << KIND_BITS) | TEXT);
    this.#varint(sizeBytes);
    this.#end += block.write(value, this.#end, "utf8");
  }

  /** Text that mostly is hexadecimal, such as ids; any other text is written as it is. */
  id(tag: number, value: string | undefined): void {
    if (value === undefined || !LOWER_CASE_HEX_PAIRS.test(value)) return this.text(tag, value);
    const sizeBytes = value.length / 2;
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + sizeBytes);
    this.#varint((tag << KIND_BITS) | HEX_TEXT);
    this.#varint(sizeBytes);
    this.#end += block.write(value, this.#end, "hex");
  }

  /** Bytes, which are the same as text of their hexadecimal digits; `undefined` writes nothing. */
  bytes(tag: number, value: Uint8Array | undefined): void {
    if (value === undefined) return;
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + value.length);
    this.#varint((tag << KIND_BITS) | HEX_TEXT);
    this.#varint(value.length);
    block.set(value, this.#end);
    this.#end += value.length;
  }

  /** The record's bytes, for the row with this key: a view of a block that holds other records beside it. */
  finish(key: Uint8Array): Buffer {
    this.#reserve(CHECKSUM_SIZE_BYTES);
    this.#end = block.writeInt32LE(recordChecksum(key, block, this.#start, this.#end), this.#end);
    blockStart = this.#end;
    return block.subarray(this.#start, this.#end);
  }

  /** Writes a field of characters that are a byte each; false, and nothing written, when one is not. */
  #shortText(tag: number, value: string): boolean {
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + value.length);
    const before = this.#end;
    this.#varint((tag << KIND_BITS) | TEXT);
    block[this.#end++] = value.length;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) {
        this.#end = before;
        return false;
      }
      block[this.#end++] = code;
    }
    return true;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      // Bitwise operators would cut the number to 32 bits.
      block[this.#end++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    block[this.#end++] = rest;
  }

  /** Makes sure that so much more finds room in the block; begins another one if not, with what is written so far. */
  #reserve(sizeBytes: number): void {
    if (this.#end + sizeBytes <= block.length) return;
    const written = block.subarray(this.#start, this.#end);
    block = Buffer.allocUnsafeSlow(Math.max(BLOCK_SIZE_BYTES, 2 * (written.length + sizeBytes)));
    block.set(written);
    this.#start = 0;
    this.#end = written.length;
  }
}

/** Reads one record, field by field: `next()` moves to a field and returns its tag, then `integer` or `text()` give its value. */
export class FieldReader {
  /** The value of the integer field last moved to. */
  integer = 0;
  readonly #bytes: SlicedBuffer;
  readonly #key: Uint8Array;
  /** Where the fields end. */
  readonly #end: number;
  #position = 1;
  #kind = INTEGER;
  #start = 0;

  /** Verifies the record of the row with this key. Here and in all that follows: throws `UnreadableRecordError`. */
  constructor(bytes: Uint8Array, key: Uint8Array) {
    this.#bytes = sliced(bytes);
    this.#key = key;
    this.#end = endOfFields(bytes, key);
  }

  /** The tag of the next field; 0 at the end. */
  next(): number {
    const bytes = this.#bytes;
    const position = this.#position;
    if (position >= this.#end) return 0;
    let head = bytes[position]!;
    // Heads, and most lengths, are a byte.
    if (head < 0x80) this.#position = position + 1;
    else head = this.#varint();
    const kind = head & KIND_MASK;
    const value = this.#varint();
    this.#kind = kind;
    if (kind === INTEGER) {
      this.integer = value;
    } else {
      this.#start = this.#position;
      if ((this.#position += value) > this.#end) throw new UnreadableRecordError(this.#key, "ends inside a field");
    }
    return head >>> KIND_BITS;
  }

  /** The value of the text field last moved to. */
  text(): string {
    if (this.#kind === INTEGER) throw new UnreadableRecordError(this.#key, "has a number in place of text");
    if (this.#kind === HEX_TEXT) return this.#bytes.hexSlice(this.#start, this.#position);
    return this.#bytes.utf8Slice(this.#start, this.#position);
  }

  /** The bytes of the field last moved to, in memory of their own. */
  bytes(): Buffer {
    if (this.#kind !== HEX_TEXT) throw new UnreadableRecordError(this.#key, "has something else in place of bytes");
    return Buffer.from(this.#bytes.subarray(this.#start, this.#position));
  }

  #varint(): number {
    const first = this.#bytes[this.#position];
    // Heads, and most lengths, are a byte.
    if (first !== undefined && first < 0x80) {
      this.#position++;
      return first;
    }
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new UnreadableRecordError(this.#key, "ends inside a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
}

/** Where the fields of a record end, once it is found to be whole and the record of this row. */
function endOfFields(bytes: Uint8Array, key: Uint8Array): number {
  const format = bytes[0];
  if (format === UNCHECKED_FORMAT) return bytes.length;
  if (format !== FORMAT)
    throw new UnreadableRecordError(key, format === undefined ? "is empty" : `has the unknown format ${format}`);
  const end = bytes.length - CHECKSUM_SIZE_BYTES;
  if (end < 1 || checksumAt(bytes, end) !== recordChecksum(key, bytes, 0, end)) {
    throw new UnreadableRecordError(key, "does not match its checksum");
  }
  return end;
}

function checksumAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
