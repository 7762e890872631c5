import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import type { HolderKind } from "../../store/accounts/holders.ts";
import type { PoliciesWanted } from "../../store/accounts/managedPolicies.ts";
import { createPolicy, deletePolicy, getPolicy, listPolicies } from "../../store/accounts/managedPolicies.ts";
import { listEntitiesForPolicy } from "../../store/accounts/policyEntities.ts";
import type { Operation } from "../Operation.ts";
import { newPolicyArn, policyArn, policyPath } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, listedPolicy, pageOf, sentTags, shownPolicy } from "./shownIdentities.ts";

/**
 * Makes a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export const CreatePolicy: Operation<"CreatePolicy"> = iamOperation({
  name: "CreatePolicy",
  on: newPolicyArn,
  givesTags: true,
  async handle({ PolicyName, PolicyDocument, Path, Description, Tags }, { store, accountId }) {
    const texts = { policyName: PolicyName, document: PolicyDocument, path: Path, description: Description };
    const made = await createPolicy(store, { accountId, ...texts, tags: sentTags(Tags) }, parseIdentityPolicy);
    return { Policy: { ...listedPolicy(made), Tags: Tags === undefined ? undefined : shownPolicy(made).Tags } };
  },
});

/**
 * Shows a managed policy, without its document, which `GetPolicyVersion` shows.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
 */
export const GetPolicy: Operation<"GetPolicy"> = iamOperation({
  name: "GetPolicy",
  on: policyArn,
  async handle({ PolicyArn }, { store, accountId }) {
    return { Policy: shownPolicy(await getPolicy(store, accountId, PolicyArn)) };
  },
});

/**
 * Deletes a managed policy that nothing uses.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
 */
export const DeletePolicy: Operation<"DeletePolicy"> = iamOperation({
  name: "DeletePolicy",
  on: policyArn,
  async handle({ PolicyArn }, { store, accountId }) {
    await deletePolicy(store, accountId, PolicyArn);
    return {};
  },
});

/**
 * Lists managed policies: the account's, and those that every account has.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
 */
export const ListPolicies: Operation<"ListPolicies"> = iamOperation({
  name: "ListPolicies",
  on: policyPath,
  async handle({ Scope, OnlyAttached, PathPrefix, PolicyUsageFilter, ...page }, { store, accountId }) {
    const found = await listPolicies(store, accountId, {
      ...pageOf(page),
      scope: Scope as PoliciesWanted["scope"],
      onlyAttached: OnlyAttached,
      pathPrefix: PathPrefix,
      usage: PolicyUsageFilter as PoliciesWanted["usage"],
    });
    return { Policies: found.items.map(listedPolicy), ...endOf(found) };
  },
});

/** Which entities a filter means. */
const KINDS: Readonly<Record<string, HolderKind>> = { User: "user", Group: "group", Role: "role" };

/**
 * Lists the users, groups and roles that use a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
 */
export const ListEntitiesForPolicy: Operation<"ListEntitiesForPolicy"> = iamOperation({
  name: "ListEntitiesForPolicy",
  on: policyArn,
  async handle({ PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter, ...page }, { store, accountId }) {
    const kind = EntityFilter === undefined ? undefined : KINDS[EntityFilter];
    // The filters that are left ask for kinds of policies, none of which is an entity.
    if (EntityFilter !== undefined && kind === undefined) {
      return { PolicyGroups: [], PolicyUsers: [], PolicyRoles: [], IsTruncated: false };
    }
    const usage = PolicyUsageFilter as PoliciesWanted["usage"];
    const found = await listEntitiesForPolicy(store, accountId, PolicyArn, {
      ...pageOf(page),
      kind,
      pathPrefix: PathPrefix,
      usage,
    });
    const of = (wanted: HolderKind): typeof found.items => found.items.filter((entity) => entity.kind === wanted);
    return {
      PolicyGroups: of("group").map(({ name, uniqueId }) => ({ GroupName: name, GroupId: uniqueId })),
      PolicyUsers: of("user").map(({ name, uniqueId }) => ({ UserName: name, UserId: uniqueId })),
      PolicyRoles: of("role").map(({ name, uniqueId }) => ({ RoleName: name, RoleId: uniqueId })),
      ...endOf(found),
    };
  },
});
