import { deleteBoundary, putBoundary } from "../../store/accounts/attachments.ts";
import type { Operation } from "../Operation.ts";
import { roleArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";

/**
 * Makes a managed policy the boundary of what a role may be allowed.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html
 */
export const PutRolePermissionsBoundary: Operation<"PutRolePermissionsBoundary"> = iamOperation({
  name: "PutRolePermissionsBoundary",
  on: roleArn,
  async handle({ RoleName, PermissionsBoundary }, { store, accountId }) {
    await putBoundary(store, { accountId, kind: "role", name: RoleName }, PermissionsBoundary);
    return {};
  },
});

/**
 * Takes the boundary away.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html
 */
export const DeleteRolePermissionsBoundary: Operation<"DeleteRolePermissionsBoundary"> = iamOperation({
  name: "DeleteRolePermissionsBoundary",
  on: roleArn,
  async handle({ RoleName }, { store, accountId }) {
    await deleteBoundary(store, { accountId, kind: "role", name: RoleName });
    return {};
  },
});
