import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../../store/accounts/inlinePolicies.ts";
import type { Operation } from "../Operation.ts";
import { roleArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { encodedDocument, endOf, pageOf } from "./shownIdentities.ts";

/**
 * Gives a role a policy of its own, in place of one of the name.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const PutRolePolicy: Operation<"PutRolePolicy"> = iamOperation({
  name: "PutRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyName, PolicyDocument }, { store, accountId }) {
    const policy = { policyName: PolicyName, document: PolicyDocument };
    await putInlinePolicy(store, { accountId, kind: "role", name: RoleName }, policy, parseIdentityPolicy);
    return {};
  },
});

/**
 * Shows a policy of a role's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export const GetRolePolicy: Operation<"GetRolePolicy"> = iamOperation({
  name: "GetRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyName }, { store, accountId }) {
    const document = await getInlinePolicy(store, { accountId, kind: "role", name: RoleName }, PolicyName);
    return { RoleName, PolicyName, PolicyDocument: encodedDocument(document) };
  },
});

/**
 * Deletes a policy of a role's own.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
 */
export const DeleteRolePolicy: Operation<"DeleteRolePolicy"> = iamOperation({
  name: "DeleteRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyName }, { store, accountId }) {
    await deleteInlinePolicy(store, { accountId, kind: "role", name: RoleName }, PolicyName);
    return {};
  },
});

/**
 * Lists the names of a role's own policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export const ListRolePolicies: Operation<"ListRolePolicies"> = iamOperation({
  name: "ListRolePolicies",
  on: roleArn,
  async handle({ RoleName, ...page }, { store, accountId }) {
    const found = await listInlinePolicies(store, { accountId, kind: "role", name: RoleName }, pageOf(page));
    return { PolicyNames: found.items, ...endOf(found) };
  },
});
