import type { Soon } from "../metadata/MetadataEngine.ts";
import { put, remove } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow, users } from "../records/UserRecord.ts";
import type { RandomBytes, Store } from "../Store.ts";
import { readRow, readRows, transact } from "../transact.ts";
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
  return readRow(store, userRow(accessKeyId));
}

/** Every access key with its owner, by access key id. */
export async function listUsers(store: Store): Promise<readonly UserRecord[]> {
  return (await readRows(store, { every: users(MAX_ACCESS_KEYS) })).every;
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
  const row = userRow(accessKeyId);
  return transact(store, { before: row, every: users(MAX_ACCESS_KEYS) }, ({ before, every }, { nowMs }) => {
    if (before !== undefined && before.displayName !== wanted.name) {
      throw new UserError(
        `The access key ${accessKeyId} belongs to "${before.displayName}"; choose another one for "${wanted.name}".`,
      );
    }
    if (before === undefined && every.length >= MAX_ACCESS_KEYS) {
      throw new UserError(`There are ${every.length} access keys, the most this store holds; remove one first.`);
    }
    const canonicalId = every.find((user) => user.displayName === wanted.name)?.canonicalId ?? newCanonicalId;
    const record: UserRecord = {
      accessKeyId,
      secretAccessKey: before !== undefined && wanted.secretAccessKey === undefined ? before.secretAccessKey : secretAccessKey,
      canonicalId,
      displayName: wanted.name,
      createdAtMs: before?.createdAtMs ?? nowMs,
    };
    return { changes: [put(row, record)], result: record };
  });
}

/**
 * Removes an access key, or all access keys of a name; what their owner owns stays. Resolves with the users removed.
 * Throws `UserError` when there are none.
 */
export async function removeUser(store: Store, nameOrAccessKeyId: string): Promise<readonly UserRecord[]> {
  return transact(store, { every: users(MAX_ACCESS_KEYS) }, ({ every }) => {
    const byAccessKey = every.filter((user) => user.accessKeyId === nameOrAccessKeyId);
    const removed = byAccessKey.length > 0 ? byAccessKey : every.filter((user) => user.displayName === nameOrAccessKeyId);
    if (removed.length === 0) throw new UserError(`There is no user and no access key "${nameOrAccessKeyId}".`);
    return { changes: removed.map((user) => remove(userRow(user.accessKeyId))), result: removed };
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
