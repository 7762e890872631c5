import { parseTrustPolicy } from "../access/policies/parseTrustPolicy.ts";
import { OptionError } from "../config/OptionError.ts";
import { identityArn } from "../store/accounts/arns.ts";
import { createRole, deleteRole, getRole, listRoles, updateTrustPolicy } from "../store/accounts/roles.ts";
import { accountOf, allOf } from "./accountOption.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";
import { documentIn } from "./documentFile.ts";

const TRUST_FLAG = "trust-policy";
const SESSION_FLAG = "max-session";

/** `holdfast role`: roles of an account, and who may assume them, also while the server runs. */
export const role: Command = commandOfActions("role", { add, list, trust, show, remove });

async function add(read: DataArguments, roleName: string): Promise<string> {
  const trustPolicy = documentIn(read, TRUST_FLAG);
  const session = flagOf(read, SESSION_FLAG);
  if (session !== undefined && !/^\d{1,9}$/.test(session))
    throw new OptionError(`--${SESSION_FLAG} is a number of seconds, not "${session}".`);
  const more = { path: flagOf(read, "path"), description: flagOf(read, "description") };
  const maxSessionDurationSeconds = session === undefined ? undefined : Number(session);
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const wanted = { accountId, roleName, trustPolicy, maxSessionDurationSeconds, ...more };
    return `arn           ${identityArn("role", await createRole(store, wanted, parseTrustPolicy))}\n`;
  });
}

async function list(read: DataArguments): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const roles = await allOf((page) => listRoles(store, accountId, page));
    return listed(
      roles.map((one) => [one.name, identityArn("role", one), `${one.maxSessionDurationSeconds} s`, one.description]),
    );
  });
}

async function trust(read: DataArguments, roleName: string): Promise<string> {
  const document = documentIn(read, TRUST_FLAG);
  await onDataFolder(read.settings, async (store) =>
    updateTrustPolicy(store, (await accountOf(store, read)).accountId, roleName, document, parseTrustPolicy),
  );
  return `${roleName} trusts whom ${flagOf(read, TRUST_FLAG)} says from now on\n`;
}

async function show(read: DataArguments, roleName: string): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const found = await getRole(store, (await accountOf(store, read)).accountId, roleName);
    return (
      `arn           ${identityArn("role", found)}\nunique id     ${found.uniqueId}\npolicies      ${found.attachedPolicyArns.join(" ") || "none"}\n` +
      `boundary      ${found.boundaryArn ?? "none"}\ntrust policy  ${found.trustPolicy.trim()}\n`
    );
  });
}

async function remove(read: DataArguments, roleName: string): Promise<string> {
  await onDataFolder(read.settings, async (store) => deleteRole(store, (await accountOf(store, read)).accountId, roleName));
  return `removed the role ${roleName}\n`;
}
