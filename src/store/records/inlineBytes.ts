import { crc32 } from "node:zlib";
import type { Change } from "../metadata/MetadataEngine.ts";
import { recordChecksum } from "./recordChecksum.ts";
import type { Codec, Row } from "./Row.ts";
import { namedKey, TABLES } from "./tables.ts";
import { UnreadableRecordError } from "./UnreadableRecordError.ts";

/**
 * The bytes of a small object, in a row of their own: its format (1 byte), a sum (4 bytes), the bytes. The sum is their CRC-32 and a sum of
 * the row's key, one laid over the other, so that bytes can move to another row without being summed up again. Formats that are not
 * written any more: in 1 it is the CRC-32 alone, in 2 one that begins with the sum of the key.
 */
const UNKEYED_FORMAT = 1;
const SEEDED_FORMAT = 2;
const FORMAT = 3;

/** What stands before the bytes. */
export const INLINE_HEADER_SIZE_BYTES = 5;

/** The bytes of a small object, and their CRC-32. */
export interface InlineBytes {
  readonly bytes: Buffer;
  readonly crc: number;
}

const inlineCodec: Codec<InlineBytes, Buffer> = {
  encode({ bytes, crc }, key) {
    const row = Buffer.allocUnsafe(INLINE_HEADER_SIZE_BYTES + bytes.length);
    bytes.copy(row, INLINE_HEADER_SIZE_BYTES);
    return sealed(row, crc, key);
  },
  decode(row, key) {
    const stored = Buffer.from(row.buffer, row.byteOffset, row.byteLength);
    if (stored.length < INLINE_HEADER_SIZE_BYTES) throw new UnreadableRecordError(key, `has only ${stored.length} bytes`);
    const format = stored[0];
    if (format !== FORMAT && format !== SEEDED_FORMAT && format !== UNKEYED_FORMAT) {
      throw new UnreadableRecordError(key, `has the unknown format ${format}`);
    }
    const bytes = stored.subarray(INLINE_HEADER_SIZE_BYTES);
    const crc = crc32(bytes);
    const sum = stored.readUInt32BE(1);
    const isWhole =
      format === FORMAT ? sum === sumOf(crc, key) : sum === (format === SEEDED_FORMAT ? crc32(bytes, sumOfKey(key)) : crc);
    if (!isWhole) throw new UnreadableRecordError(key, "does not match its checksum");
    return { bytes, crc };
  },
};

function sealed(row: Buffer, crc: number, key: Uint8Array): Buffer {
  row[0] = FORMAT;
  row.writeUInt32BE(sumOf(crc, key), 1);
  return row;
}

function sumOf(crc: number, key: Uint8Array): number {
  return (crc ^ sumOfKey(key)) >>> 0;
}

function sumOfKey(key: Uint8Array): number {
  return recordChecksum(key, key, 0, 0) >>> 0;
}

/** The bytes of a small object. */
export function inlineRow(inlineId: string): Row<InlineBytes> {
  return { key: namedKey(TABLES.inlines, inlineId), codec: inlineCodec };
}

/** The change that stores bytes gathered behind {@link INLINE_HEADER_SIZE_BYTES} of room in a buffer of their own: none is copied. */
export function putGathered(inlineId: string, gathered: Buffer): Change {
  const { key } = inlineRow(inlineId);
  return { key, value: sealed(gathered, crc32(gathered.subarray(INLINE_HEADER_SIZE_BYTES)), key) };
}
