import type { Decision, Entry, Soon } from "../metadata/MetadataEngine.ts";
import type { GroupRecord } from "../records/GroupRecord.ts";
import { groupCodec, groupRow } from "../records/GroupRecord.ts";
import type { IdentityRecord } from "../records/identityFields.ts";
import type { IdentitiesRecord } from "../records/identityRows.ts";
import { identitiesRow, idHolderRow, NO_IDENTITIES } from "../records/identityRows.ts";
import type { PolicyRecord } from "../records/PolicyRecord.ts";
import { policyCodec, policyRow } from "../records/PolicyRecord.ts";
import type { RoleRecord } from "../records/RoleRecord.ts";
import { roleCodec, roleRow } from "../records/RoleRecord.ts";
import type { Codec, Row } from "../records/Row.ts";
import { put } from "../records/Row.ts";
import { rangeInAccount, TABLES } from "../records/tables.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userCodec, userRow } from "../records/UserRecord.ts";
import type { Store } from "../Store.ts";
import type { Circumstances } from "../transact.ts";
import { readRow, transact } from "../transact.ts";
import { checkName, checkPath, checkPathPrefix, isName } from "./identityForms.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { pageOfRows } from "./pages.ts";
import { QUOTAS } from "./quotas.ts";

/** What an account holds, by kind. */
export interface IdentityRecords {
  readonly group: GroupRecord;
  readonly policy: PolicyRecord;
  readonly role: RoleRecord;
  readonly user: UserRecord;
}

/** What has a name and a path in an account. */
export type IdentityKind = keyof IdentityRecords;

/** What makes one kind differ from the others. */
interface KindFacts<Record> {
  readonly row: (accountId: string, name: string) => Row<Record>;
  readonly table: number;
  readonly codec: Codec<Record>;
  /** Under which the account counts them. */
  readonly count: Exclude<keyof IdentitiesRecord, "revision">;
  readonly quota: "GroupsPerAccount" | "PoliciesPerAccount" | "RolesPerAccount" | "UsersPerAccount";
  readonly idPrefix: string;
  readonly longestName: number;
}

const KINDS: { readonly [Kind in IdentityKind]: KindFacts<IdentityRecords[Kind]> } = {
  group: {
    row: groupRow,
    table: TABLES.groups,
    codec: groupCodec,
    count: "groups",
    quota: "GroupsPerAccount",
    idPrefix: "AGPA",
    longestName: 128,
  },
  policy: {
    row: policyRow,
    table: TABLES.policies,
    codec: policyCodec,
    count: "policies",
    quota: "PoliciesPerAccount",
    idPrefix: "ANPA",
    longestName: 128,
  },
  role: {
    row: roleRow,
    table: TABLES.roles,
    codec: roleCodec,
    count: "roles",
    quota: "RolesPerAccount",
    idPrefix: "AROA",
    longestName: 64,
  },
  user: {
    row: userRow,
    table: TABLES.users,
    codec: userCodec,
    count: "users",
    quota: "UsersPerAccount",
    idPrefix: "AIDA",
    longestName: 64,
  },
};

function factsOf<Kind extends IdentityKind>(kind: Kind): KindFacts<IdentityRecords[Kind]> {
  return KINDS[kind];
}

/** What the unique ids of a kind begin with. */
export function idPrefixOf(kind: IdentityKind): string {
  return KINDS[kind].idPrefix;
}

/** The row of something with a name that can be one. */
export function rowOf<Kind extends IdentityKind>(kind: Kind, accountId: string, name: string): Row<IdentityRecords[Kind]> {
  return factsOf(kind).row(accountId, name);
}

/** What has a name, if there is something. */
export function findIdentity<Kind extends IdentityKind>(
  store: Store,
  kind: Kind,
  accountId: string,
  name: string,
): Soon<IdentityRecords[Kind] | undefined> {
  return isName(name) ? readRow(store, rowOf(kind, accountId, name)) : undefined;
}

/** What has a name. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function knownIdentity<Kind extends IdentityKind>(
  store: Store,
  kind: Kind,
  accountId: string,
  name: string,
): Promise<IdentityRecords[Kind]> {
  checkName(`${kind}Name`, name);
  return present(kind, name, await readRow(store, rowOf(kind, accountId, name)));
}

/** A record that has to be there. Throws `IdentityError` NoSuchEntity. */
function present<Record>(kind: IdentityKind, name: string, record: Record | undefined): Record {
  if (record !== undefined) return record;
  throw new IdentityError("NoSuchEntity", `The ${kind} with name ${name} cannot be found.`);
}

/** A decision about an account's identities, and how many there are then. */
export interface IdentityDecision<Result> extends Decision<Result> {
  readonly counts?: Partial<Omit<IdentitiesRecord, "revision">>;
}

/** Decides about an account's identities, given what was read for it, and what the account holds. */
export type DecideInAccount<Prepared, Result> = (
  prepared: Prepared,
  identities: IdentitiesRecord,
  at: Circumstances,
) => IdentityDecision<Result>;

/** Says that the account has changed since what was read for a decision. */
const CHANGED = Symbol();

/**
 * Commits a decision about an account's identities; with every change, the account has another revision. `prepare` reads whatever the
 * decision needs of the account, in as many steps as it takes: when any of it has changed before the commit, it reads again.
 */
async function changeAccount<Prepared, Result>(
  store: Store,
  accountId: string,
  prepare: () => Soon<Prepared>,
  decide: DecideInAccount<Prepared, Result>,
): Promise<Result> {
  const row = identitiesRow(accountId);
  for (;;) {
    const before = await readRow(store, row);
    const prepared = await prepare();
    const result = await transact(store, { now: row }, ({ now }, at): Decision<Result | typeof CHANGED> => {
      if (now?.revision !== before?.revision) return { changes: [], result: CHANGED };
      const identities = now ?? NO_IDENTITIES;
      const { changes, counts, result: decided } = decide(prepared, identities, at);
      if (changes.length === 0) return { changes, result: decided };
      return { changes: [...changes, put(row, { ...identities, ...counts, revision: at.newId() })], result: decided };
    });
    if (result !== CHANGED) return result;
  }
}

/** What is decided about, by its name. */
export interface IdentityName<Kind extends IdentityKind> {
  readonly kind: Kind;
  readonly accountId: string;
  readonly name: string;
}

/**
 * Commits a decision about something with a name, as `changeAccount` does. Throws `IdentityError` (NoSuchEntity, ValidationError) and what
 * `prepare` and `decide` throw.
 */
export async function changeIdentity<Kind extends IdentityKind, Prepared, Result>(
  store: Store,
  { kind, accountId, name }: IdentityName<Kind>,
  prepare: (record: IdentityRecords[Kind]) => Soon<Prepared>,
  decide: (
    record: IdentityRecords[Kind],
    prepared: Prepared,
    identities: IdentitiesRecord,
    at: Circumstances,
  ) => IdentityDecision<Result>,
): Promise<Result> {
  const read = async (): Promise<{ readonly record: IdentityRecords[Kind]; readonly prepared: Prepared }> => {
    const record = await knownIdentity(store, kind, accountId, name);
    return { record, prepared: await prepare(record) };
  };
  return changeAccount(store, accountId, read, ({ record, prepared }, identities, at) =>
    decide(record, prepared, identities, at),
  );
}

/** Makes something with a name. Throws `IdentityError` (EntityAlreadyExists, LimitExceeded, ValidationError) and what the functions throw. */
export async function createIdentity<Kind extends IdentityKind, Prepared>(
  store: Store,
  kind: Kind,
  { accountId, name, path }: Pick<IdentityRecord, "accountId" | "name" | "path">,
  prepare: () => Soon<Prepared>,
  make: (prepared: Prepared, identities: IdentitiesRecord, at: Circumstances) => IdentityDecision<IdentityRecords[Kind]>,
): Promise<IdentityRecords[Kind]> {
  const { count, quota, longestName } = factsOf(kind);
  checkName(`${kind}Name`, name, longestName);
  checkPath(path);
  const row = rowOf(kind, accountId, name);
  const read = async (): Promise<{ readonly existing: IdentityRecords[Kind] | undefined; readonly prepared: Prepared }> => ({
    existing: await readRow(store, row),
    prepared: await prepare(),
  });
  return changeAccount(store, accountId, read, ({ existing, prepared }, identities, at) => {
    if (existing !== undefined) throw alreadyExists(kind, name);
    if (identities[count] >= QUOTAS[quota]) throw quotaExceeded(quota);
    const { result: record, changes, counts } = make(prepared, identities, at);
    return {
      changes: [put(row, record), put(idHolderRow(record.uniqueId), { accountId, name }), ...changes],
      counts: { ...counts, [count]: identities[count] + 1 },
      result: record,
    };
  });
}

/** IAM's refusal of a name that is taken. */
export function alreadyExists(kind: IdentityKind, name: string): IdentityError {
  const words: Readonly<Record<IdentityKind, string>> = {
    group: `Group with name ${name} already exists.`,
    policy: `A policy called ${name} already exists. Duplicate names are not allowed.`,
    role: `Role with name ${name} already exists.`,
    user: `User with name ${name} already exists.`,
  };
  return new IdentityError("EntityAlreadyExists", words[kind]);
}

/** IAM's refusal of what would be too many. */
export function quotaExceeded(quota: keyof typeof QUOTAS): IdentityError {
  return new IdentityError("LimitExceeded", `Cannot exceed quota for ${quota}: ${QUOTAS[quota]}`);
}

/** IAM's refusal to delete what has something left. */
export function deleteConflict(what: string): IdentityError {
  return new IdentityError("DeleteConflict", `Cannot delete entity, must ${what} first.`);
}

/** How many of a kind an account has when one goes. */
export function oneLess(kind: IdentityKind, identities: IdentitiesRecord): Partial<IdentitiesRecord> {
  const { count } = KINDS[kind];
  return { [count]: identities[count] - 1 };
}

/** Which of an account's identities are listed. */
export interface ListRequest extends PageRequest {
  /** Only those whose path begins so. */
  readonly pathPrefix?: string | undefined;
}

/** Whether something lies under a prefix of paths. Throws `IdentityError` ValidationError for what can be none. */
export function underPath({ pathPrefix }: ListRequest): (of: { readonly path: string }) => boolean {
  if (pathPrefix === undefined) return () => true;
  checkPathPrefix(pathPrefix);
  return ({ path }) => path.startsWith(pathPrefix);
}

/** A page of all of one kind, by name. Throws `IdentityError` ValidationError. */
export async function listIdentities<Kind extends IdentityKind>(
  store: Store,
  kind: Kind,
  accountId: string,
  request: ListRequest,
): Promise<IdentityPage<IdentityRecords[Kind]>> {
  const { table, codec } = factsOf(kind);
  const fits = underPath(request);
  const itemOf = ({ key, value }: Entry): IdentityRecords[Kind] | undefined => {
    const record = codec.decode(value, key);
    return fits(record) ? record : undefined;
  };
  return pageOfRows(store, rangeInAccount(table, accountId), request, itemOf, request.pathPrefix !== undefined);
}
