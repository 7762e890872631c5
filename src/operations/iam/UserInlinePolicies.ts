import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../../store/accounts/inlinePolicies.ts";
import type { Operation } from "../Operation.ts";
import { userArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { encodedDocument, endOf, pageOf } from "./shownIdentities.ts";

/**
 * Gives a user a policy of its own, in place of one of the name.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
 */
export const PutUserPolicy: Operation<"PutUserPolicy"> = iamOperation({
  name: "PutUserPolicy",
  on: userArn,
  async handle({ UserName, PolicyName, PolicyDocument }, { store, accountId }) {
    const policy = { policyName: PolicyName, document: PolicyDocument };
    await putInlinePolicy(store, { accountId, kind: "user", name: UserName }, policy, parseIdentityPolicy);
    return {};
  },
});

/**
 * Shows a policy of a user's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html
 */
export const GetUserPolicy: Operation<"GetUserPolicy"> = iamOperation({
  name: "GetUserPolicy",
  on: userArn,
  async handle({ UserName, PolicyName }, { store, accountId }) {
    const document = await getInlinePolicy(store, { accountId, kind: "user", name: UserName }, PolicyName);
    return { UserName, PolicyName, PolicyDocument: encodedDocument(document) };
  },
});

/**
 * Deletes a policy of a user's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
 */
export const DeleteUserPolicy: Operation<"DeleteUserPolicy"> = iamOperation({
  name: "DeleteUserPolicy",
  on: userArn,
  async handle({ UserName, PolicyName }, { store, accountId }) {
    await deleteInlinePolicy(store, { accountId, kind: "user", name: UserName }, PolicyName);
    return {};
  },
});

/**
 * Lists the names of a user's own policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
 */
export const ListUserPolicies: Operation<"ListUserPolicies"> = iamOperation({
  name: "ListUserPolicies",
  on: userArn,
  async handle({ UserName, ...page }, { store, accountId }) {
    const found = await listInlinePolicies(store, { accountId, kind: "user", name: UserName }, pageOf(page));
    return { PolicyNames: found.items, ...endOf(found) };
  },
});
