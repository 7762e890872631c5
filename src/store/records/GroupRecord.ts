import type { AttachableRecord, IdentityRecord } from "./identityFields.ts";
import { EMPTY_IDENTITY, identityFields } from "./identityFields.ts";
import { recordCodec, texts } from "./recordCodec.ts";
import type { Codec, Row } from "./Row.ts";
import { keyInAccount, TABLES } from "./tables.ts";

/** A group of users, stored under (account, name). Its users say that they are in it. */
export interface GroupRecord extends IdentityRecord, AttachableRecord {}

/** Groups as bytes. */
export const groupCodec: Codec<GroupRecord, Buffer> = recordCodec<GroupRecord>(
  () => ({ ...EMPTY_IDENTITY, attachedPolicyArns: [] }),
  [identityFields<GroupRecord>(), texts(6, "attachedPolicyArns")],
);

/** A group, by account and name. */
export function groupRow(accountId: string, name: string): Row<GroupRecord> {
  return { key: keyInAccount(TABLES.groups, accountId, name), codec: groupCodec };
}
