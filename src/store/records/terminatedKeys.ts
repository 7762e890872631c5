import { BASE_SIZE_BYTES, keyInBucket } from "./tables.ts";

/**
 * S3 keys inside the keys of rows, with something of fixed form behind them. Such a key must end before that begins, yet sort as it does
 * alone, and may hold any byte of UTF-8, 0x00 too. UTF-8 never holds a byte above 0xF4: every byte is stored plus one, which keeps the
 * order, frees 0x00 to end the key, and leaves the bytes from 0xF6 on to what stands behind it.
 */

/** Ends the S3 key. */
const TERMINATOR = 0x00;
/** The lowest byte behind the terminator. */
const BEHIND_TERMINATOR = 0x01;
/** The lowest byte that no key holds as it is stored. */
export const FIRST_FREE_BYTE = 0xf6;

/** What the keys of rows begin with whose S3 keys begin with `prefix`. */
export function shiftedKey(table: number, bucketId: string, prefix: string): Buffer {
  const bytes = keyInBucket(table, bucketId, prefix);
  shift(bytes, BASE_SIZE_BYTES, 1);
  return bytes;
}

/** A beginning of S3 keys, or a delimiter in them, as it stands in such keys. */
export function shifted(text: string): Buffer {
  const bytes = Buffer.from(text);
  shift(bytes, 0, 1);
  return bytes;
}

/** The S3 key in such a key, or the beginning of several; `end` is where it ends. */
export function unshifted(key: Uint8Array, end: number): string {
  const bytes = Buffer.from(key.subarray(BASE_SIZE_BYTES, end));
  shift(bytes, 0, -1);
  return bytes.toString("utf8");
}

/** Where the S3 key ends in such a key. */
export function wholeKeyEnd(key: Uint8Array): number {
  const end = key.indexOf(TERMINATOR, BASE_SIZE_BYTES);
  return end === -1 ? key.length : end;
}

/** A key of a row under an S3 key. */
export function keyUnder(table: number, bucketId: string, key: string, rest: Uint8Array): Buffer {
  return Buffer.concat([shiftedKey(table, bucketId, key), Buffer.of(TERMINATOR), rest]);
}

/** An S3 key in such a key, from its beginning to its end. */
export function wholeKey(key: string): Buffer {
  return Buffer.concat([shifted(key), Buffer.of(TERMINATOR)]);
}

/** The lowest key behind all rows under an S3 key. */
export function keyBehind(table: number, bucketId: string, key: string): Buffer {
  return Buffer.concat([shiftedKey(table, bucketId, key), Buffer.of(BEHIND_TERMINATOR)]);
}

function shift(bytes: Buffer, start: number, by: 1 | -1): void {
  for (let index = start; index < bytes.length; index++) bytes[index]! += by;
}
