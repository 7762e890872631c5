import type { SignedCaller } from "../../auth/Caller.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { IdentitiesRecord } from "../records/identityRows.ts";
import { identitiesRow } from "../records/identityRows.ts";
import { inlinePoliciesOf, policyVersionRow } from "../records/PolicyRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows } from "../transact.ts";
import { findAccount } from "./findAccount.ts";
import type { NamedDocument, StoredPolicies } from "./StoredPolicies.ts";
import { groupsOf } from "./groups.ts";
import type { HolderRecord, PrincipalRecord } from "./holders.ts";
import { findIdentity } from "./identities.ts";
import { policyTarget, targetId } from "./policyTargets.ts";
import { QUOTAS } from "./quotas.ts";

/** Whose policies are asked for. */
export type PolicySubject = Pick<SignedCaller, "accountId" | "userId" | "userName" | "principalArn"> & {
  readonly kind: Exclude<SignedCaller["kind"], "root">;
};

/**
 * The policies that apply to a user, a role's session, or a federated user: then those of the user who asked for the session, and for the
 * root's sessions one that allows everything. `undefined` when the user or role is gone, or is another one of that name. Takes one read when
 * nothing of the account has changed.
 */
export function policiesOf(store: Store, subject: PolicySubject): Soon<StoredPolicies | undefined> {
  if (subject.kind === "federated-user" && subject.userName === undefined) return ofRoot(store, subject);
  const found = readRow(store, identitiesRow(subject.accountId));
  if (found instanceof Promise) return found.then((identities) => ofRevision(store, subject, identities));
  return ofRevision(store, subject, found);
}

/** What the sessions of a root may do, as far as their own policies let them. */
const EVERYTHING: StoredPolicies = {
  revision: "root",
  identity: [
    {
      name: "the account's root",
      document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
  ],
  boundary: undefined,
};

function ofRoot(store: Store, { accountId }: PolicySubject): Soon<StoredPolicies | undefined> {
  return whenHere(findAccount(store, { accountId }), (account) => (account === undefined ? undefined : EVERYTHING));
}

function ofRevision(
  store: Store,
  subject: PolicySubject,
  identities: IdentitiesRecord | undefined,
): Soon<StoredPolicies | undefined> {
  if (identities === undefined) return undefined;
  const remembered = store.policies.find(subjectOf(subject), identities.revision);
  return remembered ?? read(store, subject, identities.revision);
}

/** Names whom the policies are of. */
function subjectOf({ kind, accountId, userId, userName }: PolicySubject): string {
  return kind === "federated-user" ? `${accountId}/${userName}` : userId;
}

/** Reads the policies, and again when the account changes meanwhile. */
async function read(store: Store, subject: PolicySubject, firstRevision: string): Promise<StoredPolicies | undefined> {
  let revision: string | undefined = firstRevision;
  while (revision !== undefined) {
    const policies: StoredPolicies | undefined = await readOnce(store, subject, revision);
    const now: IdentitiesRecord | undefined = await readRow(store, identitiesRow(subject.accountId));
    if (now?.revision === revision) {
      if (policies !== undefined) store.policies.keep(subjectOf(subject), revision, policies);
      return policies;
    }
    revision = now?.revision;
  }
  return undefined;
}

async function readOnce(store: Store, subject: PolicySubject, revision: string): Promise<StoredPolicies | undefined> {
  const record = await principalOf(store, subject);
  if (record === undefined) return undefined;
  const holders: readonly HolderRecord[] = "groupIds" in record ? [record, ...(await groupsOf(store, record))] : [record];
  const identity: NamedDocument[] = [];
  for (const holder of holders) identity.push(...(await documentsOf(store, holder)));
  const boundary = record.boundaryArn === undefined ? undefined : await boundaryOf(store, record, record.boundaryArn);
  return { revision: `${subjectOf(subject)} ${revision}`, identity, boundary };
}

/** The user or role that a subject stands for, if it is still the same one. */
async function principalOf(store: Store, subject: PolicySubject): Promise<PrincipalRecord | undefined> {
  const { kind, accountId, userId, userName, principalArn } = subject;
  if (kind === "assumed-role") {
    const role = await findIdentity(store, "role", accountId, principalArn.slice(principalArn.lastIndexOf("/") + 1));
    return role !== undefined && userId.startsWith(`${role.uniqueId}:`) ? role : undefined;
  }
  const user = userName === undefined ? undefined : await findIdentity(store, "user", accountId, userName);
  return kind === "federated-user" || user?.uniqueId === userId ? user : undefined;
}

/** More inline policies than anybody has: each takes a character. */
const ALL_INLINE = QUOTAS.RolePolicySize;

async function documentsOf(store: Store, { accountId, uniqueId, attachedPolicyArns }: HolderRecord): Promise<NamedDocument[]> {
  const { inline } = await readRows(store, { inline: inlinePoliciesOf(uniqueId, ALL_INLINE) });
  const documents = inline.map(({ name, document }) => ({ name: `inline ${name}`, document }));
  for (const arn of attachedPolicyArns) {
    const document = await managedDocument(store, accountId, arn);
    if (document !== undefined) documents.push({ name: arn, document });
  }
  return documents;
}

const NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** The boundary of somebody. Where it could not be found, nothing is allowed. */
async function boundaryOf(store: Store, { accountId }: PrincipalRecord, arn: string): Promise<NamedDocument> {
  return { name: arn, document: (await managedDocument(store, accountId, arn)) ?? NOTHING };
}

/** What the version says that applies of a managed policy. */
async function managedDocument(store: Store, accountId: string, arn: string): Promise<string | undefined> {
  const target = policyTarget(accountId, arn);
  if (target.aws !== undefined) return target.aws.document;
  const record = target.row === undefined ? undefined : await readRow(store, target.row);
  if (record === undefined || targetId(target, record) === undefined) return undefined;
  return (await readRow(store, policyVersionRow(record.uniqueId, record.defaultVersion)))?.document;
}
