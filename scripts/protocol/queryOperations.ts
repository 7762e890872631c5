/** The operations of IAM that are built, whose shapes are generated. */
export const BUILT_IAM_OPERATIONS: readonly string[] = [
  ...["CreateUser", "GetUser", "UpdateUser", "DeleteUser", "ListUsers", "TagUser", "UntagUser", "ListUserTags"],
  ...["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "ListAccessKeys", "GetAccessKeyLastUsed"],
  ...["CreateGroup", "GetGroup", "UpdateGroup", "DeleteGroup", "ListGroups"],
  ...["AddUserToGroup", "RemoveUserFromGroup", "ListGroupsForUser"],
  ...["CreateRole", "GetRole", "UpdateRole", "DeleteRole", "ListRoles", "UpdateRoleDescription", "UpdateAssumeRolePolicy"],
  ...["TagRole", "UntagRole", "ListRoleTags"],
  ...["CreatePolicy", "GetPolicy", "DeletePolicy", "ListPolicies", "TagPolicy", "UntagPolicy", "ListPolicyTags"],
  ...["CreatePolicyVersion", "GetPolicyVersion", "ListPolicyVersions", "SetDefaultPolicyVersion", "DeletePolicyVersion"],
  ...["AttachUserPolicy", "DetachUserPolicy", "ListAttachedUserPolicies"],
  ...["AttachGroupPolicy", "DetachGroupPolicy", "ListAttachedGroupPolicies"],
  ...["AttachRolePolicy", "DetachRolePolicy", "ListAttachedRolePolicies", "ListEntitiesForPolicy"],
  ...["PutUserPolicy", "GetUserPolicy", "DeleteUserPolicy", "ListUserPolicies"],
  ...["PutGroupPolicy", "GetGroupPolicy", "DeleteGroupPolicy", "ListGroupPolicies"],
  ...["PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy", "ListRolePolicies"],
  ...["PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"],
  ...["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"],
  ...["GetAccountSummary", "ListAccountAliases"],
];

/** Those of STS. */
export const BUILT_STS_OPERATIONS: readonly string[] = [
  "AssumeRole",
  "AssumeRoleWithWebIdentity",
  "GetAccessKeyInfo",
  "GetCallerIdentity",
  "GetFederationToken",
  "GetSessionToken",
];
