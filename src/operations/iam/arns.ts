import type { Asked } from "../../access/Permission.ts";
import { identityArn } from "../../store/accounts/arns.ts";
import { getGroup } from "../../store/accounts/groups.ts";
import { IdentityError } from "../../store/accounts/IdentityError.ts";
import { findRole } from "../../store/accounts/roles.ts";
import { findUser } from "../../store/accounts/users.ts";

/** What operations of IAM's act on, as policies know it: an ARN has a path, and requests have names. Who is not there has the path "/". */

const NO_PATH = "/";

/** The user that `UserName` names, or the caller where it names nobody. */
export async function userArn({ caller, sent, store }: Asked): Promise<string> {
  const { accountId } = caller;
  const name = sent.text("UserName");
  if (name === undefined) return caller.arn;
  const user = await findUser(store, accountId, name);
  return identityArn("user", user ?? { accountId, path: NO_PATH, name });
}

/** The user that is to be made. */
export function newUserArn({ caller: { accountId }, sent }: Asked): string {
  return identityArn("user", { accountId, path: sent.text("Path") ?? NO_PATH, name: sent.text("UserName") ?? "" });
}

/** The group that `GroupName` names. */
export async function groupArn({ caller: { accountId }, sent, store }: Asked): Promise<string> {
  const name = sent.text("GroupName") ?? "";
  try {
    return identityArn("group", await getGroup(store, accountId, name));
  } catch (cause) {
    if (!(cause instanceof IdentityError)) throw cause;
    return identityArn("group", { accountId, path: NO_PATH, name });
  }
}

/** The group that is to be made. */
export function newGroupArn({ caller: { accountId }, sent }: Asked): string {
  return identityArn("group", { accountId, path: sent.text("Path") ?? NO_PATH, name: sent.text("GroupName") ?? "" });
}

/** The role that `RoleName` names. */
export async function roleArn({ caller: { accountId }, sent, store }: Asked): Promise<string> {
  const name = sent.text("RoleName") ?? "";
  const role = await findRole(store, accountId, name);
  return identityArn("role", role ?? { accountId, path: NO_PATH, name });
}

/** The role that is to be made. */
export function newRoleArn({ caller: { accountId }, sent }: Asked): string {
  return identityArn("role", { accountId, path: sent.text("Path") ?? NO_PATH, name: sent.text("RoleName") ?? "" });
}

/** The managed policy that `PolicyArn` names. */
export function policyArn({ sent }: Asked): string {
  return sent.text("PolicyArn") ?? "*";
}

/** The managed policy that is to be made. */
export function newPolicyArn({ caller: { accountId }, sent }: Asked): string {
  return identityArn("policy", { accountId, path: sent.text("Path") ?? NO_PATH, name: sent.text("PolicyName") ?? "" });
}

/** Users, groups or roles below a path: what lists are asked for. */
export function listArn(kind: "user" | "group" | "role"): (asked: Asked) => string {
  return ({ caller: { accountId }, sent }) =>
    identityArn(kind, { accountId, path: sent.text("PathPrefix") ?? NO_PATH, name: "" });
}

/** Managed policies below a path: what their list is asked for has no ARN on AWS either. */
export function policyPath({ sent }: Asked): string {
  return `policy path ${sent.text("PathPrefix") ?? NO_PATH}`;
}

/** For what is about no one thing. */
export function anything(): string {
  return "*";
}
