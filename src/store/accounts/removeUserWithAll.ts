import type { Change } from "../metadata/MetadataEngine.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import { idHolderRow, keysOwnedBy, membershipRow } from "../records/identityRows.ts";
import { mfaDeviceRow } from "../records/MfaDeviceRecord.ts";
import { inlinePoliciesOf, inlinePolicyRow } from "../records/PolicyRecord.ts";
import { remove } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow } from "../records/UserRecord.ts";
import type { Store } from "../Store.ts";
import { readRows, readThere } from "../transact.ts";
import { removedKey } from "./accessKeys.ts";
import { changeIdentity, oneLess } from "./identities.ts";
import { policyUses, useRow } from "./policyUses.ts";
import { QUOTAS } from "./quotas.ts";

/**
 * Removes a user with everything that `deleteUser` wants to be removed before. Resolves with the ids of their access keys. Throws
 * `IdentityError`: NoSuchEntity, ValidationError.
 */
export async function removeUserWithAll(store: Store, accountId: string, userName: string): Promise<readonly string[]> {
  const prepare = async (user: UserRecord) => {
    const { uniqueId } = user;
    const { ids, ...found } = await readRows(store, {
      ids: keysOwnedBy(uniqueId, QUOTAS.AccessKeysPerUser),
      inline: inlinePoliciesOf(uniqueId, QUOTAS.UserPolicySize),
      device: mfaDeviceRow(uniqueId),
    });
    return { ...found, keys: await readThere(store, ids.map(accessKeyRow)), uses: await policyUses(store, "user", user) };
  };
  return changeIdentity(store, { kind: "user", accountId, name: userName }, prepare, (user, prepared, identities) => {
    const { keys, inline, device, uses } = prepared;
    const { uniqueId, name, groupIds } = user;
    const changes: Change[] = [
      remove(userRow(accountId, name)),
      remove(idHolderRow(uniqueId)),
      remove(mfaDeviceRow(uniqueId)),
      ...keys.flatMap(removedKey),
      ...inline.map((policy) => remove(inlinePolicyRow(uniqueId, policy.name))),
      ...groupIds.map((groupId) => remove(membershipRow(groupId, name))),
      ...uses.map(({ use, policyId }) => remove(useRow(use, user, policyId))),
    ];
    const counts = { ...oneLess("user", identities), mfaDevices: identities.mfaDevices - Number(device?.isActive === true) };
    return { changes, counts, result: keys.map((key) => key.accessKeyId) };
  });
}
