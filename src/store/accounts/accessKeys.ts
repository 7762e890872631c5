import type { Change } from "../metadata/MetadataEngine.ts";
import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import type { AccountRecord } from "../records/AccountRecord.ts";
import { accountRow } from "../records/AccountRecord.ts";
import { keyOwnerRow, keyOwnersOf, keysOwnedBy, keyUseRow } from "../records/identityRows.ts";
import { mark, put, remove } from "../records/Row.ts";
import { textInKey } from "../records/tables.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows, readThere, transact } from "../transact.ts";
import { findAccount } from "./findAccount.ts";
import { changeIdentity, knownIdentity, quotaExceeded } from "./identities.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { pageOfRows } from "./pages.ts";
import { QUOTAS } from "./quotas.ts";
import { newAccessKeyId, newSecretAccessKey } from "./randomNames.ts";

/** Whose access keys are meant: a user's, or with `undefined` those of the account's root. */
export interface KeyOwner {
  readonly accountId: string;
  readonly userName: string | undefined;
}

/** A key that is to be made; without its own id and secret, both are made up. */
export interface NewKey {
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
}

/**
 * Makes an access key. Throws `IdentityError`: NoSuchEntity, LimitExceeded, EntityAlreadyExists (a given id), ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
export async function createAccessKey(store: Store, owner: KeyOwner, wanted: NewKey = {}): Promise<AccessKeyRecord> {
  const { accessKeyId = newAccessKeyId(store.randomBytes), secretAccessKey = newSecretAccessKey(store.randomBytes) } = wanted;
  const { accountId, userName } = owner;
  const account = await knownAccount(store, accountId);
  const { canonicalId, displayName } = account;
  const keyOf = (user: UserRecord | undefined, createdAtMs: number): AccessKeyRecord => ({
    ...{ accessKeyId, secretAccessKey, accountId, canonicalId, displayName, createdAtMs },
    userId: user?.uniqueId,
    userName: user?.name,
    disabled: false,
  });
  if (userName !== undefined) {
    const prepare = async ({ uniqueId }: UserRecord) => readRows(store, slots(uniqueId, accessKeyId));
    return changeIdentity(store, { kind: "user", accountId, name: userName }, prepare, (user, found, _, { realNowMs }) =>
      adding(keyOf(user, realNowMs), found),
    );
  }
  const rows = { ...slots(accountId, accessKeyId), account: accountRow(displayName) };
  return transact(store, rows, ({ account: now, ...found }, { realNowMs }) => {
    if (now?.canonicalId !== canonicalId) throw noSuchAccount(accountId);
    return adding(keyOf(undefined, realNowMs), found);
  });
}

/** What says whether somebody may have a further key. */
function slots(ownerId: string, accessKeyId: string) {
  return { owned: keysOwnedBy(ownerId, QUOTAS.AccessKeysPerUser), taken: accessKeyRow(accessKeyId) };
}

function adding(
  key: AccessKeyRecord,
  { owned, taken }: { readonly owned: readonly string[]; readonly taken: AccessKeyRecord | undefined },
): { readonly changes: readonly Change[]; readonly result: AccessKeyRecord } {
  if (taken !== undefined) {
    throw new IdentityError("EntityAlreadyExists", `The Access Key with id ${key.accessKeyId} already exists.`);
  }
  if (owned.length >= QUOTAS.AccessKeysPerUser) throw quotaExceeded("AccessKeysPerUser");
  return { changes: addedKey(key), result: key };
}

/** Who owns a key, as rows have it: the unique id of its user, or the number of the account whose root's it is. */
function ownerIdOf({ userId, accountId }: Pick<AccessKeyRecord, "userId" | "accountId">): string {
  return userId ?? accountId;
}

/** What a commit that makes a key writes. */
export function addedKey(key: AccessKeyRecord): Change[] {
  return [put(accessKeyRow(key.accessKeyId), key), mark(keyOwnerRow(ownerIdOf(key), key.accessKeyId))];
}

/** What a commit that deletes a key writes. */
export function removedKey(key: Pick<AccessKeyRecord, "accessKeyId" | "userId" | "accountId">): Change[] {
  const { accessKeyId } = key;
  return [remove(accessKeyRow(accessKeyId)), remove(keyOwnerRow(ownerIdOf(key), accessKeyId)), remove(keyUseRow(accessKeyId))];
}

/**
 * Disables an access key or enables it again: from its next request on, in every process. Throws `IdentityError` NoSuchEntity.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
 */
export async function setKeyStatus(
  store: Store,
  owner: KeyOwner,
  accessKeyId: string,
  status: "Active" | "Inactive",
): Promise<void> {
  await changeKey(store, owner, accessKeyId, (key) => [
    put(accessKeyRow(accessKeyId), { ...key, disabled: status === "Inactive" }),
  ]);
}

/**
 * Deletes an access key. Throws `IdentityError` NoSuchEntity.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
 */
export async function deleteAccessKey(store: Store, owner: KeyOwner, accessKeyId: string): Promise<void> {
  await changeKey(store, owner, accessKeyId, removedKey);
}

async function changeKey(
  store: Store,
  { accountId, userName }: KeyOwner,
  accessKeyId: string,
  change: (key: AccessKeyRecord) => readonly Change[],
): Promise<void> {
  const row = accessKeyRow(accessKeyId);
  if (userName === undefined) {
    return transact(store, { key: row }, ({ key }) => {
      if (key === undefined || key.accountId !== accountId || key.userId !== undefined) throw noSuchKey(accessKeyId);
      return { changes: change(key), result: undefined };
    });
  }
  const prepare = async (): Promise<AccessKeyRecord | undefined> => readRow(store, row);
  return changeIdentity(store, { kind: "user", accountId, name: userName }, prepare, (user, key) => {
    if (key === undefined || key.userId !== user.uniqueId) throw noSuchKey(accessKeyId);
    return { changes: change(key), result: undefined };
  });
}

/**
 * The access keys of somebody. Throws `IdentityError`: NoSuchEntity, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
 */
export async function listAccessKeys(
  store: Store,
  { accountId, userName }: KeyOwner,
  page: PageRequest = {},
): Promise<IdentityPage<AccessKeyRecord>> {
  const ownerId = userName === undefined ? accountId : (await knownIdentity(store, "user", accountId, userName)).uniqueId;
  const range = keyOwnersOf(ownerId);
  const { items, marker } = await pageOfRows(store, range, page, ({ key }) => textInKey(key, range.start.length, key.length));
  return { items: await readThere(store, items.map(accessKeyRow)), marker };
}

/** An access key of an account. Throws `IdentityError` NoSuchEntity. */
export async function knownKeyOf(store: Store, accountId: string, accessKeyId: string): Promise<AccessKeyRecord> {
  const key = await readRow(store, accessKeyRow(accessKeyId));
  if (key === undefined || key.accountId !== accountId) throw noSuchKey(accessKeyId);
  return key;
}

function noSuchKey(accessKeyId: string): IdentityError {
  return new IdentityError("NoSuchEntity", `The Access Key with id ${accessKeyId} cannot be found.`);
}

async function knownAccount(store: Store, accountId: string): Promise<AccountRecord> {
  const account = await findAccount(store, { accountId });
  if (account === undefined) throw noSuchAccount(accountId);
  return account;
}

function noSuchAccount(accountId: string): IdentityError {
  return new IdentityError("NoSuchEntity", `The account with id ${accountId} cannot be found.`);
}
