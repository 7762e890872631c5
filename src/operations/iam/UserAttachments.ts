import { attachPolicy, detachPolicy, listAttachedPolicies } from "../../store/accounts/attachments.ts";
import type { Operation } from "../Operation.ts";
import { userArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, shownAttached } from "./shownIdentities.ts";

/**
 * Attaches a managed policy to a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
 */
export const AttachUserPolicy: Operation<"AttachUserPolicy"> = iamOperation({
  name: "AttachUserPolicy",
  on: userArn,
  async handle({ UserName, PolicyArn }, { store, accountId }) {
    await attachPolicy(store, { accountId, kind: "user", name: UserName }, PolicyArn);
    return {};
  },
});

/**
 * Detaches a managed policy from a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
 */
export const DetachUserPolicy: Operation<"DetachUserPolicy"> = iamOperation({
  name: "DetachUserPolicy",
  on: userArn,
  async handle({ UserName, PolicyArn }, { store, accountId }) {
    await detachPolicy(store, { accountId, kind: "user", name: UserName }, PolicyArn);
    return {};
  },
});

/**
 * Lists the managed policies that are attached to a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
 */
export const ListAttachedUserPolicies: Operation<"ListAttachedUserPolicies"> = iamOperation({
  name: "ListAttachedUserPolicies",
  on: userArn,
  async handle({ UserName, PathPrefix, ...page }, { store, accountId }) {
    const holder = { accountId, kind: "user", name: UserName } as const;
    const found = await listAttachedPolicies(store, holder, { ...pageOf(page), pathPrefix: PathPrefix });
    return { AttachedPolicies: found.items.map(shownAttached), ...endOf(found) };
  },
});
