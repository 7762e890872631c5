import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import type { IdentityTag } from "../records/identityFields.ts";
import { idHolderRow, keysOwnedBy, membershipRow } from "../records/identityRows.ts";
import { mfaDeviceRow } from "../records/MfaDeviceRecord.ts";
import { inlinePoliciesOf } from "../records/PolicyRecord.ts";
import { mark, put, remove } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow } from "../records/UserRecord.ts";
import type { Store } from "../Store.ts";
import { readRows, readThere } from "../transact.ts";
import type { BoundaryUse } from "./policyUses.ts";
import { boundaryUse, policyUses, renamedUses, useRow } from "./policyUses.ts";
import {
  alreadyExists,
  deleteConflict,
  changeIdentity,
  createIdentity,
  findIdentity,
  idPrefixOf,
  knownIdentity,
  listIdentities,
  oneLess,
} from "./identities.ts";
import type { ListRequest } from "./identities.ts";
import { checkName, checkPath, checkTags } from "./identityForms.ts";
import type { IdentityPage } from "./pages.ts";
import { QUOTAS } from "./quotas.ts";
import { newUniqueId } from "./randomNames.ts";

/** No name of a user is longer, in characters. */
const LONGEST_USER_NAME_CHARACTERS = 64;

/** What a user is made with. */
export interface NewUser {
  readonly accountId: string;
  readonly userName: string;
  /** Default: "/". */
  readonly path?: string | undefined;
  readonly boundaryArn?: string | undefined;
  readonly tags?: readonly IdentityTag[] | undefined;
}

/**
 * Makes a user. Throws `IdentityError`: EntityAlreadyExists, LimitExceeded, NoSuchEntity (the boundary), InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 */
export async function createUser(
  store: Store,
  { accountId, userName: name, path = "/", boundaryArn, tags = [] }: NewUser,
): Promise<UserRecord> {
  checkTags(tags);
  const uniqueId = newUniqueId(idPrefixOf("user"), store.randomBytes);
  const prepare = (): Soon<BoundaryUse | undefined> => boundaryUse(store, accountId, boundaryArn);
  return createIdentity(store, "user", { accountId, name, path }, prepare, (boundary, _, { realNowMs }) => {
    const made = { accountId, uniqueId, name, path, createdAtMs: realNowMs, tags, groupIds: [], attachedPolicyArns: [] };
    const result = { ...made, boundaryArn: boundary?.arn };
    return { changes: boundary === undefined ? [] : [mark(useRow("userBoundary", result, boundary.policyId))], result };
  });
}

/** The user of a name, if there is one. */
export function findUser(store: Store, accountId: string, userName: string): Soon<UserRecord | undefined> {
  return findIdentity(store, "user", accountId, userName);
}

/** The user of a name. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function getUser(store: Store, accountId: string, userName: string): Promise<UserRecord> {
  return knownIdentity(store, "user", accountId, userName);
}

/**
 * Gives a user another name or path. Throws `IdentityError`: NoSuchEntity, EntityAlreadyExists, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
 */
export async function updateUser(
  store: Store,
  accountId: string,
  userName: string,
  { newUserName, newPath }: { readonly newUserName?: string | undefined; readonly newPath?: string | undefined },
): Promise<UserRecord> {
  if (newUserName !== undefined) checkName("newUserName", newUserName, LONGEST_USER_NAME_CHARACTERS);
  if (newPath !== undefined) checkPath(newPath, "newPath");
  const name = newUserName ?? userName;
  const prepare = async (user: UserRecord) => {
    const { ids, taken } = await readRows(store, {
      ids: keysOwnedBy(user.uniqueId, QUOTAS.AccessKeysPerUser),
      taken: userRow(accountId, name),
    });
    return { taken, keys: await readThere(store, ids.map(accessKeyRow)), uses: await policyUses(store, "user", user) };
  };
  return changeIdentity(store, { kind: "user", accountId, name: userName }, prepare, (before, { taken, keys, uses }) => {
    const user = { ...before, name: newUserName ?? before.name, path: newPath ?? before.path };
    if (taken !== undefined && taken.uniqueId !== user.uniqueId) throw alreadyExists("user", user.name);
    const changes = user.name === before.name ? [] : [...renaming(before, user, keys), ...renamedUses(before, user, uses)];
    return { changes: [...changes, put(userRow(accountId, user.name), user)], result: user };
  });
}

/** What is stored under a user's name, or says it: rows go before they come, for the names may differ in case alone. */
function renaming(before: UserRecord, user: UserRecord, keys: readonly AccessKeyRecord[]): Change[] {
  const { accountId, uniqueId, name, groupIds } = user;
  return [
    remove(userRow(accountId, before.name)),
    ...groupIds.map((groupId) => remove(membershipRow(groupId, before.name))),
    ...groupIds.map((groupId) => mark(membershipRow(groupId, name))),
    put(idHolderRow(uniqueId), { accountId, name }),
    ...keys.map((key) => put(accessKeyRow(key.accessKeyId), { ...key, userName: name })),
  ];
}

/**
 * Deletes a user who has no policies, groups, access keys and MFA device any more. Throws `IdentityError`: NoSuchEntity, DeleteConflict,
 * ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export async function deleteUser(store: Store, accountId: string, userName: string): Promise<void> {
  const prepare = async (user: UserRecord) => {
    const { uniqueId } = user;
    const rows = { keys: keysOwnedBy(uniqueId, 1), inline: inlinePoliciesOf(uniqueId, 1), device: mfaDeviceRow(uniqueId) };
    return { ...(await readRows(store, rows)), uses: await policyUses(store, "user", user) };
  };
  await changeIdentity(
    store,
    { kind: "user", accountId, name: userName },
    prepare,
    (user, { keys, inline, device, uses }, identities) => {
      if (user.attachedPolicyArns.length > 0) throw deleteConflict("detach all policies");
      if (inline.length > 0) throw deleteConflict("delete policies");
      if (keys.length > 0) throw deleteConflict("delete access keys");
      if (user.groupIds.length > 0) throw deleteConflict("remove users from group");
      if (device !== undefined) throw deleteConflict("delete MFA device");
      return {
        changes: [
          remove(userRow(accountId, user.name)),
          remove(idHolderRow(user.uniqueId)),
          ...uses.map(({ use, policyId }) => remove(useRow(use, user, policyId))),
        ],
        counts: oneLess("user", identities),
        result: undefined,
      };
    },
  );
}

/** Users of an account whose path begins so, by name. Throws `IdentityError` ValidationError. */
export async function listUsers(store: Store, accountId: string, wanted: ListRequest = {}): Promise<IdentityPage<UserRecord>> {
  return listIdentities(store, "user", accountId, wanted);
}
