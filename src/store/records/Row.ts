import type { Change, Entry, KeyRange } from "../metadata/MetadataEngine.ts";

/** How a record becomes the bytes of a row, and how it is read from them. */
export interface Codec<Record, Bytes extends Uint8Array = Uint8Array> {
  encode(record: Record): Bytes;
  /** Throws `RecordFormatError` for bytes that it cannot read. */
  decode(bytes: Uint8Array): Record;
}

/** A place in the index for one record: its key, and how its bytes are read and written. */
export interface Row<Record> {
  readonly key: Buffer;
  readonly codec: Codec<Record>;
}

/** The first rows of a range, as records, or as whatever is made of their keys and bytes. */
export interface Rows<Record> extends KeyRange {
  readonly limit: number;
  readonly decode: (entry: Entry) => Record;
}

/** The first rows of a range whose records say all. */
export function rowsIn<Record>(range: KeyRange, limit: number, codec: Codec<Record>): Rows<Record> {
  return { start: range.start, end: range.end, limit, decode: ({ value }) => codec.decode(value) };
}

/** The change that writes a record into its row. */
export function put<Record>(row: Row<Record>, record: Record): Change {
  return { key: row.key, value: row.codec.encode(record) };
}

/** The change that empties a row. */
export function remove(row: Row<unknown>): Change {
  return { key: row.key, value: undefined };
}

const EMPTY = new Uint8Array(0);

/** For rows that say all by being there. */
export const presence: Codec<true> = { encode: () => EMPTY, decode: () => true };

/** For rows whose bytes are kept as they are. */
export const plainBytes: Codec<Uint8Array> = { encode: (bytes) => bytes, decode: (bytes) => bytes };
