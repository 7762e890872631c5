import { attachPolicy, detachPolicy, listAttachedPolicies } from "../../store/accounts/attachments.ts";
import type { Operation } from "../Operation.ts";
import { roleArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, shownAttached } from "./shownIdentities.ts";

/**
 * Attaches a managed policy to a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export const AttachRolePolicy: Operation<"AttachRolePolicy"> = iamOperation({
  name: "AttachRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyArn }, { store, accountId }) {
    await attachPolicy(store, { accountId, kind: "role", name: RoleName }, PolicyArn);
    return {};
  },
});

/**
 * Detaches a managed policy from a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
 */
export const DetachRolePolicy: Operation<"DetachRolePolicy"> = iamOperation({
  name: "DetachRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyArn }, { store, accountId }) {
    await detachPolicy(store, { accountId, kind: "role", name: RoleName }, PolicyArn);
    return {};
  },
});

/**
 * Lists the managed policies that are attached to a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
export const ListAttachedRolePolicies: Operation<"ListAttachedRolePolicies"> = iamOperation({
  name: "ListAttachedRolePolicies",
  on: roleArn,
  async handle({ RoleName, PathPrefix, ...page }, { store, accountId }) {
    const holder = { accountId, kind: "role", name: RoleName } as const;
    const found = await listAttachedPolicies(store, holder, { ...pageOf(page), pathPrefix: PathPrefix });
    return { AttachedPolicies: found.items.map(shownAttached), ...endOf(found) };
  },
});
