import type { Change, Entry, KeyRange } from "../metadata/MetadataEngine.ts";
import { UnreadableRecordError } from "./UnreadableRecordError.ts";

/** How a record becomes the bytes of the row with a key, and how it is read from them. */
export interface Codec<Record, Bytes extends Uint8Array = Uint8Array> {
  encode(record: Record, key: Uint8Array): Bytes;
  /** Throws `UnreadableRecordError` for bytes that it cannot read. */
  decode(bytes: Uint8Array, key: Uint8Array): Record;
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
  return { start: range.start, end: range.end, limit, decode: ({ key, value }) => codec.decode(value, key) };
}

/** Reads what cannot be read as the error that says so: for who can go on without it. */
export function perhapsCodec<Record>(codec: Codec<Record>): Codec<Record | UnreadableRecordError> {
  return {
    encode: codec.encode,
    decode(bytes, key) {
      try {
        return codec.decode(bytes, key);
      } catch (error) {
        return unreadable(error);
      }
    },
  };
}

/** A row of which the record may be unreadable. */
export function perhaps<Record>({ key, codec }: Row<Record>): Row<Record | UnreadableRecordError> {
  return { key, codec: perhapsCodec(codec) };
}

/** Rows of which each record may be unreadable. */
export function eachPerhaps<Record>(rows: Rows<Record>): Rows<Record | UnreadableRecordError> {
  const decode: Rows<Record | UnreadableRecordError>["decode"] = (entry) => {
    try {
      return rows.decode(entry);
    } catch (error) {
      return unreadable(error);
    }
  };
  return { ...rows, decode };
}

function unreadable(error: unknown): UnreadableRecordError {
  if (error instanceof UnreadableRecordError) return error;
  throw error;
}

/** Whether a record can be read. */
export function isReadable<Record>(record: Record | UnreadableRecordError): record is Record {
  return !(record instanceof UnreadableRecordError);
}

/** The change that writes a record into its row. */
export function put<Record>(row: Row<Record>, record: Record): Change {
  return { key: row.key, value: row.codec.encode(record, row.key) };
}

/** The change that empties a row. */
export function remove(row: Row<unknown>): Change {
  return { key: row.key, value: undefined };
}

const EMPTY = new Uint8Array(0);

/** The change that fills a row that says all by being there. */
export function mark(row: Row<true>): Change {
  return { key: row.key, value: EMPTY };
}

/** For rows that say all by being there. */
export const presence: Codec<true> = { encode: () => EMPTY, decode: () => true };
