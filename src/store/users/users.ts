import type { Change, Decision, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow, buckets } from "../records/BucketRecord.ts";
import type { OwnerRecord } from "../records/OwnerRecord.ts";
import { ownerRow } from "../records/OwnerRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow } from "../records/UserRecord.ts";
import type { RandomBytes, Store } from "../Store.ts";
import type { Circumstances, Records, WantedRows } from "../transact.ts";
import { readRow, readRows, transact } from "../transact.ts";
import { Directory, DIRECTORY_ROWS, MAX_USERS } from "./directory.ts";
import type { NewUser } from "./userForms.ts";
import { checkUserForms, FIRST_USER_NAME, UserError } from "./userForms.ts";

const ACCESS_KEY_ID_PREFIX = "HF";
const ACCESS_KEY_ID_LENGTH = 20;
const ACCESS_KEY_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SECRET_ACCESS_KEY_LENGTH = 40;
const SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CANONICAL_ID_SIZE_BYTES = 32;

/** The user of an access key, if there is one. */
export function findUser(store: Store, accessKeyId: string): Soon<UserRecord | undefined> {
  return readRow(store, userRow(accessKeyId));
}

/** A user, and the access keys they have: any number, none among them. */
export interface User {
  readonly owner: OwnerRecord;
  readonly keys: readonly UserRecord[];
}

/** Every user, by name. */
export async function listUsers(store: Store): Promise<readonly User[]> {
  const directory = new Directory(await readRows(store, DIRECTORY_ROWS));
  return [...directory.owners.values()]
    .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
    .map((owner) => ({ owner, keys: directory.keysOf(owner) }));
}

/**
 * Adds an access key, for a new user or a further one for a user already there, who may have none left. An access key that is there with
 * the same name gets the secret given, so that a key from the environment can be set at every start. Throws `UserError`.
 */
export async function addUser(store: Store, wanted: NewUser): Promise<UserRecord> {
  return setKey(store, wanted, await canonicalIdFor(store, wanted.name));
}

/** Adds an access key as `addUser` does, for a user already there. Throws `UserError`. */
export async function addKey(store: Store, wanted: NewUser): Promise<UserRecord> {
  return setKey(store, wanted, undefined);
}

/** The first user's key as a start finds it: `removed` when the operator has taken it away since it was set. */
export type FirstKey = Pick<UserRecord, "canonicalId"> & { readonly state: "usable" | "disabled" | "removed" };

/**
 * Sets the key that the data folder keeps for the first user. It is set once: a key that was removed stays removed, unless it `isNew`, or
 * another one is kept now. Throws `UserError`.
 */
export async function setKeptKey(
  store: Store,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  isNew: boolean,
): Promise<FirstKey> {
  const wanted = { name: FIRST_USER_NAME, ...keys };
  checkUserForms(wanted);
  const canonicalId = await canonicalIdFor(store, FIRST_USER_NAME);
  return commitChanges(store, DIRECTORY_ROWS, (records, { nowMs }): Decision<FirstKey> => {
    const directory = new Directory(records);
    const known = directory.owners.get(FIRST_USER_NAME);
    const owner = known ?? newOwner(canonicalId, FIRST_USER_NAME, nowMs);
    // An older version set the kept key at every start and did not note it.
    const wasSet = !isNew && known !== undefined && (known.keptKeyId ?? keys.accessKeyId) === keys.accessKeyId;
    const noted = { ...owner, keptKeyId: keys.accessKeyId };
    const note = owner.keptKeyId === keys.accessKeyId ? [] : directory.written(noted);
    if (wasSet && !directory.keys.has(keys.accessKeyId)) {
      return { changes: note, result: { canonicalId: owner.canonicalId, state: "removed" } };
    }
    const { changes, result } = settingOf(directory, { ...wanted, owner: noted, nowMs });
    return { changes: [...note, ...changes], result: { canonicalId: owner.canonicalId, state: stateOf(result) } };
  });
}

/** Whether a key opens what its owner may do. */
export function stateOf({ disabled }: UserRecord): "usable" | "disabled" {
  return disabled ? "disabled" : "usable";
}

/** Removes an access key; its owner stays, and what they own. Resolves with the key, and with how many its owner has left. Throws `UserError`. */
export async function removeKey(store: Store, accessKeyId: string): Promise<{ readonly key: UserRecord; readonly left: number }> {
  return commitChanges(store, DIRECTORY_ROWS, (records) => {
    const directory = new Directory(records);
    const { key, owner } = knownKey(directory, accessKeyId);
    const changes = [...directory.written(owner), remove(userRow(accessKeyId))];
    return { changes, result: { key, left: directory.keysOf(owner).length - 1 } };
  });
}

/** Disables an access key, or enables it again: from its next request on, in every process. Throws `UserError`. */
export async function setKeyDisabled(store: Store, accessKeyId: string, disabled: boolean): Promise<UserRecord> {
  return commitChanges(store, DIRECTORY_ROWS, (records) => {
    const directory = new Directory(records);
    const { key, owner } = knownKey(directory, accessKeyId);
    if (key.disabled === disabled) return { changes: [], result: key };
    const record = { ...key, disabled };
    const changes = [...directory.written(owner), put(userRow(accessKeyId), record)];
    return { changes, result: record };
  });
}

/** What went with a user, and the names of the buckets that went to somebody else. */
export interface RemovedUser {
  readonly keys: readonly UserRecord[];
  readonly buckets: readonly string[];
}

/**
 * Removes a user with all their access keys. Their buckets go to the user called `heir`; without one, a user who owns buckets stays.
 * Whoever is added under the name later is somebody else. Throws `UserError`.
 */
export async function removeUser(store: Store, name: string, heir?: string): Promise<RemovedUser> {
  if (name === FIRST_USER_NAME) {
    throw new UserError(`"${name}" is the first user, whom every store has; take away the keys with holdfast user key remove.`);
  }
  if (name === heir) throw new UserError(`"${name}" cannot be removed and get the buckets; name somebody else.`);
  return commitChanges(store, { ...DIRECTORY_ROWS, everyBucket: EVERY_BUCKET }, ({ everyBucket, ...records }) => {
    const directory = new Directory(records);
    const owner = knownOwner(directory, name);
    const next = heir === undefined ? undefined : knownOwner(directory, heir);
    const owned = everyBucket.filter((bucket) => bucket.ownerId === owner.canonicalId);
    const changes: Change[] = directory.keysOf(owner).map((key) => remove(userRow(key.accessKeyId)));
    changes.push(remove(ownerRow(name)));
    if (owned.length > 0) {
      if (next === undefined) throw new UserError(ownsBuckets(name, owned));
      const to = { ownerId: next.canonicalId, ownerName: next.displayName };
      for (const bucket of owned) changes.push(put(bucketRow(bucket.name), { ...bucket, ...to }));
      changes.push(...directory.written(next));
    }
    return { changes, result: { keys: directory.keysOf(owner), buckets: owned.map((bucket) => bucket.name) } };
  });
}

/** How many buckets a refusal names. */
const MAX_NAMED_BUCKETS = 5;

function ownsBuckets(name: string, owned: readonly BucketRecord[]): string {
  const named = owned.slice(0, MAX_NAMED_BUCKETS).map((bucket) => `"${bucket.name}"`);
  const more = owned.length > named.length ? ` and ${owned.length - named.length} more` : "";
  return `"${name}" owns ${named.join(", ")}${more}; say with --give-buckets-to NAME to whom they go, or delete them first.`;
}

function knownOwner(directory: Directory, name: string): OwnerRecord {
  const owner = directory.owners.get(name);
  if (owner !== undefined) return owner;
  const key = directory.keys.get(name);
  throw new UserError(
    key === undefined
      ? `There is no user "${name}"; holdfast user list shows them.`
      : `"${name}" is an access key of "${key.displayName}", not a user; keys are removed with holdfast user key remove.`,
  );
}

function knownKey(directory: Directory, accessKeyId: string): { readonly key: UserRecord; readonly owner: OwnerRecord } {
  const key = directory.keys.get(accessKeyId);
  if (key === undefined) throw new UserError(`There is no access key "${accessKeyId}"; holdfast user list shows them.`);
  return { key, owner: knownOwner(directory, key.displayName) };
}

/** Sets a key; `canonicalId` is for the owner of a name nobody has yet, if there may be such a one. */
async function setKey(store: Store, wanted: NewUser, canonicalId: string | undefined): Promise<UserRecord> {
  checkUserForms(wanted);
  const { name } = wanted;
  const accessKeyId = wanted.accessKeyId ?? newAccessKeyId(store.randomBytes);
  const secretAccessKey = wanted.secretAccessKey ?? newSecretAccessKey(store.randomBytes);
  return commitChanges(store, DIRECTORY_ROWS, (records, { nowMs }) => {
    const directory = new Directory(records);
    const isNew = canonicalId !== undefined && !directory.owners.has(name);
    const owner = isNew ? newOwner(canonicalId, name, nowMs) : knownOwner(directory, name);
    const kept = wanted.secretAccessKey === undefined ? directory.keys.get(accessKeyId)?.secretAccessKey : undefined;
    const setting = settingOf(directory, { accessKeyId, secretAccessKey: kept ?? secretAccessKey, owner, nowMs });
    return { changes: [...directory.written(owner), ...setting.changes], result: setting.result };
  });
}

/** A key as it is to be. */
interface KeySetting {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly owner: OwnerRecord;
  readonly nowMs: number;
}

/** The change that sets a key; one that is disabled stays so. Throws `UserError`. */
function settingOf(directory: Directory, { accessKeyId, secretAccessKey, owner, nowMs }: KeySetting): Decision<UserRecord> {
  const before = directory.keys.get(accessKeyId);
  const { canonicalId, displayName } = owner;
  if (before !== undefined && before.displayName !== displayName) {
    throw new UserError(
      `The access key ${accessKeyId} belongs to "${before.displayName}"; choose another one for "${displayName}".`,
    );
  }
  if (before?.secretAccessKey === secretAccessKey) return { changes: [], result: before };
  if (before === undefined && directory.keys.size >= MAX_USERS) {
    throw new UserError(`There are ${directory.keys.size} access keys, the most this store holds; remove one first.`);
  }
  if (!directory.owners.has(displayName) && directory.owners.size >= MAX_USERS) {
    throw new UserError(`There are ${directory.owners.size} users, the most this store holds; remove one first.`);
  }
  const { createdAtMs = nowMs, disabled = false } = before ?? {};
  const record: UserRecord = { accessKeyId, secretAccessKey, canonicalId, displayName, createdAtMs, disabled };
  return { changes: [put(userRow(accessKeyId), record)], result: record };
}

function newOwner(canonicalId: string, displayName: string, createdAtMs: number): OwnerRecord {
  return { canonicalId, displayName, createdAtMs, keptKeyId: undefined };
}

/**
 * The id of whoever has a name, or would have it. In a store of an older version, where owners went with their last key, that is who owns
 * buckets under this name.
 */
async function canonicalIdFor(store: Store, displayName: string): Promise<string> {
  const known = new Directory(await readRows(store, DIRECTORY_ROWS)).owners.get(displayName);
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
  decide: (records: Records<Names>, at: Pick<Circumstances, "nowMs">) => Decision<Result>,
): Promise<Result> {
  const { changes, result } = decide(await readRows(store, wanted), { nowMs: store.clock() });
  return changes.length === 0 ? result : transact(store, wanted, decide);
}

/** A fresh access key id: 20 characters of A to Z and 0 to 9, "HF" first. */
export function newAccessKeyId(randomBytes: RandomBytes): string {
  return ACCESS_KEY_ID_PREFIX + letters(randomBytes, ACCESS_KEY_ID_LENGTH - ACCESS_KEY_ID_PREFIX.length, ACCESS_KEY_ID_LETTERS);
}

/** A fresh secret access key of 40 characters. */
export function newSecretAccessKey(randomBytes: RandomBytes): string {
  return letters(randomBytes, SECRET_ACCESS_KEY_LENGTH, SECRET_LETTERS);
}

/** Letters of an alphabet, each as likely as the others: bytes beyond its last whole multiple are thrown away. */
function letters(randomBytes: RandomBytes, length: number, alphabet: string): string {
  const usable = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < usable && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
