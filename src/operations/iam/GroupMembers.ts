import { addUserToGroup, listGroupsForUser, removeUserFromGroup } from "../../store/accounts/groups.ts";
import type { Operation } from "../Operation.ts";
import { groupArn, userArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, shownGroup } from "./shownIdentities.ts";

/**
 * Puts a user into a group.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
 */
export const AddUserToGroup: Operation<"AddUserToGroup"> = iamOperation({
  name: "AddUserToGroup",
  on: groupArn,
  async handle({ GroupName, UserName }, { store, accountId }) {
    await addUserToGroup(store, accountId, GroupName, UserName);
    return {};
  },
});

/**
 * Takes a user out of a group.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html
 */
export const RemoveUserFromGroup: Operation<"RemoveUserFromGroup"> = iamOperation({
  name: "RemoveUserFromGroup",
  on: groupArn,
  async handle({ GroupName, UserName }, { store, accountId }) {
    await removeUserFromGroup(store, accountId, GroupName, UserName);
    return {};
  },
});

/**
 * Lists the groups that a user is in.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html
 */
export const ListGroupsForUser: Operation<"ListGroupsForUser"> = iamOperation({
  name: "ListGroupsForUser",
  on: userArn,
  async handle({ UserName, ...page }, { store, accountId }) {
    const found = await listGroupsForUser(store, accountId, UserName, pageOf(page));
    return { Groups: found.items.map(shownGroup), ...endOf(found) };
  },
});
