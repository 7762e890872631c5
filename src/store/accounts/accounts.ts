import type { Change, Decision, Soon } from "../metadata/MetadataEngine.ts";
import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import type { AccountRecord } from "../records/AccountRecord.ts";
import { accountRow, accounts } from "../records/AccountRecord.ts";
import { handedOver } from "../buckets/ownership.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow, buckets } from "../records/BucketRecord.ts";
import type { IdentitiesRecord } from "../records/identityRows.ts";
import { identitiesRow, idHolderRow, keysOwnedBy } from "../records/identityRows.ts";
import type { MfaDeviceRecord } from "../records/MfaDeviceRecord.ts";
import { mfaDeviceRow } from "../records/MfaDeviceRecord.ts";
import { accountBlockRow } from "../records/PublicAccessBlock.ts";
import { put, remove } from "../records/Row.ts";
import { tableRange, TABLES } from "../records/tables.ts";
import type { Store } from "../Store.ts";
import type { Circumstances, Records, WantedRows } from "../transact.ts";
import { readRow, readRows, readThere, transact } from "../transact.ts";
import { addedKey, removedKey } from "./accessKeys.ts";
import type { NewAccount } from "./accountForms.ts";
import { AccountError, checkAccountForms, FIRST_USER_NAME } from "./accountForms.ts";
import { accountIdOf } from "./accountIds.ts";
import { newAccessKeyId, newSecretAccessKey } from "./randomNames.ts";

/** Most accounts that one store holds; all of them are counted when one is added. */
const MAX_ACCOUNTS = 10_000;
/** Most access keys of the root of one account. */
const MAX_ROOT_KEYS = 10_000;

const CANONICAL_ID_SIZE_BYTES = 32;

/** An access key by its id, if there is one. */
export function findAccessKey(store: Store, accessKeyId: string): Soon<AccessKeyRecord | undefined> {
  return readRow(store, accessKeyRow(accessKeyId));
}

/** An account, the access keys of its root (any number, none among them), and the root's MFA device. */
export interface Account {
  readonly account: AccountRecord;
  readonly keys: readonly AccessKeyRecord[];
  readonly mfaDevice: MfaDeviceRecord | undefined;
}

/** Every account, by name. */
export async function listAccounts(store: Store): Promise<readonly Account[]> {
  const { found } = await readRows(store, { found: accounts(MAX_ACCOUNTS) });
  const listed: Account[] = [];
  for (const account of found) {
    const { ids, mfaDevice } = await readRows(store, {
      ids: keysOwnedBy(account.accountId, MAX_ROOT_KEYS),
      mfaDevice: mfaDeviceRow(account.canonicalId),
    });
    listed.push({ account, keys: await readThere(store, ids.map(accessKeyRow)), mfaDevice });
  }
  return listed.toSorted((a, b) => (a.account.displayName < b.account.displayName ? -1 : 1));
}

/**
 * Adds an access key, for the root of a new account or a further one for that of an account already there, which may have none left. An
 * access key that is there with the same name gets the secret given, so that a key from the environment can be set at every start. An
 * address that is given is the account's from then on. Throws `AccountError`.
 */
export async function addAccount(store: Store, wanted: NewAccount): Promise<AccessKeyRecord> {
  return setKey(store, wanted, true);
}

/** Adds an access key as `addAccount` does, for an account already there. Throws `AccountError`. */
export async function addRootKey(store: Store, wanted: NewAccount): Promise<AccessKeyRecord> {
  return setKey(store, wanted, false);
}

/** The first account's key as a start finds it: `removed` when the operator has taken it away since it was set. */
export type FirstKey = Pick<AccessKeyRecord, "canonicalId"> & { readonly state: "usable" | "disabled" | "removed" };

/**
 * Sets the key that the data folder keeps for the root of the first account. It is set once: a key that was removed stays removed, unless it
 * `isNew`, or another one is kept now. Throws `AccountError`.
 */
export async function setKeptKey(
  store: Store,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  isNew: boolean,
): Promise<FirstKey> {
  const wanted = { name: FIRST_USER_NAME, ...keys };
  checkAccountForms(wanted);
  const canonicalId = await canonicalIdFor(store, FIRST_USER_NAME);
  return commitChanges(store, keyRows(wanted.name, canonicalId, keys.accessKeyId), (found, { realNowMs }): Decision<FirstKey> => {
    const known = found.account;
    const account = known ?? newAccount(canonicalId, FIRST_USER_NAME, realNowMs);
    // An older version set the kept key at every start and did not note it.
    const wasSet = !isNew && known !== undefined && (known.keptKeyId ?? keys.accessKeyId) === keys.accessKeyId;
    const noted = { ...account, keptKeyId: keys.accessKeyId };
    if (wasSet && found.key === undefined) {
      const changes = account.keptKeyId === keys.accessKeyId ? [] : [put(accountRow(FIRST_USER_NAME), noted)];
      return { changes, result: { canonicalId: account.canonicalId, state: "removed" } };
    }
    const { changes, result } = settingOf(found, { ...keys, account: noted, realNowMs });
    return { changes, result: { canonicalId: account.canonicalId, state: stateOf(result) } };
  });
}

/** Whether a key opens what its owner may do. */
export function stateOf({ disabled }: AccessKeyRecord): "usable" | "disabled" {
  return disabled ? "disabled" : "usable";
}

/**
 * Removes an access key, of a root or of a user; whose it was stays, and what they own. Resolves with the key, and with how many they have
 * left. Throws `AccountError`.
 */
export async function removeKey(
  store: Store,
  accessKeyId: string,
): Promise<{ readonly key: AccessKeyRecord; readonly left: number }> {
  const { userId, accountId } = await knownKey(store, accessKeyId);
  const owned = keysOwnedBy(userId ?? accountId, MAX_ROOT_KEYS);
  return commitChanges(store, { key: accessKeyRow(accessKeyId), owned }, ({ key, owned: ids }) => {
    if (key === undefined) throw noSuchKey(accessKeyId);
    return { changes: removedKey(key), result: { key, left: ids.length - 1 } };
  });
}

/** Disables an access key, or enables it again: from its next request on, in every process. Throws `AccountError`. */
export async function setKeyDisabled(store: Store, accessKeyId: string, disabled: boolean): Promise<AccessKeyRecord> {
  return commitChanges(store, { key: accessKeyRow(accessKeyId) }, ({ key }) => {
    if (key === undefined) throw noSuchKey(accessKeyId);
    const record = { ...key, disabled };
    return { changes: key.disabled === disabled ? [] : [put(accessKeyRow(accessKeyId), record)], result: record };
  });
}

/** Says by which address an account is known; `undefined` takes it away. Throws `AccountError`. */
export async function setEmail(store: Store, name: string, email: string | undefined): Promise<AccountRecord> {
  checkAccountForms({ name, email });
  const rows = { account: accountRow(name), holder: email === undefined ? undefined : idHolderRow(email) };
  return commitChanges(store, rows, ({ account, holder }) => {
    if (account === undefined) throw noSuchAccount(name);
    const changed = { ...account, email };
    return { changes: [put(accountRow(name), changed), ...emailChanges(account, email, holder)], result: changed };
  });
}

function emailChanges(
  { accountId, displayName, email: before }: AccountRecord,
  email: string | undefined,
  holder: { readonly name: string } | undefined,
): Change[] {
  if (email === undefined) return before === undefined ? [] : [remove(idHolderRow(before))];
  if (holder !== undefined && holder.name !== displayName) {
    throw new AccountError(`The address ${email} is that of "${holder.name}" already.`);
  }
  const gone = before === undefined ? [] : [remove(idHolderRow(before))];
  return [...gone, put(idHolderRow(email), { accountId, name: displayName })];
}

/** What went with an account, and the names of the buckets that went to another one. */
export interface RemovedAccount {
  readonly keys: readonly AccessKeyRecord[];
  readonly buckets: readonly string[];
}

/**
 * Removes an account with all access keys and the MFA device of its root. Its buckets go to the account called `heir`; without one, an account
 * that owns buckets stays, and so does one that has users, groups, roles or policies. Whoever is added under the name later is somebody else.
 * Throws `AccountError`.
 */
export async function removeAccount(store: Store, name: string, heir?: string): Promise<RemovedAccount> {
  if (name === FIRST_USER_NAME) {
    throw new AccountError(
      `"${name}" is the first user, whom every store has; take away the keys with holdfast user key remove.`,
    );
  }
  if (name === heir) throw new AccountError(`"${name}" cannot be removed and get the buckets; name somebody else.`);
  const { accountId, canonicalId } = await knownAccount(store, name);
  const rows = {
    account: accountRow(name),
    next: heir === undefined ? undefined : accountRow(heir),
    ids: keysOwnedBy(accountId, MAX_ROOT_KEYS),
    identities: identitiesRow(accountId),
    everyBucket: EVERY_BUCKET,
  };
  const { ids } = await readRows(store, { ids: rows.ids });
  const keys = await readThere(store, ids.map(accessKeyRow));
  return commitChanges(store, rows, ({ account, next, identities, everyBucket, ids: now }) => {
    if (account?.canonicalId !== canonicalId) throw noSuchAccount(name);
    if (heir !== undefined && next === undefined) throw noSuchAccount(heir);
    if (now.join() !== ids.join()) throw new AccountError(`"${name}" was changed meanwhile; try again.`);
    if (identities !== undefined) checkEmpty(name, identities);
    const owned = everyBucket.filter((bucket) => bucket.ownerId === canonicalId);
    if (owned.length > 0 && next === undefined) throw new AccountError(ownsBuckets(name, owned));
    const changes: Change[] = [
      ...keys.flatMap(removedKey),
      ...idsOf(account).map((id) => remove(idHolderRow(id))),
      remove(accountRow(name)),
      remove(mfaDeviceRow(canonicalId)),
      remove(identitiesRow(accountId)),
      remove(accountBlockRow(canonicalId)),
      ...(next === undefined ? [] : owned.map((bucket) => put(bucketRow(bucket.name), handedOver(bucket, ownerIn(next))))),
    ];
    return { changes, result: { keys, buckets: owned.map((bucket) => bucket.name) } };
  });
}

function checkEmpty(name: string, identities: IdentitiesRecord): void {
  const held = (["users", "groups", "roles", "policies"] as const).flatMap((what) =>
    identities[what] === 0 ? [] : [`${identities[what]} ${what}`],
  );
  if (held.length === 0) return;
  throw new AccountError(`"${name}" holds ${held.join(", ")}; remove them first, by holdfast with --account, or by IAM.`);
}

function ownerIn({ canonicalId, displayName }: AccountRecord): Pick<BucketRecord, "ownerId" | "ownerName"> {
  return { ownerId: canonicalId, ownerName: displayName };
}

/** How many buckets a refusal names. */
const MAX_NAMED_BUCKETS = 5;

function ownsBuckets(name: string, owned: readonly BucketRecord[]): string {
  const named = owned.slice(0, MAX_NAMED_BUCKETS).map((bucket) => `"${bucket.name}"`);
  const more = owned.length > named.length ? ` and ${owned.length - named.length} more` : "";
  return `"${name}" owns ${named.join(", ")}${more}; say with --give-buckets-to NAME to whom they go, or delete them first.`;
}

/** The account of a name. Throws `AccountError`. */
export async function knownAccount(store: Store, name: string): Promise<AccountRecord> {
  const { account, key } = await readRows(store, { account: accountRow(name), key: accessKeyRow(name) });
  if (account !== undefined) return account;
  if (key === undefined) throw noSuchAccount(name);
  throw new AccountError(
    `"${name}" is an access key of "${key.userName ?? key.displayName}", not a user; keys are removed with holdfast user key remove.`,
  );
}

function noSuchAccount(name: string): AccountError {
  return new AccountError(`There is no user "${name}"; holdfast user list shows them.`);
}

async function knownKey(store: Store, accessKeyId: string): Promise<AccessKeyRecord> {
  const key = await findAccessKey(store, accessKeyId);
  if (key === undefined) throw noSuchKey(accessKeyId);
  return key;
}

function noSuchKey(accessKeyId: string): AccountError {
  return new AccountError(`There is no access key "${accessKeyId}"; holdfast user list shows them.`);
}

/** Sets a key, for an account of a name nobody has yet if there may be such a one. */
async function setKey(store: Store, wanted: NewAccount, mayBeNew: boolean): Promise<AccessKeyRecord> {
  checkAccountForms(wanted);
  const { name, email } = wanted;
  const accessKeyId = wanted.accessKeyId ?? newAccessKeyId(store.randomBytes);
  const secretAccessKey = wanted.secretAccessKey ?? newSecretAccessKey(store.randomBytes);
  const canonicalId = mayBeNew ? await canonicalIdFor(store, name) : (await knownAccount(store, name)).canonicalId;
  const rows = { ...keyRows(name, canonicalId, accessKeyId), holder: email === undefined ? undefined : idHolderRow(email) };
  return commitChanges(store, rows, (found, { realNowMs }) => {
    if (found.account === undefined && !mayBeNew) throw noSuchAccount(name);
    const account = found.account ?? newAccount(canonicalId, name, realNowMs);
    const kept = wanted.secretAccessKey === undefined ? found.key?.secretAccessKey : undefined;
    const known = email === undefined || email === account.email ? account : { ...account, email };
    const setting = settingOf(found, { accessKeyId, secretAccessKey: kept ?? secretAccessKey, account: known, realNowMs });
    const addressed = known === account || email === undefined ? [] : emailChanges(account, email, found.holder);
    return { changes: [...setting.changes, ...addressed], result: setting.result };
  });
}

/** What a decision about a key of an account's root has to see. */
function keyRows(name: string, canonicalId: string, accessKeyId: string) {
  const accountId = accountIdOf(canonicalId);
  return {
    account: accountRow(name),
    key: accessKeyRow(accessKeyId),
    owned: keysOwnedBy(accountId, MAX_ROOT_KEYS),
    sameNumber: idHolderRow(accountId),
    count: { ...tableRange(TABLES.accounts), limit: MAX_ACCOUNTS, decode: (): true => true },
  };
}

/** A key as it is to be. */
interface KeySetting {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly account: AccountRecord;
  readonly realNowMs: number;
}

/** The changes that set a key, and note what is new of its account; a key that is disabled stays so. Throws `AccountError`. */
function settingOf(found: Records<ReturnType<typeof keyRows>>, setting: KeySetting): Decision<AccessKeyRecord> {
  const { accessKeyId, secretAccessKey, account, realNowMs } = setting;
  const { account: stored, key: before, owned, sameNumber, count } = found;
  const { accountId, canonicalId, displayName } = account;
  if (before !== undefined && (before.canonicalId !== canonicalId || before.userName !== undefined)) {
    throw new AccountError(
      `The access key ${accessKeyId} belongs to "${before.userName ?? before.displayName}"; choose another one for "${displayName}".`,
    );
  }
  if (before === undefined && owned.length >= MAX_ROOT_KEYS) {
    throw new AccountError(`"${displayName}" has ${owned.length} access keys, the most that one has; remove one first.`);
  }
  if (stored === undefined && count.length >= MAX_ACCOUNTS) {
    throw new AccountError(`There are ${count.length} users, the most this store holds; remove one first.`);
  }
  if (stored === undefined && sameNumber !== undefined) {
    throw new AccountError(`By a rare chance, "${displayName}" would have the account number of another account; try again.`);
  }
  const { createdAtMs = realNowMs, disabled = false } = before ?? {};
  const named = { accessKeyId, secretAccessKey, accountId, canonicalId, displayName };
  const record: AccessKeyRecord = { ...named, createdAtMs, disabled, userId: undefined, userName: undefined };
  const isNoted = stored !== undefined && stored.keptKeyId === account.keptKeyId && stored.email === account.email;
  const changes: Change[] = isNoted ? [] : [put(accountRow(displayName), account)];
  if (stored === undefined) changes.push(...holderChanges(account));
  if (before?.secretAccessKey === secretAccessKey) return { changes, result: before };
  return { changes: [...changes, ...addedKey(record)], result: record };
}

/** What an account is found by, beside its name and its address. */
function holderChanges(account: AccountRecord): Change[] {
  const { accountId, canonicalId, displayName: name } = account;
  return [accountId, canonicalId].map((id) => put(idHolderRow(id), { accountId, name }));
}

function idsOf({ accountId, canonicalId, email }: AccountRecord): readonly string[] {
  return [accountId, canonicalId, ...(email === undefined ? [] : [email])];
}

function newAccount(canonicalId: string, displayName: string, createdAtMs: number): AccountRecord {
  return { accountId: accountIdOf(canonicalId), canonicalId, displayName, email: undefined, createdAtMs, keptKeyId: undefined };
}

/**
 * The id of whoever has a name, or would have it. In a store of an older version, where owners went with their last key, that is who owns
 * buckets under this name.
 */
async function canonicalIdFor(store: Store, displayName: string): Promise<string> {
  const known = await readRow(store, accountRow(displayName));
  if (known !== undefined) return known.canonicalId;
  const { everyBucket } = await readRows(store, { everyBucket: EVERY_BUCKET });
  const own = everyBucket.find((bucket) => bucket.ownerName === displayName);
  return own?.ownerId ?? store.randomBytes(CANONICAL_ID_SIZE_BYTES).toString("hex");
}

const EVERY_BUCKET = buckets(Number.MAX_SAFE_INTEGER);

/** Commits a decision, unless it changes nothing: a start on a full disk must not need room. */
async function commitChanges<const Names extends WantedRows, Result>(
  store: Store,
  wanted: Names,
  decide: (records: Records<Names>, at: Pick<Circumstances, "realNowMs">) => Decision<Result>,
): Promise<Result> {
  const { changes, result } = decide(await readRows(store, wanted), { realNowMs: store.realClock() });
  return changes.length === 0 ? result : transact(store, wanted, decide);
}
