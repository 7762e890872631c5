import { accountIds } from "./AccountRecord.ts";
import { flag, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { rememberedRows } from "./rememberedRows.ts";
import { tableRange, TABLES } from "./tables.ts";

/** An access key and whose it is, stored under the access key id. */
export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of the account; twelve digits, made of the canonical id. */
  readonly accountId: string;
  readonly canonicalId: string;
  readonly displayName: string;
  /** The unique id and the name of the user; `undefined` for a key of the account's root. */
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly createdAtMs: number;
  /** True while it is not to open anything. */
  readonly disabled: boolean;
}

/** Access keys as bytes. */
export const accessKeyCodec: Codec<AccessKeyRecord, Buffer> = recordCodec<AccessKeyRecord>(
  () => ({
    accessKeyId: "",
    secretAccessKey: "",
    accountId: "",
    canonicalId: "",
    displayName: "",
    userId: undefined,
    userName: undefined,
    createdAtMs: 0,
    disabled: false,
  }),
  [
    text(1, "accessKeyId"),
    text(2, "secretAccessKey"),
    accountIds(3),
    text(4, "displayName"),
    integer(5, "createdAtMs"),
    flag(6, "disabled"),
    text(7, "userId"),
    text(8, "userName"),
  ],
);

/** An access key and whose it is, by access key id. */
export const accessKeyRow: (accessKeyId: string) => Row<AccessKeyRecord> = rememberedRows(TABLES.accessKeys, accessKeyCodec);

/** Access keys, by id. */
export function accessKeys(limit: number): Rows<AccessKeyRecord> {
  return rowsIn(tableRange(TABLES.accessKeys), limit, accessKeyCodec);
}
