import { id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** A bucket as stored under its name. */
export interface BucketRecord {
  readonly name: string;
  /** 8 random bytes as 16 hexadecimal characters; never used again, so that keys of a deleted bucket cannot come back. */
  readonly id: string;
  readonly region: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly createdAtMs: number;
  /** Raised whenever a setting of the bucket changes; 0 for a bucket that never had one. */
  readonly configurationRevision: number;
}

/** Buckets as bytes. */
export const bucketCodec: Codec<BucketRecord, Buffer> = recordCodec<BucketRecord>(
  () => ({ name: "", id: "", region: "", ownerId: "", ownerName: "", createdAtMs: 0, configurationRevision: 0 }),
  [
    text(1, "name"),
    id(2, "id"),
    integer(3, "createdAtMs"),
    text(4, "region"),
    id(5, "ownerId"),
    text(6, "ownerName"),
    integer(7, "configurationRevision", 0),
  ],
);

/** A bucket's record, by name. */
export function bucketRow(name: string): Row<BucketRecord> {
  return { key: namedKey(TABLES.buckets, name), codec: bucketCodec };
}

/** Buckets, by name. */
export function buckets(limit: number): Rows<BucketRecord> {
  return rowsIn(tableRange(TABLES.buckets), limit, bucketCodec);
}
