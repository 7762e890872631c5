import { successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyRange } from "../metadata/MetadataEngine.ts";
import { integer, recordCodec, text } from "./recordCodec.ts";
import { rememberedRows } from "./rememberedRows.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence } from "./Row.ts";
import { namedKey, TABLES, textInKey } from "./tables.ts";

/** Rows by which identities are found and counted, beside those that say what they are. */

/** Whose an id is: an account's number, canonical id or e-mail address, or the unique id of something inside an account. */
export interface IdHolderRecord {
  readonly accountId: string;
  /** The account's display name, or the name of whom the unique id is of. */
  readonly name: string;
}

/** Holders of ids as bytes. */
export const idHolderCodec: Codec<IdHolderRecord, Buffer> = recordCodec<IdHolderRecord>(
  () => ({ accountId: "", name: "" }),
  [text(1, "accountId"), text(2, "name")],
);

/** Whose an id is. An address is looked up in any case; it is the only id with an "@". */
export function idHolderRow(id: string): Row<IdHolderRecord> {
  return { key: namedKey(TABLES.idHolders, id.includes("@") ? id.toLowerCase() : id), codec: idHolderCodec };
}

/** What an account holds, and which state of it this is. Written with every change of an account's identities. */
export interface IdentitiesRecord {
  /** Never the same for two states of any account. */
  readonly revision: string;
  readonly users: number;
  readonly groups: number;
  readonly roles: number;
  readonly policies: number;
  /** Versions of all managed policies together. */
  readonly policyVersions: number;
  /** Devices of users that are in use. */
  readonly mfaDevices: number;
}

/** What an account is that never had any identity inside it. */
export const NO_IDENTITIES: IdentitiesRecord = {
  revision: "",
  users: 0,
  groups: 0,
  roles: 0,
  policies: 0,
  policyVersions: 0,
  mfaDevices: 0,
};

/** What an account holds as bytes. */
export const identitiesCodec: Codec<IdentitiesRecord, Buffer> = recordCodec<IdentitiesRecord>(
  () => ({ ...NO_IDENTITIES }),
  [
    text(1, "revision", ""),
    integer(2, "users", 0),
    integer(3, "groups", 0),
    integer(4, "roles", 0),
    integer(5, "policies", 0),
    integer(6, "policyVersions", 0),
    integer(7, "mfaDevices", 0),
  ],
);

/** What an account holds, by its number. */
export const identitiesRow: (accountId: string) => Row<IdentitiesRecord> = rememberedRows(TABLES.identities, identitiesCodec);

/** What a managed policy is attached to, or bounds: "user", "role boundary", …, as a letter in keys. */
export const USE_LETTERS = { group: "g", role: "r", user: "u", roleBoundary: "s", userBoundary: "v" } as const;

/** How a managed policy is used. */
export type PolicyUse = keyof typeof USE_LETTERS;

function rangeOfNames(table: number, beginning: string): KeyRange {
  const start = namedKey(table, beginning);
  return { start, end: successorOfPrefix(start)! };
}

/** Says that a managed policy is used in an account: by what, by its name. */
export function attachmentRow(accountId: string, policyId: string, use: PolicyUse, name: string): Row<true> {
  return {
    key: namedKey(TABLES.attachments, attachmentPrefix(accountId, policyId) + USE_LETTERS[use] + name.toLowerCase()),
    codec: presence,
  };
}

function attachmentPrefix(accountId: string, policyId: string): string {
  // An id of the policy's own: another of its name does not take its attachments over.
  return `${accountId}${policyId}/`;
}

/** The keys of all attachments of a managed policy in an account, and where in them the letter of the use stands. */
export function attachmentsOf(accountId: string, policyId: string): KeyRange & { readonly letterAt: number } {
  const range = rangeOfNames(TABLES.attachments, attachmentPrefix(accountId, policyId));
  return { ...range, letterAt: range.start.length };
}

/** Says that a user is in a group, by the group's unique id and the user's name. */
export function membershipRow(groupId: string, userName: string): Row<true> {
  return { key: namedKey(TABLES.memberships, groupId + userName.toLowerCase()), codec: presence };
}

/** Says whose an access key is, by the unique id of the user, or the number of the account whose root's it is. */
export function keyOwnerRow(ownerId: string, accessKeyId: string): Row<true> {
  return { key: namedKey(TABLES.keyOwners, `${ownerId}/${accessKeyId}`), codec: presence };
}

/** The access keys of somebody, by id. */
export function keysOwnedBy(ownerId: string, limit: number): Rows<string> {
  const range = keyOwnersOf(ownerId);
  return { ...range, limit, decode: ({ key }) => textInKey(key, range.start.length, key.length) };
}

/** Where the rows lie that say which access keys somebody has. */
export function keyOwnersOf(ownerId: string): KeyRange {
  return rangeOfNames(TABLES.keyOwners, `${ownerId}/`);
}

/** Where the rows lie that say who is in a group. */
export function membershipsOf(groupId: string): KeyRange {
  return rangeOfNames(TABLES.memberships, groupId);
}

/** When an access key was used last, and for what. */
export interface KeyUseRecord {
  /** Milliseconds since 1970. */
  readonly usedAtMs: number;
  /** Such as "s3". */
  readonly service: string;
  readonly region: string;
}

/** Uses of access keys as bytes. */
export const keyUseCodec: Codec<KeyUseRecord, Buffer> = recordCodec<KeyUseRecord>(
  () => ({ usedAtMs: 0, service: "", region: "" }),
  [integer(1, "usedAtMs"), text(2, "service"), text(3, "region")],
);

/** The last use of an access key, by its id. */
export function keyUseRow(accessKeyId: string): Row<KeyUseRecord> {
  return { key: namedKey(TABLES.keyUses, accessKeyId), codec: keyUseCodec };
}
