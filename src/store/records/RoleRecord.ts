import type { AttachableRecord, IdentityRecord, IdentityTag } from "./identityFields.ts";
import { EMPTY_IDENTITY, identityFields, identityTags } from "./identityFields.ts";
import { integer, recordCodec, text, texts } from "./recordCodec.ts";
import { rememberedRows } from "./rememberedRows.ts";
import type { Codec, Row } from "./Row.ts";
import { TABLES } from "./tables.ts";

/** A role, stored under (account, name). */
export interface RoleRecord extends IdentityRecord, AttachableRecord {
  /** Who may assume it: a policy document, as it was given. */
  readonly trustPolicy: string;
  readonly description: string;
  readonly maxSessionDurationSeconds: number;
  /** The ARN of the managed policy beyond which nothing is allowed. */
  readonly boundaryArn: string | undefined;
  readonly tags: readonly IdentityTag[];
}

/** Roles as bytes. */
export const roleCodec: Codec<RoleRecord, Buffer> = recordCodec<RoleRecord>(
  () => ({
    ...EMPTY_IDENTITY,
    attachedPolicyArns: [],
    trustPolicy: "",
    description: "",
    maxSessionDurationSeconds: 0,
    boundaryArn: undefined,
    tags: [],
  }),
  [
    identityFields<RoleRecord>(),
    texts(6, "attachedPolicyArns"),
    text(7, "boundaryArn"),
    text(8, "trustPolicy"),
    text(9, "description", ""),
    integer(10, "maxSessionDurationSeconds"),
    identityTags<RoleRecord>(),
  ],
);

const remembered = rememberedRows(TABLES.roles, roleCodec);

/** A role, by account and name. */
export function roleRow(accountId: string, name: string): Row<RoleRecord> {
  return remembered(accountId + name.toLowerCase());
}
