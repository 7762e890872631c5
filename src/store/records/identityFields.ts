import type { Field } from "./recordCodec.ts";
import { integer, list, text } from "./recordCodec.ts";

/** A tag of a user, a role or a policy. */
export type IdentityTag = readonly [key: string, value: string];

/** What users, groups, roles and managed policies have in common. */
export interface IdentityRecord {
  /** Twelve digits. */
  readonly accountId: string;
  /** Four letters that say of what, and 17 letters and digits; never used again. */
  readonly uniqueId: string;
  /** As it was given; whoever looks it up does so in any case. */
  readonly name: string;
  /** Begins and ends with "/". */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

/** What every identity has as long as nothing was read of it. */
export const EMPTY_IDENTITY: IdentityRecord = { accountId: "", uniqueId: "", name: "", path: "/", createdAtMs: 0 };

/** The fields of {@link IdentityRecord}, which all identities hold under the same tags. */
export function identityFields<Record extends IdentityRecord>(): Field<Record>[] {
  return [
    text(1, "accountId"),
    text(2, "uniqueId"),
    text(3, "name"),
    text(4, "path", "/"),
    integer(5, "createdAtMs"),
  ] as Field<IdentityRecord>[];
}

/** What policies apply to: its managed policies, in the order in which they were attached. */
export interface AttachableRecord {
  /** ARNs of managed policies. */
  readonly attachedPolicyArns: readonly string[];
}

/** The tags of an identity. */
export function identityTags<Record extends { readonly tags: readonly IdentityTag[] }>(): Field<Record>[] {
  return list<{ readonly tags: readonly IdentityTag[] }, { readonly 0: string; readonly 1: string }>("tags", () => ["", ""], [
    text(40, 0),
    text(41, 1),
  ]);
}
