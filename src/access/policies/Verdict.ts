import type { Policy } from "./Policy.ts";

/** A policy and what reasons call it: an ARN, "inline NAME", "bucket policy". */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** Every policy that bears on a request. */
export interface Policies {
  /** Those of the user (and their groups) or of the role; `undefined` for a caller who is not limited by any, as a root is not. */
  readonly identity: readonly NamedPolicy[] | undefined;
  readonly boundary?: NamedPolicy | undefined;
  /** What a session was limited to when it was asked for; `undefined` where it was not. */
  readonly session?: readonly NamedPolicy[] | undefined;
  /** The bucket's policy, or a role's trust policy. */
  readonly resource?: NamedPolicy | undefined;
  /** Twelve digits: the account that owns the resource; `undefined` where nobody does. */
  readonly resourceAccountId: string | undefined;
}

/** A kind of policy, by whose allow or deny a request is decided. */
export type PolicyKind = "identity" | "resource" | "boundary" | "session";

/** What policies say of a request, and why. */
export interface Verdict {
  /** "none": no policy denies it, and not all that have to allow it do; whatever else grants access may. */
  readonly effect: "allow" | "deny" | "none";
  /** True when a statement denies it by name; never with "allow" or "none". */
  readonly explicit: boolean;
  /** The kind of policy that decided; with "none", the kind that lacks an allow ("because no identity-based policy allows …"). */
  readonly by: PolicyKind | undefined;
  /** What each statement that bore on it said: policy, Sid or place, and why it matched or did not. For the journal, not for the caller. */
  readonly reasons: readonly string[];
}
