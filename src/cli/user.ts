import { OptionError } from "../config/loadSettings.ts";
import { addUser, listUsers, removeUser } from "../store/users.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";

const USAGE =
  "Use: holdfast user add NAME [--access-key ID --secret-key SECRET] | list | remove NAME-OR-ACCESS-KEY  [--data FOLDER]";

/** `holdfast user`: adds, lists and removes access keys, also while the server runs. */
export const user: Command = async (args) => {
  const read = readDataArguments(args, { "access-key": { type: "string" }, "secret-key": { type: "string" } });
  const [action, name, ...more] = read.positionals;
  if (action === "list" && name === undefined) return list(read);
  if (name === undefined || more.length > 0) throw new OptionError(USAGE);
  if (action === "add") return add(read, name);
  if (action === "remove") return remove(read, name);
  throw new OptionError(USAGE);
};

async function add({ data, values }: DataArguments, name: string): Promise<number> {
  const accessKeyId = values["access-key"] as string | undefined;
  const secretAccessKey = values["secret-key"] as string | undefined;
  const added = await onDataFolder(data, (store) => addUser(store, { name, accessKeyId, secretAccessKey }));
  const secret = secretAccessKey === undefined ? `${added.secretAccessKey}   (shown this once)` : "as given";
  process.stdout.write(
    `user          ${added.displayName}\naccess key    ${added.accessKeyId}\nsecret key    ${secret}\nowner id      ${added.canonicalId}\n`,
  );
  return 0;
}

async function list({ data }: DataArguments): Promise<number> {
  const users = await onDataFolder(data, listUsers);
  for (const one of users) {
    process.stdout.write(
      `${one.accessKeyId}  ${one.displayName}  ${one.canonicalId}  ${new Date(one.createdAtMs).toISOString()}\n`,
    );
  }
  return 0;
}

async function remove({ data }: DataArguments, name: string): Promise<number> {
  const removed = await onDataFolder(data, (store) => removeUser(store, name));
  for (const one of removed) process.stdout.write(`removed ${one.accessKeyId} of ${one.displayName}\n`);
  return 0;
}
