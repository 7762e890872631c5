import { OptionError } from "../config/OptionError.ts";
import { checkUser } from "../config/readUsers.ts";
import type { NewAccount } from "../store/accounts/accountForms.ts";
import { checkKeyForms } from "../store/accounts/accountForms.ts";
import { addAccount, addRootKey, listAccounts, removeAccount, removeKey, setKeyDisabled } from "../store/accounts/accounts.ts";
import { createAccessKey, listAccessKeys } from "../store/accounts/accessKeys.ts";
import { identityArn } from "../store/accounts/arns.ts";
import { addMfaDevice, enableMfaDevice, removeMfaDevice } from "../store/accounts/mfaDevices.ts";
import { removeUserWithAll } from "../store/accounts/removeUserWithAll.ts";
import { createUser, listUsers } from "../store/accounts/users.ts";
import type { AccessKeyRecord } from "../store/records/AccessKeyRecord.ts";
import type { Store } from "../store/Store.ts";
import { ACCOUNT_FLAG, accountOf, allOf } from "./accountOption.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";

const HEIR_FLAG = "give-buckets-to";
const CODE_FLAGS = ["first-code", "second-code"];
const PATH_FLAG = "path";

/**
 * `holdfast user`: adds, lists and removes accounts as they were before there was anybody inside them, and users inside accounts, with their
 * access keys and MFA devices; also while the server runs.
 */
export const user: Command = commandOfActions("user", {
  list,
  add,
  remove,
  "key add": addKey,
  "key remove": takeKey,
  "key disable": (read, key) => setDisabled(read, key, true),
  "key enable": (read, key) => setDisabled(read, key, false),
  "mfa add": addDevice,
  "mfa enable": enableDevice,
  "mfa remove": removeDevice,
});

/** What is given of a key that is to be made. Throws `OptionError`. */
function keyIn(read: DataArguments): Pick<NewAccount, "accessKeyId" | "secretAccessKey"> {
  return { accessKeyId: flagOf(read, "access-key"), secretAccessKey: flagOf(read, "secret-key") };
}

function isInAccount({ flags }: DataArguments): boolean {
  return flags.has(ACCOUNT_FLAG);
}

async function add(read: DataArguments, name: string): Promise<string> {
  if (!isInAccount(read)) {
    if (read.flags.has(PATH_FLAG)) throw new OptionError("--path is for users inside an account; say which with --account.");
    return addToAccount(read, name, addAccount);
  }
  return withUserKey(read, async (store, key) => {
    const { accountId } = await accountOf(store, read);
    const made = await createUser(store, { accountId, userName: name, path: flagOf(read, PATH_FLAG) });
    return `arn           ${identityArn("user", made)}\n${describeKey(read, await createAccessKey(store, { accountId, userName: name }, key))}`;
  });
}

async function addKey(read: DataArguments, name: string): Promise<string> {
  if (!isInAccount(read)) return addToAccount(read, name, addRootKey);
  return withUserKey(read, async (store, key) => {
    const { accountId } = await accountOf(store, read);
    return describeKey(read, await createAccessKey(store, { accountId, userName: name }, key));
  });
}

/** Works with what is given of a key, once it could be one. */
async function withUserKey(
  read: DataArguments,
  work: (store: Store, key: Pick<NewAccount, "accessKeyId" | "secretAccessKey">) => Promise<string>,
): Promise<string> {
  const key = keyIn(read);
  try {
    checkKeyForms(key);
  } catch (cause) {
    throw new OptionError(`holdfast user add: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return onDataFolder(read.settings, (store) => work(store, key));
}

async function addToAccount(
  read: DataArguments,
  name: string,
  addIn: (store: Store, wanted: NewAccount) => Promise<AccessKeyRecord>,
): Promise<string> {
  const wanted = { name, ...keyIn(read) };
  checkUser(wanted, "holdfast user add");
  return describeKey(read, await onDataFolder(read.settings, (store) => addIn(store, wanted)));
}

function describeKey(read: DataArguments, key: AccessKeyRecord): string {
  const secret = read.flags.has("secret-key") ? "as given" : `${key.secretAccessKey}   (shown this once)`;
  return (
    `user          ${key.userName ?? key.displayName}\naccess key    ${key.accessKeyId}\nsecret key    ${secret}\n` +
    `owner id      ${key.canonicalId}\naccount id    ${key.accountId}\n`
  );
}

async function list(read: DataArguments): Promise<string> {
  return onDataFolder(read.settings, (store) => (isInAccount(read) ? listInAccount(store, read) : listRoots(store)));
}

/** A line for each access key of a root, and one for each account without any. */
async function listRoots(store: Store): Promise<string> {
  const accounts = await listAccounts(store);
  return listed(
    accounts.flatMap(({ account, keys, mfaDevice }) => {
      const device = mfaDevice?.isActive === false ? "mfa not enabled" : mfaDevice && "mfa";
      const rowOf = (keyId: string, createdAtMs: number, state?: string): string[] => [
        keyId,
        account.displayName,
        account.canonicalId,
        account.accountId,
        new Date(createdAtMs).toISOString(),
        [state, device].filter(Boolean).join(", "),
      ];
      if (keys.length === 0) return [rowOf("(no key)", account.createdAtMs)];
      return keys.map((key) => rowOf(key.accessKeyId, key.createdAtMs, key.disabled ? "disabled" : undefined));
    }),
  );
}

/** A line for each access key of a user inside an account, and one for each user without any. */
async function listInAccount(store: Store, read: DataArguments): Promise<string> {
  const { accountId } = await accountOf(store, read);
  const rows: string[][] = [];
  for (const one of await allOf((page) => listUsers(store, accountId, page))) {
    const keys = await allOf((page) => listAccessKeys(store, { accountId, userName: one.name }, page));
    const rowOf = (keyId: string, createdAtMs: number, state = ""): string[] => [
      keyId,
      one.name,
      one.uniqueId,
      identityArn("user", one),
      new Date(createdAtMs).toISOString(),
      state,
    ];
    if (keys.length === 0) rows.push(rowOf("(no key)", one.createdAtMs));
    for (const key of keys) rows.push(rowOf(key.accessKeyId, key.createdAtMs, key.disabled ? "disabled" : ""));
  }
  return listed(rows);
}

async function remove(read: DataArguments, name: string): Promise<string> {
  const heir = flagOf(read, HEIR_FLAG);
  if (isInAccount(read)) {
    if (heir !== undefined) throw new OptionError("A user inside an account owns no buckets: leave --give-buckets-to out.");
    const keys = await onDataFolder(read.settings, async (store) =>
      removeUserWithAll(store, (await accountOf(store, read)).accountId, name),
    );
    return `${keys.map((key) => `removed ${key} of ${name}\n`).join("")}removed the user ${name}\n`;
  }
  const { keys, buckets } = await onDataFolder(read.settings, (store) => removeAccount(store, name, heir));
  return [
    ...buckets.map((bucket) => `gave ${bucket} to ${heir}\n`),
    ...keys.map((key) => `removed ${key.accessKeyId} of ${name}\n`),
    `removed the user ${name}\n`,
  ].join("");
}

async function takeKey({ settings }: DataArguments, accessKeyId: string): Promise<string> {
  const { key, left } = await onDataFolder(settings, (store) => removeKey(store, accessKeyId));
  const whose = key.userName ?? key.displayName;
  const rest = left === 0 ? `${whose} has no access key now, and keeps what is theirs\n` : "";
  return `removed ${accessKeyId} of ${whose}\n${rest}`;
}

async function setDisabled({ settings }: DataArguments, accessKeyId: string, disabled: boolean): Promise<string> {
  const key = await onDataFolder(settings, (store) => setKeyDisabled(store, accessKeyId, disabled));
  return `${disabled ? "disabled" : "enabled"} ${accessKeyId} of ${key.userName ?? key.displayName}\n`;
}

/** Works on the device of the root of an account, or of a user inside the one that `--account` names. */
async function onDevice<Result>(
  read: DataArguments,
  name: string,
  work: (store: Store, accountName: string, userName: string | undefined) => Promise<Result>,
): Promise<Result> {
  return onDataFolder(read.settings, async (store) =>
    isInAccount(read) ? work(store, (await accountOf(store, read)).displayName, name) : work(store, name, undefined),
  );
}

async function addDevice(read: DataArguments, name: string): Promise<string> {
  const { serial, secret, uri } = await onDevice(read, name, addMfaDevice);
  return (
    `serial        ${serial}\nsecret        ${secret}   (shown this once)\nuri           ${uri}\n\n` +
    "Give the secret or the uri to an authenticator app, wait for two codes in a row, and say:\n" +
    "holdfast user mfa enable NAME --first-code CODE --second-code CODE\n"
  );
}

async function enableDevice(read: DataArguments, name: string): Promise<string> {
  const codes = CODE_FLAGS.map((flag) => flagOf(read, flag)!);
  const serial = await onDevice(read, name, (store, account, inside) => enableMfaDevice(store, account, codes, inside));
  return `enabled ${serial} of ${name}\n`;
}

async function removeDevice(read: DataArguments, name: string): Promise<string> {
  const serial = await onDevice(read, name, removeMfaDevice);
  return `removed ${serial} of ${name}\n`;
}
