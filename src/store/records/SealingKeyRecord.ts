import { id, integer, recordCodec } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { rememberedRows } from "./rememberedRows.ts";
import { tableRange, TABLES } from "./tables.ts";

/** A key that session tokens are sealed with. Stored under its id. */
export interface SealingKeyRecord {
  /** 16 hexadecimal characters; a token names it. */
  readonly keyId: string;
  /** 32 bytes, in hexadecimal. */
  readonly secret: string;
  /** In real time. */
  readonly createdAtMs: number;
}

/** Sealing keys as bytes. */
export const sealingKeyCodec: Codec<SealingKeyRecord, Buffer> = recordCodec<SealingKeyRecord>(
  () => ({ keyId: "", secret: "", createdAtMs: 0 }),
  [id(1, "keyId"), id(2, "secret"), integer(3, "createdAtMs")],
);

/** A sealing key, by id. */
export const sealingKeyRow: (keyId: string) => Row<SealingKeyRecord> = rememberedRows(TABLES.sealingKeys, sealingKeyCodec);

/** Sealing keys, by id. */
export function sealingKeys(limit: number): Rows<SealingKeyRecord> {
  return rowsIn(tableRange(TABLES.sealingKeys), limit, sealingKeyCodec);
}
