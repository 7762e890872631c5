import { parseIdentityPolicy } from "../access/policies/parseIdentityPolicy.ts";
import { OptionError } from "../config/OptionError.ts";
import { identityArn } from "../store/accounts/arns.ts";
import { attachPolicy, deleteBoundary, detachPolicy, putBoundary } from "../store/accounts/attachments.ts";
import type { Holder, HolderKind } from "../store/accounts/holders.ts";
import { knownIdentity } from "../store/accounts/identities.ts";
import {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  getPolicyVersion,
  getPolicy,
  listPolicies,
  listPolicyVersions,
} from "../store/accounts/managedPolicies.ts";
import type { Store } from "../store/Store.ts";
import { accountOf, allOf } from "./accountOption.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";
import { documentIn } from "./documentFile.ts";

const DOCUMENT_FLAG = "document";
const HOLDER_FLAGS: readonly HolderKind[] = ["user", "group", "role"];
const BOUND_FLAGS = ["user", "role"] as const;

/** `holdfast policy`: managed policies of an account, and to whom they apply, also while the server runs. */
export const policy: Command = commandOfActions("policy", {
  add,
  set,
  list,
  show,
  attach: (read, name) => onHolder(read, name, HOLDER_FLAGS, attachPolicy, "is attached to"),
  detach: (read, name) => onHolder(read, name, HOLDER_FLAGS, detachPolicy, "is detached from"),
  bound: (read, name) => onHolder(read, name, BOUND_FLAGS, putBoundary, "bounds"),
  unbound: (read, name) => onHolder(read, name, BOUND_FLAGS, deleteBoundary, "no longer bounds"),
  remove,
});

async function add(read: DataArguments, policyName: string): Promise<string> {
  const wanted = {
    document: documentIn(read, DOCUMENT_FLAG),
    path: flagOf(read, "path"),
    description: flagOf(read, "description"),
  };
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const made = await createPolicy(store, { accountId, policyName, ...wanted }, parseIdentityPolicy);
    return `arn           ${made.policyArn}\n`;
  });
}

/** Adds a version; where there are as many as there may be, the oldest that does not apply makes room. */
async function set(read: DataArguments, name: string): Promise<string> {
  const document = documentIn(read, DOCUMENT_FLAG);
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const arn = await policyArnOf(store, accountId, name);
    parseIdentityPolicy(document);
    const versions = await allOf((page) => listPolicyVersions(store, accountId, arn, page));
    const oldest = versions.findLast(({ isDefault }) => !isDefault);
    if (versions.length >= MOST_VERSIONS && oldest !== undefined)
      await deletePolicyVersion(store, accountId, arn, oldest.versionId);
    const wanted = { document, setAsDefault: true };
    const { versionId } = await createPolicyVersion(store, accountId, arn, wanted, parseIdentityPolicy);
    return `${name} is what its version ${versionId} says now\n`;
  });
}

/** As many versions as a policy may have. */
const MOST_VERSIONS = 5;

/** A line for each policy: its name, its ARN, and how often it is used. */
async function list(read: DataArguments): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const policies = await allOf((page) => listPolicies(store, accountId, page));
    return listed(
      policies.map(({ policyName, policyArn, attachmentCount, boundaryUsageCount, defaultVersionId }) => [
        policyName,
        policyArn,
        defaultVersionId,
        `attached ${attachmentCount} times, bounds ${boundaryUsageCount}`,
      ]),
    );
  });
}

async function show(read: DataArguments, name: string): Promise<string> {
  return onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const arn = await policyArnOf(store, accountId, name);
    const { defaultVersionId } = await getPolicy(store, accountId, arn);
    const { document } = await getPolicyVersion(store, accountId, arn, defaultVersionId);
    return `${document.trim()}\n`;
  });
}

async function remove(read: DataArguments, name: string): Promise<string> {
  await onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    const arn = await policyArnOf(store, accountId, name);
    for (const { versionId, isDefault } of await allOf((page) => listPolicyVersions(store, accountId, arn, page))) {
      if (!isDefault) await deletePolicyVersion(store, accountId, arn, versionId);
    }
    await deletePolicy(store, accountId, arn);
  });
  return `removed the policy ${name}\n`;
}

/** Does something with a policy and whom the one flag names. Throws `OptionError` for another number of flags. */
async function onHolder<Kind extends HolderKind>(
  read: DataArguments,
  name: string,
  kinds: readonly Kind[],
  work: (store: Store, holder: Holder<Kind>, policyArn: string) => Promise<void>,
  done: string,
): Promise<string> {
  const [kind, ...more] = kinds.filter((flag) => read.flags.has(flag));
  if (kind === undefined || more.length > 0) {
    const flags = kinds.map((flag) => `--${flag} NAME`).join(" or ");
    throw new OptionError(`Whom is it about? One of ${flags} says that, and only one. See holdfast policy --help.`);
  }
  const holderName = flagOf(read, kind)!;
  await onDataFolder(read.settings, async (store) => {
    const { accountId } = await accountOf(store, read);
    await work(store, { accountId, kind, name: holderName }, await policyArnOf(store, accountId, name));
  });
  return `${name} ${done} the ${kind} ${holderName} now\n`;
}

/** The ARN of a policy that is called by it, or by its name. Throws `IdentityError` for one that is not there. */
async function policyArnOf(store: Store, accountId: string, name: string): Promise<string> {
  if (name.startsWith("arn:")) return name;
  const ofAws = (await allOf((page) => listPolicies(store, accountId, { ...page, scope: "AWS" }))).find(
    ({ policyName }) => policyName === name,
  );
  return ofAws?.policyArn ?? identityArn("policy", await knownIdentity(store, "policy", accountId, name));
}
