import type { Soon } from "../metadata/MetadataEngine.ts";
import { decodeUserRecord, encodeUserRecord } from "../records/codecs.ts";
import { userKey, userRange } from "../records/keys.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import type { RandomBytes, Store } from "../Store.ts";
import type { NewUser } from "./userForms.ts";
import { checkUserForms, UserError } from "./userForms.ts";

/** Most access keys one store holds; all of them are read when one is added or removed. */
const MAX_ACCESS_KEYS = 10_000;

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

/** Every access key with its owner, by access key id. */
export async function listUsers(store: Store): Promise<readonly UserRecord[]> {
  const { ranges } = await store.metadata.read({ keys: [], ranges: [everyUser()] });
  return (ranges[0] ?? []).map((entry) => decodeUserRecord(entry.value));
}

/**
 * Adds an access key, for a new owner or a further one for an owner already there. An access key that is there with the same name gets
 * the secret given, so that a key from the environment can be set at every start. Throws `UserError`.
 */
export async function addUser(store: Store, wanted: NewUser): Promise<UserRecord> {
  checkUserForms(wanted);
  const accessKeyId = wanted.accessKeyId ?? newAccessKeyId(store.randomBytes);
  const secretAccessKey = wanted.secretAccessKey ?? newSecretAccessKey(store.randomBytes);
  const newCanonicalId = store.randomBytes(CANONICAL_ID_SIZE_BYTES).toString("hex");
  const createdAtMs = store.clock();
  const key = userKey(accessKeyId);
  return store.metadata.transact({ keys: [key], ranges: [everyUser()] }, ({ values, ranges }) => {
    const users = (ranges[0] ?? []).map((entry) => decodeUserRecord(entry.value));
    const before = decoded(values[0]);
    if (before !== undefined && before.displayName !== wanted.name) {
      throw new UserError(
        `The access key ${accessKeyId} belongs to "${before.displayName}"; choose another one for "${wanted.name}".`,
      );
    }
    if (before === undefined && users.length >= MAX_ACCESS_KEYS) {
      throw new UserError(`There are ${users.length} access keys, the most this store holds; remove one first.`);
    }
    const canonicalId = users.find((user) => user.displayName === wanted.name)?.canonicalId ?? newCanonicalId;
    const record: UserRecord = {
      accessKeyId,
      secretAccessKey: before !== undefined && wanted.secretAccessKey === undefined ? before.secretAccessKey : secretAccessKey,
      canonicalId,
      displayName: wanted.name,
      createdAtMs: before?.createdAtMs ?? createdAtMs,
    };
    return { changes: [{ key, value: encodeUserRecord(record) }], result: record };
  });
}

/**
 * Removes an access key, or all access keys of a name; what their owner owns stays. Resolves with the users removed.
 * Throws `UserError` when there are none.
 */
export async function removeUser(store: Store, nameOrAccessKeyId: string): Promise<readonly UserRecord[]> {
  return store.metadata.transact({ keys: [], ranges: [everyUser()] }, ({ ranges }) => {
    const users = (ranges[0] ?? []).map((entry) => decodeUserRecord(entry.value));
    const byAccessKey = users.filter((user) => user.accessKeyId === nameOrAccessKeyId);
    const removed = byAccessKey.length > 0 ? byAccessKey : users.filter((user) => user.displayName === nameOrAccessKeyId);
    if (removed.length === 0) throw new UserError(`There is no user and no access key "${nameOrAccessKeyId}".`);
    return { changes: removed.map((user) => ({ key: userKey(user.accessKeyId), value: undefined })), result: removed };
  });
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

function everyUser(): { readonly start: Uint8Array; readonly end: Uint8Array; readonly limit: number } {
  return { ...userRange(), limit: MAX_ACCESS_KEYS };
}

function decoded(bytes: Uint8Array | undefined): UserRecord | undefined {
  return bytes === undefined ? undefined : decodeUserRecord(bytes);
}
