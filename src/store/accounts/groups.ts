import type { Change } from "../metadata/MetadataEngine.ts";
import type { GroupRecord } from "../records/GroupRecord.ts";
import { groupRow } from "../records/GroupRecord.ts";
import { idHolderRow, membershipRow, membershipsOf } from "../records/identityRows.ts";
import { inlinePoliciesOf } from "../records/PolicyRecord.ts";
import { mark, put, remove } from "../records/Row.ts";
import { textInKey } from "../records/tables.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow } from "../records/UserRecord.ts";
import type { Store } from "../Store.ts";
import { readRows, readThere } from "../transact.ts";
import type { ListRequest } from "./identities.ts";
import {
  alreadyExists,
  changeIdentity,
  createIdentity,
  deleteConflict,
  idPrefixOf,
  knownIdentity,
  listIdentities,
  oneLess,
  quotaExceeded,
} from "./identities.ts";
import { checkName, checkPath } from "./identityForms.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { pageOfList, pageOfRows } from "./pages.ts";
import { policyUses, renamedUses } from "./policyUses.ts";
import { QUOTAS } from "./quotas.ts";
import { newUniqueId } from "./randomNames.ts";

/** What a group is made with. */
export interface NewGroup {
  readonly accountId: string;
  readonly groupName: string;
  /** Default: "/". */
  readonly path?: string | undefined;
}

/**
 * Makes a group. Throws `IdentityError`: EntityAlreadyExists, LimitExceeded, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
 */
export async function createGroup(store: Store, { accountId, groupName: name, path = "/" }: NewGroup): Promise<GroupRecord> {
  const uniqueId = newUniqueId(idPrefixOf("group"), store.randomBytes);
  return createIdentity(
    store,
    "group",
    { accountId, name, path },
    () => undefined,
    (_, identities, { realNowMs }) => {
      const result = { accountId, uniqueId, name, path, createdAtMs: realNowMs, attachedPolicyArns: [] };
      return { changes: [], result };
    },
  );
}

/** The group of a name; `listUsersOfGroup` has its users. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function getGroup(store: Store, accountId: string, groupName: string): Promise<GroupRecord> {
  return knownIdentity(store, "group", accountId, groupName);
}

/**
 * Gives a group another name or path. Throws `IdentityError`: NoSuchEntity, EntityAlreadyExists, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
 */
export async function updateGroup(
  store: Store,
  accountId: string,
  groupName: string,
  { newGroupName, newPath }: { readonly newGroupName?: string | undefined; readonly newPath?: string | undefined },
): Promise<GroupRecord> {
  if (newGroupName !== undefined) checkName("newGroupName", newGroupName);
  if (newPath !== undefined) checkPath(newPath, "newPath");
  const prepare = async (group: GroupRecord) => {
    const { taken } = await readRows(store, { taken: groupRow(accountId, newGroupName ?? groupName) });
    return { taken, uses: await policyUses(store, "group", group) };
  };
  return changeIdentity(store, { kind: "group", accountId, name: groupName }, prepare, (before, { taken, uses }) => {
    const group = { ...before, name: newGroupName ?? before.name, path: newPath ?? before.path };
    if (taken !== undefined && taken.uniqueId !== group.uniqueId) throw alreadyExists("group", group.name);
    const moved: Change[] = group.name === before.name ? [] : [remove(groupRow(accountId, before.name))];
    if (moved.length > 0)
      moved.push(put(idHolderRow(group.uniqueId), { accountId, name: group.name }), ...renamedUses(before, group, uses));
    return { changes: [...moved, put(groupRow(accountId, group.name), group)], result: group };
  });
}

/**
 * Deletes a group without users and policies. Throws `IdentityError`: NoSuchEntity, DeleteConflict, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
 */
export async function deleteGroup(store: Store, accountId: string, groupName: string): Promise<void> {
  const prepare = async ({ uniqueId }: GroupRecord) =>
    readRows(store, {
      users: { ...membershipsOf(uniqueId), limit: 1, decode: () => true },
      inline: inlinePoliciesOf(uniqueId, 1),
    });
  await changeIdentity(store, { kind: "group", accountId, name: groupName }, prepare, (group, { users, inline }, identities) => {
    if (users.length > 0) throw deleteConflict("remove users from group");
    if (group.attachedPolicyArns.length > 0) throw deleteConflict("detach all policies");
    if (inline.length > 0) throw deleteConflict("delete policies");
    return {
      changes: [remove(groupRow(accountId, group.name)), remove(idHolderRow(group.uniqueId))],
      counts: oneLess("group", identities),
      result: undefined,
    };
  });
}

/** Groups of an account whose path begins so, by name. Throws `IdentityError` ValidationError. */
export async function listGroups(store: Store, accountId: string, wanted: ListRequest = {}): Promise<IdentityPage<GroupRecord>> {
  return listIdentities(store, "group", accountId, wanted);
}

/** Users of a group, by name (GetGroup). Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function listUsersOfGroup(
  store: Store,
  accountId: string,
  groupName: string,
  page: PageRequest = {},
): Promise<IdentityPage<UserRecord>> {
  const { uniqueId } = await knownIdentity(store, "group", accountId, groupName);
  const range = membershipsOf(uniqueId);
  const { items, marker } = await pageOfRows(store, range, page, ({ key }) => textInKey(key, range.start.length, key.length));
  const rows = items.map((name) => userRow(accountId, name));
  return { items: await readThere(store, rows), marker };
}

/** Groups a user is in, by name. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function listGroupsForUser(
  store: Store,
  accountId: string,
  userName: string,
  page: PageRequest = {},
): Promise<IdentityPage<GroupRecord>> {
  const user = await knownIdentity(store, "user", accountId, userName);
  return pageOfList(await groupsOf(store, user), page, ({ name }) => name.toLowerCase());
}

/** The groups that a user is in, in the order in which they were put there. */
export async function groupsOf(store: Store, { accountId, groupIds }: UserRecord): Promise<readonly GroupRecord[]> {
  const holders = await readThere(store, groupIds.map(idHolderRow));
  const rows = holders.map(({ name }) => groupRow(accountId, name));
  return readThere(store, rows);
}

/**
 * Puts a user into a group; one who is there stays. Throws `IdentityError`: NoSuchEntity, LimitExceeded, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
 */
export async function addUserToGroup(store: Store, accountId: string, groupName: string, userName: string): Promise<void> {
  const prepare = async (): Promise<UserRecord> => knownIdentity(store, "user", accountId, userName);
  await changeIdentity(store, { kind: "group", accountId, name: groupName }, prepare, ({ uniqueId }, user) => {
    if (user.groupIds.includes(uniqueId)) return { changes: [], result: undefined };
    if (user.groupIds.length >= QUOTAS.GroupsPerUser) throw quotaExceeded("GroupsPerUser");
    const joined = { ...user, groupIds: [...user.groupIds, uniqueId] };
    return {
      changes: [put(userRow(accountId, user.name), joined), mark(membershipRow(uniqueId, user.name))],
      result: undefined,
    };
  });
}

/**
 * Takes a user out of a group; one who is not there stays out. Throws `IdentityError`: NoSuchEntity, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html
 */
export async function removeUserFromGroup(store: Store, accountId: string, groupName: string, userName: string): Promise<void> {
  const prepare = async (): Promise<UserRecord> => knownIdentity(store, "user", accountId, userName);
  await changeIdentity(store, { kind: "group", accountId, name: groupName }, prepare, ({ uniqueId }, user) => {
    if (!user.groupIds.includes(uniqueId)) return { changes: [], result: undefined };
    const left = { ...user, groupIds: user.groupIds.filter((id) => id !== uniqueId) };
    return {
      changes: [put(userRow(accountId, user.name), left), remove(membershipRow(uniqueId, user.name))],
      result: undefined,
    };
  });
}
