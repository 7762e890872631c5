import type { IdentityRecords } from "./identities.ts";

/** What policies apply to. */
export type HolderKind = "group" | "role" | "user";

/** Whose policies, boundary or tags are meant. */
export interface Holder<Kind extends HolderKind = HolderKind> {
  readonly accountId: string;
  readonly kind: Kind;
  readonly name: string;
}

/** Who can have a permissions boundary and tags. */
export type Principal = Holder<"role" | "user">;

/** A record of one of them. */
export type HolderRecord = IdentityRecords[HolderKind];

/** A record of a user or role. */
export type PrincipalRecord = IdentityRecords["role" | "user"];
