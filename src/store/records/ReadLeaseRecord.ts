import { id, integer, list, recordCodec } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** What a process with long reads says of them, stored under a name of its own; times in milliseconds since 1970. */
export interface ReadLeaseRecord {
  /** Since when the oldest reader has been at work of whom it does not say what they read; `undefined` without such. */
  readonly readingSinceMs: number | undefined;
  /** What the others read. Older versions named nothing. */
  readonly contents: readonly NamedContent[];
  /** When it counts for nothing any more, unless it is renewed. */
  readonly expiresAtMs: number;
}

/** A content that somebody reads. */
export interface NamedContent {
  readonly id: string;
}

/** Leases as bytes. */
export const readLeaseCodec: Codec<ReadLeaseRecord, Buffer> = recordCodec<ReadLeaseRecord>(
  () => ({ readingSinceMs: undefined, contents: [], expiresAtMs: 0 }),
  [integer(1, "readingSinceMs"), integer(2, "expiresAtMs"), list("contents", (): NamedContent => ({ id: "" }), [id(3, "id")])],
);

/** The lease of a process. */
export function readLeaseRow(holder: string): Row<ReadLeaseRecord> {
  return { key: namedKey(TABLES.readLeases, holder), codec: readLeaseCodec };
}

/** Leases of processes, with their holders. */
export function readLeases(limit: number): Rows<ReadLeaseRecord & { readonly holder: string }> {
  return {
    ...tableRange(TABLES.readLeases),
    limit,
    decode: ({ key, value }) => ({ holder: nameInKey(key), ...readLeaseCodec.decode(value, key) }),
  };
}
