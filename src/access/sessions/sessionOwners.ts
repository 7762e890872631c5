import type { SessionAccount, SessionPrincipal } from "../../auth/SessionContent.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import { identityArn } from "../../store/accounts/arns.ts";
import { findRole } from "../../store/accounts/roles.ts";
import { findUser } from "../../store/accounts/users.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { AccountRecord } from "../../store/records/AccountRecord.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { UserRecord } from "../../store/records/UserRecord.ts";
import { whenHere } from "../../store/soon.ts";
import type { Store } from "../../store/Store.ts";
import { findManagedDocuments } from "./managedDocuments.ts";
import type { FindSessionOwner, SessionOwner } from "./Sessions.ts";
import { mergedTags, tagsOf } from "./tags.ts";

/** What the store knows of whose a session is. */
interface Found {
  /** The user or role whose the session is, or who vouches for it; the account where that is its root. */
  readonly holder: Holder;
  readonly managedPolicies: readonly string[];
}

type Holder = UserRecord | RoleRecord | AccountRecord;

/** An owner, and what it was made of. */
interface MadeOwner extends SessionOwner, Found {}

/**
 * Looks up whose sessions are with each request: an account, user or role that was removed, or made anew under the old name, has none. A managed
 * policy that is gone allows nothing.
 */
export function sessionOwners(store: Store): FindSessionOwner {
  return (content, known) => {
    const holder = findHolder(store, content.principal);
    const managed = findManagedDocuments(store, content.principal.accountId, content.session.policyArns);
    // What is handed in was made here.
    const made = known as MadeOwner | undefined;
    // Mostly all is at hand; waiting for it would cost each request a turn of the event loop.
    if (holder instanceof Promise || managed instanceof Promise) {
      return Promise.all([holder, managed]).then((found) => ownerOf(content.principal, made, ...found));
    }
    return ownerOf(content.principal, made, holder, managed);
  };
}

function ownerOf(
  principal: SessionPrincipal,
  known: MadeOwner | undefined,
  holder: Holder | undefined,
  managedPolicies: readonly string[],
): MadeOwner | undefined {
  if (holder === undefined) return undefined;
  const found = { holder, managedPolicies };
  return isSame(known, found) ? known : { ...found, caller: callerOf(principal, holder) };
}

/** Whom a session depends on, if they are there and still the same. An account with users or roles is never removed. */
function findHolder(store: Store, principal: SessionPrincipal): Soon<Holder | undefined> {
  const { accountId } = principal;
  switch (principal.kind) {
    case "root":
      return findRoot(store, principal);
    case "user":
      return sameAs(principal.uniqueId, findUser(store, accountId, principal.userName));
    case "assumed-role":
      return sameAs(principal.uniqueId, findRole(store, accountId, principal.roleName));
    case "federated-user": {
      const { by } = principal;
      return by === undefined ? findRoot(store, principal) : sameAs(by.uniqueId, findUser(store, accountId, by.userName));
    }
  }
}

function findRoot(store: Store, { canonicalId, displayName }: SessionAccount): Soon<AccountRecord | undefined> {
  const found = findAccount(store, { displayName });
  return whenHere(found, (account) => (account?.canonicalId === canonicalId ? account : undefined));
}

function sameAs<Identity extends UserRecord | RoleRecord>(
  uniqueId: string,
  found: Soon<Identity | undefined>,
): Soon<Identity | undefined> {
  return whenHere(found, (identity) => (identity?.uniqueId === uniqueId ? identity : undefined));
}

/** The records of users and roles are the same objects as long as they have not changed; of accounts, a session needs no more than its token says. */
function isSame(known: MadeOwner | undefined, { holder, managedPolicies }: Found): known is MadeOwner {
  return (
    known !== undefined &&
    (known.holder === holder || "canonicalId" in holder) &&
    known.managedPolicies.length === managedPolicies.length &&
    known.managedPolicies.every((document, index) => document === managedPolicies[index])
  );
}

function callerOf(principal: SessionPrincipal, holder: Holder): SessionOwner["caller"] {
  const { accountId, canonicalId, displayName } = principal;
  const of = { kind: principal.kind, accountId, canonicalId, displayName };
  switch (principal.kind) {
    case "root": {
      const arn = `arn:aws:iam::${accountId}:root`;
      return { ...of, arn, principalArn: arn, userId: accountId, userName: undefined, tags: {} };
    }
    case "user": {
      const user = holder as UserRecord;
      const arn = identityArn("user", user);
      return { ...of, arn, principalArn: arn, userId: user.uniqueId, userName: user.name, tags: tagsOf(user.tags) };
    }
    case "assumed-role": {
      const role = holder as RoleRecord;
      const { sessionName } = principal;
      const arn = `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`;
      const tags = mergedTags(tagsOf(role.tags), principal.tags);
      const userId = `${role.uniqueId}:${sessionName}`;
      return { ...of, arn, principalArn: identityArn("role", role), userId, userName: undefined, tags };
    }
    case "federated-user": {
      const { name } = principal;
      const arn = `arn:aws:sts::${accountId}:federated-user/${name}`;
      const user = principal.by === undefined ? undefined : (holder as UserRecord);
      const tags = mergedTags(tagsOf(user?.tags ?? []), principal.tags);
      return { ...of, arn, principalArn: arn, userId: `${accountId}:${name}`, userName: user?.name, tags };
    }
  }
}
