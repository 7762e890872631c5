import { deleteBoundary, putBoundary } from "../../store/accounts/attachments.ts";
import type { Operation } from "../Operation.ts";
import { userArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";

/**
 * Makes a managed policy the boundary of what a user may be allowed.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
 */
export const PutUserPermissionsBoundary: Operation<"PutUserPermissionsBoundary"> = iamOperation({
  name: "PutUserPermissionsBoundary",
  on: userArn,
  async handle({ UserName, PermissionsBoundary }, { store, accountId }) {
    await putBoundary(store, { accountId, kind: "user", name: UserName }, PermissionsBoundary);
    return {};
  },
});

/**
 * Takes the boundary away.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html
 */
export const DeleteUserPermissionsBoundary: Operation<"DeleteUserPermissionsBoundary"> = iamOperation({
  name: "DeleteUserPermissionsBoundary",
  on: userArn,
  async handle({ UserName }, { store, accountId }) {
    await deleteBoundary(store, { accountId, kind: "user", name: UserName });
    return {};
  },
});
