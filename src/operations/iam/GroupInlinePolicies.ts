import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../../store/accounts/inlinePolicies.ts";
import type { Operation } from "../Operation.ts";
import { groupArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { encodedDocument, endOf, pageOf } from "./shownIdentities.ts";

/**
 * Gives a group a policy of its own, in place of one of the name.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html
 */
export const PutGroupPolicy: Operation<"PutGroupPolicy"> = iamOperation({
  name: "PutGroupPolicy",
  on: groupArn,
  async handle({ GroupName, PolicyName, PolicyDocument }, { store, accountId }) {
    const policy = { policyName: PolicyName, document: PolicyDocument };
    await putInlinePolicy(store, { accountId, kind: "group", name: GroupName }, policy, parseIdentityPolicy);
    return {};
  },
});

/**
 * Shows a policy of a group's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html
 */
export const GetGroupPolicy: Operation<"GetGroupPolicy"> = iamOperation({
  name: "GetGroupPolicy",
  on: groupArn,
  async handle({ GroupName, PolicyName }, { store, accountId }) {
    const document = await getInlinePolicy(store, { accountId, kind: "group", name: GroupName }, PolicyName);
    return { GroupName, PolicyName, PolicyDocument: encodedDocument(document) };
  },
});

/**
 * Deletes a policy of a group's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html
 */
export const DeleteGroupPolicy: Operation<"DeleteGroupPolicy"> = iamOperation({
  name: "DeleteGroupPolicy",
  on: groupArn,
  async handle({ GroupName, PolicyName }, { store, accountId }) {
    await deleteInlinePolicy(store, { accountId, kind: "group", name: GroupName }, PolicyName);
    return {};
  },
});

/**
 * Lists the names of a group's own policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html
 */
export const ListGroupPolicies: Operation<"ListGroupPolicies"> = iamOperation({
  name: "ListGroupPolicies",
  on: groupArn,
  async handle({ GroupName, ...page }, { store, accountId }) {
    const found = await listInlinePolicies(store, { accountId, kind: "group", name: GroupName }, pageOf(page));
    return { PolicyNames: found.items, ...endOf(found) };
  },
});
