import { attachPolicy, detachPolicy, listAttachedPolicies } from "../../store/accounts/attachments.ts";
import type { Operation } from "../Operation.ts";
import { groupArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, shownAttached } from "./shownIdentities.ts";

/**
 * Attaches a managed policy to a group.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html
 */
export const AttachGroupPolicy: Operation<"AttachGroupPolicy"> = iamOperation({
  name: "AttachGroupPolicy",
  on: groupArn,
  async handle({ GroupName, PolicyArn }, { store, accountId }) {
    await attachPolicy(store, { accountId, kind: "group", name: GroupName }, PolicyArn);
    return {};
  },
});

/**
 * Detaches a managed policy from a group.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html
 */
export const DetachGroupPolicy: Operation<"DetachGroupPolicy"> = iamOperation({
  name: "DetachGroupPolicy",
  on: groupArn,
  async handle({ GroupName, PolicyArn }, { store, accountId }) {
    await detachPolicy(store, { accountId, kind: "group", name: GroupName }, PolicyArn);
    return {};
  },
});

/**
 * Lists the managed policies that are attached to a group.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html
 */
export const ListAttachedGroupPolicies: Operation<"ListAttachedGroupPolicies"> = iamOperation({
  name: "ListAttachedGroupPolicies",
  on: groupArn,
  async handle({ GroupName, PathPrefix, ...page }, { store, accountId }) {
    const holder = { accountId, kind: "group", name: GroupName } as const;
    const found = await listAttachedPolicies(store, holder, { ...pageOf(page), pathPrefix: PathPrefix });
    return { AttachedPolicies: found.items.map(shownAttached), ...endOf(found) };
  },
});
