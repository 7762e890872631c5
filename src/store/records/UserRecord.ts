import type { AttachableRecord, IdentityRecord, IdentityTag } from "./identityFields.ts";
import { EMPTY_IDENTITY, identityFields, identityTags } from "./identityFields.ts";
import { recordCodec, text, texts } from "./recordCodec.ts";
import { rememberedRows } from "./rememberedRows.ts";
import type { Codec, Row } from "./Row.ts";
import { TABLES } from "./tables.ts";

/** A user inside an account, stored under (account, name). */
export interface UserRecord extends IdentityRecord, AttachableRecord {
  /** The unique ids of the groups they are in, in the order in which they were put there. */
  readonly groupIds: readonly string[];
  /** The ARN of the managed policy beyond which nothing is allowed. */
  readonly boundaryArn: string | undefined;
  readonly tags: readonly IdentityTag[];
}

/** Users as bytes. */
export const userCodec: Codec<UserRecord, Buffer> = recordCodec<UserRecord>(
  () => ({ ...EMPTY_IDENTITY, attachedPolicyArns: [], groupIds: [], boundaryArn: undefined, tags: [] }),
  [
    identityFields<UserRecord>(),
    texts(6, "attachedPolicyArns"),
    text(7, "boundaryArn"),
    texts(8, "groupIds"),
    identityTags<UserRecord>(),
  ],
);

const remembered = rememberedRows(TABLES.users, userCodec);

/** A user, by account and name. */
export function userRow(accountId: string, name: string): Row<UserRecord> {
  return remembered(accountId + name.toLowerCase());
}
