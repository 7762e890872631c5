import { parseTrustPolicy } from "../../access/policies/parseTrustPolicy.ts";
import { createRole, deleteRole, getRole, listRoles, updateRole, updateTrustPolicy } from "../../store/accounts/roles.ts";
import type { Operation } from "../Operation.ts";
import { listArn, newRoleArn, roleArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, listedRole, pageOf, sentTags, shownRole } from "./shownIdentities.ts";

/**
 * Makes a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const CreateRole: Operation<"CreateRole"> = iamOperation({
  name: "CreateRole",
  on: newRoleArn,
  givesTags: true,
  async handle(input, { store, accountId }) {
    const wanted = {
      accountId,
      roleName: input.RoleName,
      trustPolicy: input.AssumeRolePolicyDocument,
      path: input.Path,
      description: input.Description,
      maxSessionDurationSeconds: input.MaxSessionDuration,
      boundaryArn: input.PermissionsBoundary,
      tags: sentTags(input.Tags),
    };
    const { RoleLastUsed: _, ...made } = shownRole(await createRole(store, wanted, parseTrustPolicy));
    return { Role: made };
  },
});

/**
 * Shows a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export const GetRole: Operation<"GetRole"> = iamOperation({
  name: "GetRole",
  on: roleArn,
  async handle({ RoleName }, { store, accountId }) {
    return { Role: shownRole(await getRole(store, accountId, RoleName)) };
  },
});

/**
 * Gives a role another description or longest session.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
export const UpdateRole: Operation<"UpdateRole"> = iamOperation({
  name: "UpdateRole",
  on: roleArn,
  async handle({ RoleName, Description, MaxSessionDuration }, { store, accountId }) {
    const wanted = { description: Description, maxSessionDurationSeconds: MaxSessionDuration };
    await updateRole(store, accountId, RoleName, wanted);
    return {};
  },
});

/**
 * Gives a role another description, and shows it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html
 */
export const UpdateRoleDescription: Operation<"UpdateRoleDescription"> = iamOperation({
  name: "UpdateRoleDescription",
  on: roleArn,
  async handle({ RoleName, Description }, { store, accountId }) {
    return { Role: listedRole(await updateRole(store, accountId, RoleName, { description: Description })) };
  },
});

/**
 * Gives a role another trust policy: who may assume it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
 */
export const UpdateAssumeRolePolicy: Operation<"UpdateAssumeRolePolicy"> = iamOperation({
  name: "UpdateAssumeRolePolicy",
  on: roleArn,
  async handle({ RoleName, PolicyDocument }, { store, accountId }) {
    await updateTrustPolicy(store, accountId, RoleName, PolicyDocument, parseTrustPolicy);
    return {};
  },
});

/**
 * Deletes a role without policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export const DeleteRole: Operation<"DeleteRole"> = iamOperation({
  name: "DeleteRole",
  on: roleArn,
  async handle({ RoleName }, { store, accountId }) {
    await deleteRole(store, accountId, RoleName);
    return {};
  },
});

/**
 * Lists roles.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
 */
export const ListRoles: Operation<"ListRoles"> = iamOperation({
  name: "ListRoles",
  on: listArn("role"),
  async handle({ PathPrefix, ...page }, { store, accountId }) {
    const found = await listRoles(store, accountId, { ...pageOf(page), pathPrefix: PathPrefix });
    return { Roles: found.items.map(listedRole), ...endOf(found) };
  },
});
