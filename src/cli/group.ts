import { identityArn } from "../store/accounts/arns.ts";
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  listGroups,
  listUsersOfGroup,
  removeUserFromGroup,
} from "../store/accounts/groups.ts";
import { accountOf, allOf } from "./accountOption.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";

const PATH_FLAG = "path";
const USER_FLAG = "user";

/** `holdfast group`: groups of users inside an account, also while the server runs. */
export const group: Command = commandOfActions("group", { add, list, join, leave, remove });

async function add(read: DataArguments, groupName: string): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const made = await createGroup(store, { accountId, groupName, path: flagOf(read, PATH_FLAG) });
    return `arn           ${identityArn("group", made)}\n`;
  });
}

/** A line for each group: its ARN, its policies, and who is in it. */
async function list(read: DataArguments): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const rows: string[][] = [];
    for (const one of await allOf((page) => listGroups(store, accountId, page))) {
      const users = await allOf((page) => listUsersOfGroup(store, accountId, one.name, page));
      rows.push([one.name, identityArn("group", one), users.map(({ name }) => name).join(" ")]);
    }
    return listed(rows);
  });
}

async function join(read: DataArguments, groupName: string): Promise<string> {
  const userName = flagOf(read, USER_FLAG)!;
  await onDataFolder(read.settings, async (store) =>
    addUserToGroup(store, (await accountOf(store, read)).accountId, groupName, userName),
  );
  return `${userName} is in ${groupName} now\n`;
}

async function leave(read: DataArguments, groupName: string): Promise<string> {
  const userName = flagOf(read, USER_FLAG)!;
  await onDataFolder(read.settings, async (store) =>
    removeUserFromGroup(store, (await accountOf(store, read)).accountId, groupName, userName),
  );
  return `${userName} is not in ${groupName} any more\n`;
}

async function remove(read: DataArguments, groupName: string): Promise<string> {
  await onDataFolder(read.settings, async (store) => deleteGroup(store, (await accountOf(store, read)).accountId, groupName));
  return `removed the group ${groupName}\n`;
}
