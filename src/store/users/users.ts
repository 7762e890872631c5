import type { Change, Decision, ReadResult, ReadSet, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { decodeBucketRecord, decodeUserRecord, encodeBucketRecord, encodeUserRecord } from "../records/codecs.ts";
import { bucketKey, bucketRange, ownerKey, userKey } from "../records/keys.ts";
import type { OwnerRecord } from "../records/OwnerRecord.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import type { RandomBytes, Store } from "../Store.ts";
import { Directory, DIRECTORY_RANGES, MAX_USERS } from "./directory.ts";
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
  const found = store.metadata.read({ keys: [userKey(accessKeyId)] });
  return found instanceof Promise ? found.then(({ values }) => decoded(values[0])) : decoded(found.values[0]);
}

/** A user, and the access keys they have: any number, none among them. */
export interface User {
  readonly owner: OwnerRecord;
  readonly keys: readonly UserRecord[];
}

/** Every user, by name. */
export async function listUsers(store: Store): Promise<readonly User[]> {
  const directory = new Directory(await store.metadata.read({ keys: [], ranges: DIRECTORY_RANGES }));
  return [...directory.owners.values()]
    .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
    .map((owner) => ({ owner, keys: directory.keysOf(owner) }));
}

/**
 * Adds an access key, for a new user or a further one for a user already there, who may have none left. An access key that is there with
 * the same name gets the secret given, so that a key from the environment can be set at every start. Throws `UserError`.
 */
export async function addUser(store: Store, wanted: NewUser): Promise<UserRecord> {
  return setKey(store, wanted, await newOwner(store, wanted.name));
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
  const created = await newOwner(store, FIRST_USER_NAME);
  const nowMs = store.clock();
  return commitChanges(store, (directory): Decision<FirstKey> => {
    const known = directory.owners.get(FIRST_USER_NAME);
    const owner = known ?? created;
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
  return commitChanges(store, (directory) => {
    const { key, owner } = knownKey(directory, accessKeyId);
    const changes = [...directory.written(owner), { key: userKey(accessKeyId), value: undefined }];
    return { changes, result: { key, left: directory.keysOf(owner).length - 1 } };
  });
}

/** Disables an access key, or enables it again: from its next request on, in every process. Throws `UserError`. */
export async function setKeyDisabled(store: Store, accessKeyId: string, disabled: boolean): Promise<UserRecord> {
  return commitChanges(store, (directory) => {
    const { key, owner } = knownKey(directory, accessKeyId);
    if (key.disabled === disabled) return { changes: [], result: key };
    const record = { ...key, disabled };
    const changes = [...directory.written(owner), { key: userKey(accessKeyId), value: encodeUserRecord(record) }];
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
  const decide = (directory: Directory, [bucketRows = []]: ReadResult["ranges"]): Decision<RemovedUser> => {
    const owner = knownOwner(directory, name);
    const next = heir === undefined ? undefined : knownOwner(directory, heir);
    const buckets = bucketRows
      .map((row) => decodeBucketRecord(row.value))
      .filter((bucket) => bucket.ownerId === owner.canonicalId);
    const changes: Change[] = directory.keysOf(owner).map((key) => ({ key: userKey(key.accessKeyId), value: undefined }));
    changes.push({ key: ownerKey(name), value: undefined });
    if (buckets.length > 0) {
      if (next === undefined) throw new UserError(ownsBuckets(name, buckets));
      const to = { ownerId: next.canonicalId, ownerName: next.displayName };
      for (const bucket of buckets)
        changes.push({ key: bucketKey(bucket.name), value: encodeBucketRecord({ ...bucket, ...to }) });
      changes.push(...directory.written(next));
    }
    return { changes, result: { keys: directory.keysOf(owner), buckets: buckets.map((bucket) => bucket.name) } };
  };
  return commitChanges(store, decide, EVERY_BUCKET);
}

/** How many buckets a refusal names. */
const MAX_NAMED_BUCKETS = 5;

function ownsBuckets(name: string, buckets: readonly BucketRecord[]): string {
  const named = buckets.slice(0, MAX_NAMED_BUCKETS).map((bucket) => `"${bucket.name}"`);
  const more = buckets.length > named.length ? ` and ${buckets.length - named.length} more` : "";
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

/** Sets a key; `created` is the owner for a name nobody has yet, if there may be such a one. */
async function setKey(store: Store, wanted: NewUser, created: OwnerRecord | undefined): Promise<UserRecord> {
  checkUserForms(wanted);
  const accessKeyId = wanted.accessKeyId ?? newAccessKeyId(store.randomBytes);
  const secretAccessKey = wanted.secretAccessKey ?? newSecretAccessKey(store.randomBytes);
  const nowMs = store.clock();
  return commitChanges(store, (directory) => {
    const owner = directory.owners.get(wanted.name) ?? created ?? knownOwner(directory, wanted.name);
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
  return { changes: [{ key: userKey(accessKeyId), value: encodeUserRecord(record) }], result: record };
}

/**
 * Who has a name, or would have it. In a store of an older version, where owners went with their last key, that is who owns buckets under
 * this name.
 */
async function newOwner(store: Store, displayName: string): Promise<OwnerRecord> {
  const known = new Directory(await store.metadata.read({ keys: [], ranges: DIRECTORY_RANGES })).owners.get(displayName);
  if (known !== undefined) return known;
  const { ranges } = await store.metadata.read({ keys: [], ranges: EVERY_BUCKET });
  const own = (ranges[0] ?? []).map((row) => decodeBucketRecord(row.value)).find((bucket) => bucket.ownerName === displayName);
  const canonicalId = own?.ownerId ?? store.randomBytes(CANONICAL_ID_SIZE_BYTES).toString("hex");
  return { canonicalId, displayName, createdAtMs: store.clock(), keptKeyId: undefined };
}

type Ranges = NonNullable<ReadSet["ranges"]>;

const EVERY_BUCKET: Ranges = [{ ...bucketRange(), limit: Number.MAX_SAFE_INTEGER }];

/** Commits a decision, unless it changes nothing: a start on a full disk must not need room. `more` is read behind the users. */
async function commitChanges<Result>(
  store: Store,
  decide: (directory: Directory, more: ReadResult["ranges"]) => Decision<Result>,
  more: Ranges = [],
): Promise<Result> {
  const readSet = { keys: [], ranges: [...DIRECTORY_RANGES, ...more] };
  const decideOn = (records: ReadResult): Decision<Result> =>
    decide(new Directory(records), records.ranges.slice(DIRECTORY_RANGES.length));
  const { changes, result } = decideOn(await store.metadata.read(readSet));
  return changes.length === 0 ? result : store.metadata.transact(readSet, decideOn);
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

function decoded(bytes: Uint8Array | undefined): UserRecord | undefined {
  return bytes === undefined ? undefined : decodeUserRecord(bytes);
}
