import { flag, id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** An access key and its owner, stored under the access key id. */
export interface UserRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly canonicalId: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  /** True while the operator does not want it to open anything. */
  readonly disabled: boolean;
}

/** Access keys as bytes. */
export const userCodec: Codec<UserRecord, Buffer> = recordCodec<UserRecord>(
  () => ({ accessKeyId: "", secretAccessKey: "", canonicalId: "", displayName: "", createdAtMs: 0, disabled: false }),
  [
    text(1, "accessKeyId"),
    text(2, "secretAccessKey"),
    id(3, "canonicalId"),
    text(4, "displayName"),
    integer(5, "createdAtMs"),
    flag(6, "disabled"),
  ],
);

/** An access key and its owner, by access key id. */
export function userRow(accessKeyId: string): Row<UserRecord> {
  return { key: namedKey(TABLES.users, accessKeyId), codec: userCodec };
}

/** Access keys, by id. */
export function users(limit: number): Rows<UserRecord> {
  return rowsIn(tableRange(TABLES.users), limit, userCodec);
}
