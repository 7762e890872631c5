import { recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** Which key ring a store seals with: without that ring it is not to be used. Holds no key. */
export interface KeyRingRecord {
  readonly ringId: string;
  /** The newest master key that was seen: a ring without it is an older one. */
  readonly masterName: string;
}

/** What is known of the ring, as bytes. */
export const keyRingCodec: Codec<KeyRingRecord, Buffer> = recordCodec<KeyRingRecord>(
  () => ({ ringId: "", masterName: "" }),
  [text(1, "ringId"), text(2, "masterName")],
);

/** The one ring of a store; without the row, nothing was ever sealed. */
export const KEY_RING_ROW: Row<KeyRingRecord> = { key: namedKey(TABLES.keyRing, ""), codec: keyRingCodec };

/** The same, for whoever looks at all records. */
export function keyRings(limit: number): Rows<KeyRingRecord> {
  return rowsIn(tableRange(TABLES.keyRing), limit, keyRingCodec);
}
