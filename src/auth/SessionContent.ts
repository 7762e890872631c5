import type { Session } from "./Session.ts";

/** What a session token holds: whose the session is, and what it says of itself. */
export interface SessionContent {
  readonly principal: SessionPrincipal;
  readonly session: Session;
}

/**
 * Whose a session is. What there is to know of them beside this, the store is asked at the time of each request; unique ids tell a user or
 * role from one who was made later under the same name.
 */
export type SessionPrincipal = RootSession | UserSession | RoleSession | FederatedUserSession;

/** The account that a session is in, none of which ever changes. */
export interface SessionAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly canonicalId: string;
  readonly displayName: string;
}

/** The root of an account, by GetSessionToken. */
export interface RootSession extends SessionAccount {
  readonly kind: "root";
}

/** A user, by GetSessionToken. */
export interface UserSession extends SessionAccount {
  readonly kind: "user";
  readonly userName: string;
  /** AIDA… */
  readonly uniqueId: string;
}

/** Somebody in a role, by AssumeRole or AssumeRoleWithWebIdentity. */
export interface RoleSession extends SessionAccount {
  readonly kind: "assumed-role";
  readonly roleName: string;
  /** AROA… */
  readonly uniqueId: string;
  readonly sessionName: string;
  /** The session's own, which count before the role's. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Somebody a user, or an account's root, vouches for, by GetFederationToken. */
export interface FederatedUserSession extends SessionAccount {
  readonly kind: "federated-user";
  /** What they are called. */
  readonly name: string;
  /** The user who vouches; `undefined` for the account's root. */
  readonly by: { readonly userName: string; readonly uniqueId: string } | undefined;
  readonly tags: Readonly<Record<string, string>>;
}
