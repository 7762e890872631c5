import { createGroup, deleteGroup, getGroup, listGroups, listUsersOfGroup, updateGroup } from "../../store/accounts/groups.ts";
import type { Operation } from "../Operation.ts";
import { groupArn, listArn, newGroupArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, listedUser, pageOf, shownGroup } from "./shownIdentities.ts";

/**
 * Makes a group of users.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
 */
export const CreateGroup: Operation<"CreateGroup"> = iamOperation({
  name: "CreateGroup",
  on: newGroupArn,
  async handle({ GroupName, Path }, { store, accountId }) {
    return { Group: shownGroup(await createGroup(store, { accountId, groupName: GroupName, path: Path })) };
  },
});

/**
 * Shows a group and the users in it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html
 */
export const GetGroup: Operation<"GetGroup"> = iamOperation({
  name: "GetGroup",
  on: groupArn,
  async handle({ GroupName, ...page }, { store, accountId }) {
    const group = await getGroup(store, accountId, GroupName);
    const users = await listUsersOfGroup(store, accountId, GroupName, pageOf(page));
    return { Group: shownGroup(group), Users: users.items.map(listedUser), ...endOf(users) };
  },
});

/**
 * Gives a group another name or path.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
 */
export const UpdateGroup: Operation<"UpdateGroup"> = iamOperation({
  name: "UpdateGroup",
  on: groupArn,
  async handle({ GroupName, NewGroupName, NewPath }, { store, accountId }) {
    await updateGroup(store, accountId, GroupName, { newGroupName: NewGroupName, newPath: NewPath });
    return {};
  },
});

/**
 * Deletes a group without users and policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
 */
export const DeleteGroup: Operation<"DeleteGroup"> = iamOperation({
  name: "DeleteGroup",
  on: groupArn,
  async handle({ GroupName }, { store, accountId }) {
    await deleteGroup(store, accountId, GroupName);
    return {};
  },
});

/**
 * Lists groups.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html
 */
export const ListGroups: Operation<"ListGroups"> = iamOperation({
  name: "ListGroups",
  on: listArn("group"),
  async handle({ PathPrefix, ...page }, { store, accountId }) {
    const found = await listGroups(store, accountId, { ...pageOf(page), pathPrefix: PathPrefix });
    return { Groups: found.items.map(shownGroup), ...endOf(found) };
  },
});
