import { id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** A user: who owns buckets, whatever access keys they have at the time. Stored under the display name. */
export interface OwnerRecord {
  readonly canonicalId: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  /** The access key that was last set from `credentials.json`; only the first user has one. It is set once, and may be removed. */
  readonly keptKeyId: string | undefined;
}

/** Users as bytes. */
export const ownerCodec: Codec<OwnerRecord, Buffer> = recordCodec<OwnerRecord>(
  () => ({ canonicalId: "", displayName: "", createdAtMs: 0, keptKeyId: undefined }),
  [id(1, "canonicalId"), text(2, "displayName"), integer(3, "createdAtMs"), text(4, "keptKeyId")],
);

/** A user, by display name. */
export function ownerRow(displayName: string): Row<OwnerRecord> {
  return { key: namedKey(TABLES.owners, displayName), codec: ownerCodec };
}

/** Users, by display name. */
export function owners(limit: number): Rows<OwnerRecord> {
  return rowsIn(tableRange(TABLES.owners), limit, ownerCodec);
}
