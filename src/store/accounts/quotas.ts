/**
 * IAM's default quotas. Each has the name that LimitExceeded and GetAccountSummary give it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const QUOTAS = {
  UsersPerAccount: 5_000,
  GroupsPerAccount: 300,
  RolesPerAccount: 1_000,
  PoliciesPerAccount: 1_500,
  GroupsPerUser: 10,
  AccessKeysPerUser: 2,
  /** Managed policies of one user, group or role. */
  PoliciesPerUser: 10,
  PoliciesPerGroup: 10,
  PoliciesPerRole: 10,
  /** Of a managed policy. */
  VersionsPerPolicy: 5,
  /** Characters of a managed policy, and of a role's trust policy, white space left out. */
  PolicySize: 6_144,
  ACLSizePerRole: 2_048,
  /** Characters of all inline policies together, white space left out. */
  UserPolicySize: 2_048,
  GroupPolicySize: 5_120,
  RolePolicySize: 10_240,
} as const;

/** Most tags of a user, role or policy. */
export const MAX_TAGS = 50;
