import { accountIdOf } from "../accounts/accountIds.ts";
import type { Field } from "./recordCodec.ts";
import { id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** An account: what buckets belong to, whatever access keys its root and its users have at the time. Stored under the display name. */
export interface AccountRecord {
  /** Twelve digits, made of the canonical id. */
  readonly accountId: string;
  readonly canonicalId: string;
  readonly displayName: string;
  readonly email: string | undefined;
  readonly createdAtMs: number;
  /** The root's access key that was last set from `credentials.json`; only the first account has one. It is set once, and may be removed. */
  readonly keptKeyId: string | undefined;
}

/** The field of the canonical id, of which the account's number is made. */
export function accountIds<Record extends Pick<AccountRecord, "accountId" | "canonicalId">>(tag: number): Field<Record> {
  const { write, read } = id<Pick<AccountRecord, "canonicalId">>(tag, "canonicalId");
  return {
    tag,
    write: write!,
    read(fields, draft) {
      read(fields, draft);
      draft.accountId = accountIdOf(draft.canonicalId);
    },
  };
}

/** Accounts as bytes. */
export const accountCodec: Codec<AccountRecord, Buffer> = recordCodec<AccountRecord>(
  () => ({ accountId: "", canonicalId: "", displayName: "", email: undefined, createdAtMs: 0, keptKeyId: undefined }),
  [accountIds(1), text(2, "displayName"), integer(3, "createdAtMs"), text(4, "keptKeyId"), text(5, "email")],
);

/** An account, by display name. */
export function accountRow(displayName: string): Row<AccountRecord> {
  return { key: namedKey(TABLES.accounts, displayName), codec: accountCodec };
}

/** Accounts, by display name. */
export function accounts(limit: number): Rows<AccountRecord> {
  return rowsIn(tableRange(TABLES.accounts), limit, accountCodec);
}
