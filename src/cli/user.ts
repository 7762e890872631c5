import { OptionError } from "../config/OptionError.ts";
import { checkUser } from "../config/readUsers.ts";
import type { Store } from "../store/Store.ts";
import type { UserRecord } from "../store/records/UserRecord.ts";
import { accountIdOf } from "../store/users/accountIds.ts";
import type { NewUser } from "../store/users/userForms.ts";
import { addKey, addUser, listUsers, removeKey, removeUser, setKeyDisabled } from "../store/users/users.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";

const USAGE = `Use: holdfast user add NAME [--access-key ID --secret-key SECRET]
     holdfast user list
     holdfast user remove NAME [--give-buckets-to NAME]
     holdfast user key add NAME [--access-key ID --secret-key SECRET]
     holdfast user key remove | disable | enable ACCESS-KEY
All take [--data FOLDER].`;

/** What is done with the one name or access key behind an action, and the flags it knows. */
interface Action {
  readonly flags: readonly string[];
  readonly run: (read: DataArguments, subject: string) => Promise<string>;
}

const KEY_FLAGS = ["access-key", "secret-key"];
const HEIR_FLAG = "give-buckets-to";

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["add", { flags: KEY_FLAGS, run: (read, name) => add(read, name, addUser) }],
  ["remove", { flags: [HEIR_FLAG], run: remove }],
  ["key add", { flags: KEY_FLAGS, run: (read, name) => add(read, name, addKey) }],
  ["key remove", { flags: [], run: takeKey }],
  ["key disable", { flags: [], run: (read, key) => setDisabled(read, key, true) }],
  ["key enable", { flags: [], run: (read, key) => setDisabled(read, key, false) }],
] satisfies [string, Action][]);

/** `holdfast user`: adds, lists and removes users and their access keys, also while the server runs. */
export const user: Command = async (args) => {
  const read = readDataArguments(args, { flags: [...KEY_FLAGS, HEIR_FLAG], positionals: true });
  process.stdout.write(await textOf(read));
  return 0;
};

async function textOf(read: DataArguments): Promise<string> {
  const words = read.positionals;
  const given = [...KEY_FLAGS, HEIR_FLAG].filter((flag) => read.flags.has(flag));
  if (words.length === 1 && words[0] === "list" && given.length === 0) return list(read);
  const action = ACTIONS.get(words.slice(0, -1).join(" "));
  if (action === undefined || !given.every((flag) => action.flags.includes(flag))) throw new OptionError(USAGE);
  return action.run(read, words.at(-1)!);
}

async function add(
  { settings, flags }: DataArguments,
  name: string,
  addIn: (store: Store, wanted: NewUser) => Promise<UserRecord>,
): Promise<string> {
  const accessKeyId = flags.get("access-key") as string | undefined;
  const secretAccessKey = flags.get("secret-key") as string | undefined;
  const wanted = { name, accessKeyId, secretAccessKey };
  checkUser(wanted, "holdfast user add");
  const added = await onDataFolder(settings, (store) => addIn(store, wanted));
  const secret = secretAccessKey === undefined ? `${added.secretAccessKey}   (shown this once)` : "as given";
  return (
    `user          ${added.displayName}\naccess key    ${added.accessKeyId}\nsecret key    ${secret}\n` +
    `owner id      ${added.canonicalId}\naccount id    ${accountIdOf(added.canonicalId)}\n`
  );
}

/** A line for each access key, and one for each user without any. */
async function list({ settings }: DataArguments): Promise<string> {
  const users = await onDataFolder(settings, listUsers);
  return listed(
    users.flatMap(({ owner, keys }) => {
      const rowOf = (keyId: string, createdAtMs: number, state: string): string[] => [
        keyId,
        owner.displayName,
        owner.canonicalId,
        accountIdOf(owner.canonicalId),
        new Date(createdAtMs).toISOString(),
        state,
      ];
      if (keys.length === 0) return [rowOf("(no key)", owner.createdAtMs, "")];
      return keys.map((key) => rowOf(key.accessKeyId, key.createdAtMs, key.disabled ? "disabled" : ""));
    }),
  );
}

async function remove({ settings, flags }: DataArguments, name: string): Promise<string> {
  const heir = flags.get(HEIR_FLAG) as string | undefined;
  const { keys, buckets } = await onDataFolder(settings, (store) => removeUser(store, name, heir));
  return [
    ...buckets.map((bucket) => `gave ${bucket} to ${heir}\n`),
    ...keys.map((key) => `removed ${key.accessKeyId} of ${name}\n`),
    `removed the user ${name}\n`,
  ].join("");
}

async function takeKey({ settings }: DataArguments, accessKeyId: string): Promise<string> {
  const { key, left } = await onDataFolder(settings, (store) => removeKey(store, accessKeyId));
  const rest = left === 0 ? `${key.displayName} has no access key now, and keeps what is theirs\n` : "";
  return `removed ${accessKeyId} of ${key.displayName}\n${rest}`;
}

async function setDisabled({ settings }: DataArguments, accessKeyId: string, disabled: boolean): Promise<string> {
  const key = await onDataFolder(settings, (store) => setKeyDisabled(store, accessKeyId, disabled));
  return `${disabled ? "disabled" : "enabled"} ${accessKeyId} of ${key.displayName}\n`;
}
