import { recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, keyInBucket, rangeInBucket, tableRange, TABLES, textInKey } from "./tables.ts";

/** A setting of a bucket, stored under (bucket, kind). */
export interface SettingRecord {
  /** What the setting says, as whoever set it writes it down. */
  readonly document: string;
}

/** Settings as bytes. */
export const settingCodec: Codec<SettingRecord, Buffer> = recordCodec<SettingRecord>(
  () => ({ document: "" }),
  [text(1, "document")],
);

/** A setting of a bucket; a kind is a word such as "cors", and is for ever. */
export function settingRow(bucketId: string, kind: string): Row<SettingRecord> {
  return { key: keyInBucket(TABLES.settings, bucketId, kind), codec: settingCodec };
}

/** Settings of every bucket. */
export function settings(limit: number): Rows<SettingRecord> {
  return rowsIn(tableRange(TABLES.settings), limit, settingCodec);
}

/** The kinds of a bucket's settings. */
export function settingKindsOf(bucketId: string, limit: number): Rows<string> {
  return {
    ...rangeInBucket(TABLES.settings, bucketId),
    limit,
    decode: ({ key }) => textInKey(key, BASE_SIZE_BYTES, key.length),
  };
}
