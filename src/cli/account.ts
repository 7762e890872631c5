import { checkUser } from "../config/readUsers.ts";
import { accountSummary } from "../store/accounts/accountSummary.ts";
import { addAccount, listAccounts, removeAccount, setEmail } from "../store/accounts/accounts.ts";
import { accountBlock } from "./accountBlock.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";

const EMAIL_FLAG = "email";
const HEIR_FLAG = "give-buckets-to";

/** `holdfast account`: adds, lists and removes accounts, also while the server runs. */
export const account: Command = commandOfActions("account", {
  add,
  list,
  email,
  remove,
  "public-access-block": accountBlock,
});

async function add(read: DataArguments, name: string): Promise<string> {
  const keys = { accessKeyId: flagOf(read, "access-key"), secretAccessKey: flagOf(read, "secret-key") };
  const wanted = { name, email: flagOf(read, EMAIL_FLAG), ...keys };
  checkUser(wanted, "holdfast account add");
  const key = await onDataFolder(read.settings, (store) => addAccount(store, wanted));
  const secret = keys.secretAccessKey === undefined ? `${key.secretAccessKey}   (shown this once)` : "as given";
  return (
    `account       ${name}\naccount id    ${key.accountId}\ncanonical id  ${key.canonicalId}\n` +
    `access key    ${key.accessKeyId}   (of its root)\nsecret key    ${secret}\n`
  );
}

/** A line for each account: number, name, what it holds, canonical id, since when, and its address. */
async function list({ settings }: DataArguments): Promise<string> {
  return onDataFolder(settings, async (store) => {
    const rows: string[][] = [];
    for (const { account: one, keys } of await listAccounts(store)) {
      const { Users, Groups, Roles, Policies } = await accountSummary(store, one.accountId);
      const holds = `${keys.length} root keys, ${Users} users, ${Groups} groups, ${Roles} roles, ${Policies} policies`;
      const since = new Date(one.createdAtMs).toISOString();
      rows.push([one.accountId, one.displayName, holds, one.canonicalId, since, one.email ?? ""]);
    }
    return listed(rows);
  });
}

async function email(read: DataArguments, name: string): Promise<string> {
  const address = flagOf(read, EMAIL_FLAG);
  await onDataFolder(read.settings, (store) => setEmail(store, name, address));
  return address === undefined ? `${name} has no e-mail address now\n` : `${name} is ${address} now\n`;
}

async function remove(read: DataArguments, name: string): Promise<string> {
  const heir = flagOf(read, HEIR_FLAG);
  const { keys, buckets } = await onDataFolder(read.settings, (store) => removeAccount(store, name, heir));
  return [
    ...buckets.map((bucket) => `gave ${bucket} to ${heir}\n`),
    ...keys.map((key) => `removed ${key.accessKeyId} of ${name}\n`),
    `removed the account ${name}\n`,
  ].join("");
}
