/**
 * The form of stored records: one byte of format version, then fields in ascending order of their tags.
 *
 * A field is a head (tag and kind as one varint) and a value: a varint, or a length and that many bytes. Readers pass over tags they
 * do not know, so a later version may add fields without a new format. Lists are repeated fields.
 */

const INTEGER = 0;
const TEXT = 1;
/** Text of lower-case hexadecimal pairs, stored as the bytes it spells: ETags and ids take half their size. */
const HEX_TEXT = 2;
const KIND_BITS = 2;
const KIND_MASK = 3;

const LOWER_CASE_HEX_PAIRS = /^(?:[0-9a-f]{2})+$/;

/** A varint of a safe integer takes at most 8 bytes, a head 2. */
const LARGEST_NUMBER_FIELD_SIZE_BYTES = 10;
const FIRST_SCRATCH_SIZE_BYTES = 4096;

/** Thrown when a stored record cannot be read: damaged, or of a format this version does not know. */
export class RecordFormatError extends Error {
  override readonly name = "RecordFormatError";
}

/** Records are encoded one at a time and synchronously, so that one scratch buffer serves them all. */
let scratch = Buffer.allocUnsafe(FIRST_SCRATCH_SIZE_BYTES);

/** Writes one record. Only one writer may be at work at a time. */
export class FieldWriter {
  #length = 1;

  constructor(formatVersion: number) {
    scratch[0] = formatVersion;
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
    const sizeBytes = Buffer.byteLength(value);
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + sizeBytes);
    this.#varint((tag << KIND_BITS) | TEXT);
    this.#varint(sizeBytes);
    this.#length += scratch.write(value, this.#length, "utf8");
  }

  /** Text that mostly is hexadecimal, such as ids; any other text is written as it is. */
  id(tag: number, value: string | undefined): void {
    if (value === undefined || !LOWER_CASE_HEX_PAIRS.test(value)) return this.text(tag, value);
    const sizeBytes = value.length / 2;
    this.#reserve(2 * LARGEST_NUMBER_FIELD_SIZE_BYTES + sizeBytes);
    this.#varint((tag << KIND_BITS) | HEX_TEXT);
    this.#varint(sizeBytes);
    this.#length += scratch.write(value, this.#length, "hex");
  }

  /** The record's bytes, in a buffer of their own. */
  finish(): Buffer {
    return Buffer.from(scratch.subarray(0, this.#length));
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      // Bitwise operators would cut the number to 32 bits.
      scratch[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    scratch[this.#length++] = rest;
  }

  #reserve(sizeBytes: number): void {
    const needed = this.#length + sizeBytes;
    if (needed <= scratch.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * scratch.length));
    larger.set(scratch.subarray(0, this.#length));
    scratch = larger;
  }
}

/** Reads one record, field by field: `next()` moves to a field and returns its tag, then `integer` or `text()` give its value. */
export class FieldReader {
  /** The value of the integer field last moved to. */
  integer = 0;
  readonly #bytes: Buffer;
  #position = 1;
  #kind = INTEGER;
  #start = 0;

  /** Throws `RecordFormatError` unless the record has this format version. */
  constructor(bytes: Uint8Array, formatVersion: number) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const found = bytes[0];
    if (found !== formatVersion) {
      throw new RecordFormatError(
        found === undefined
          ? "a stored record is empty"
          : `a stored record has format ${found}, this version of Holdfast reads up to ${formatVersion}`,
      );
    }
  }

  /** The tag of the next field; 0 at the end. */
  next(): number {
    if (this.#position >= this.#bytes.length) return 0;
    const head = this.#varint();
    this.#kind = head & KIND_MASK;
    const value = this.#varint();
    if (this.#kind === INTEGER) {
      this.integer = value;
    } else {
      this.#start = this.#position;
      this.#position += value;
    }
    if (this.#position > this.#bytes.length) throw new RecordFormatError("a stored record ends inside a field");
    return head >>> KIND_BITS;
  }

  /** The value of the text field last moved to. */
  text(): string {
    return this.#bytes.toString(this.#kind === HEX_TEXT ? "hex" : "utf8", this.#start, this.#position);
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new RecordFormatError("a stored record ends inside a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
}
