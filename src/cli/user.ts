import { OptionError } from "../config/OptionError.ts";
import { checkUser } from "../config/readUsers.ts";
import { accountIdOf } from "../store/users/accountIds.ts";
import { addUser, listUsers, removeUser } from "../store/users/users.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";

const USAGE =
  "Use: holdfast user add NAME [--access-key ID --secret-key SECRET] | list | remove NAME-OR-ACCESS-KEY  [--data FOLDER]";

/** `holdfast user`: adds, lists and removes access keys, also while the server runs. */
export const user: Command = async (args) => {
  const read = readDataArguments(args, { flags: ["access-key", "secret-key"], positionals: true });
  const [action, name, ...more] = read.positionals;
  if (action === "list" && name === undefined) return list(read);
  if (name === undefined || more.length > 0) throw new OptionError(USAGE);
  if (action === "add") return add(read, name);
  if (action === "remove") return remove(read, name);
  throw new OptionError(USAGE);
};

async function add({ settings, flags }: DataArguments, name: string): Promise<number> {
  const accessKeyId = flags.get("access-key") as string | undefined;
  const secretAccessKey = flags.get("secret-key") as string | undefined;
  const wanted = { name, accessKeyId, secretAccessKey };
  checkUser(wanted, "holdfast user add");
  const added = await onDataFolder(settings, (store) => addUser(store, wanted));
  const secret = secretAccessKey === undefined ? `${added.secretAccessKey}   (shown this once)` : "as given";
  process.stdout.write(
    `user          ${added.displayName}\naccess key    ${added.accessKeyId}\nsecret key    ${secret}\n` +
      `owner id      ${added.canonicalId}\naccount id    ${accountIdOf(added.canonicalId)}\n`,
  );
  return 0;
}

async function list({ settings }: DataArguments): Promise<number> {
  const users = await onDataFolder(settings, listUsers);
  for (const one of users) {
    process.stdout.write(
      `${one.accessKeyId}  ${one.displayName}  ${one.canonicalId}  ${accountIdOf(one.canonicalId)}  ${new Date(one.createdAtMs).toISOString()}\n`,
    );
  }
  return 0;
}

async function remove({ settings }: DataArguments, name: string): Promise<number> {
  const removed = await onDataFolder(settings, (store) => removeUser(store, name));
  for (const one of removed) process.stdout.write(`removed ${one.accessKeyId} of ${one.displayName}\n`);
  return 0;
}
