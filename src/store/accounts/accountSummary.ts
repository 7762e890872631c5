import { identitiesRow, keysOwnedBy, NO_IDENTITIES } from "../records/identityRows.ts";
import { mfaDeviceRow } from "../records/MfaDeviceRecord.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";
import { findAccount } from "./findAccount.ts";
import { QUOTAS } from "./quotas.ts";

/** Quotas, as GetAccountSummary calls them, and of what IAM has that this store has not. */
const QUOTA_ENTRIES: Readonly<Record<string, number>> = {
  AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
  AssumeRolePolicySizeQuota: QUOTAS.ACLSizePerRole,
  AttachedPoliciesPerGroupQuota: QUOTAS.PoliciesPerGroup,
  AttachedPoliciesPerRoleQuota: QUOTAS.PoliciesPerRole,
  AttachedPoliciesPerUserQuota: QUOTAS.PoliciesPerUser,
  GlobalEndpointTokenVersion: 1,
  GroupPolicySizeQuota: QUOTAS.GroupPolicySize,
  GroupsPerUserQuota: QUOTAS.GroupsPerUser,
  GroupsQuota: QUOTAS.GroupsPerAccount,
  InstanceProfilesQuota: 0,
  PoliciesQuota: QUOTAS.PoliciesPerAccount,
  PolicySizeQuota: QUOTAS.PolicySize,
  PolicyVersionsInUseQuota: QUOTAS.PoliciesPerAccount * QUOTAS.VersionsPerPolicy,
  RolePolicySizeQuota: QUOTAS.RolePolicySize,
  RolesQuota: QUOTAS.RolesPerAccount,
  ServerCertificatesQuota: 0,
  SigningCertificatesPerUserQuota: 0,
  UserPolicySizeQuota: QUOTAS.UserPolicySize,
  UsersQuota: QUOTAS.UsersPerAccount,
  VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  InstanceProfiles: 0,
  Providers: 0,
  ServerCertificates: 0,
};

/**
 * The counts and quotas of an account, under the names that GetAccountSummary has for them.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
 */
export async function accountSummary(store: Store, accountId: string): Promise<Readonly<Record<string, number>>> {
  const account = await findAccount(store, { accountId });
  const found = await readRows(store, {
    identities: identitiesRow(accountId),
    rootKeys: keysOwnedBy(accountId, 1),
    rootDevice: account === undefined ? undefined : mfaDeviceRow(account.canonicalId),
  });
  const { users, groups, roles, policies, policyVersions, mfaDevices } = found.identities ?? NO_IDENTITIES;
  const rootDevices = found.rootDevice?.isActive === true ? 1 : 0;
  return {
    ...QUOTA_ENTRIES,
    AccountAccessKeysPresent: found.rootKeys.length,
    AccountMFAEnabled: rootDevices,
    Groups: groups,
    MFADevices: mfaDevices + rootDevices,
    MFADevicesInUse: mfaDevices + rootDevices,
    Policies: policies,
    PolicyVersionsInUse: policyVersions,
    Roles: roles,
    Users: users,
  };
}
