import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import type { PolicyVersion } from "../../protocol/generated/iamTypes.ts";
import type { ManagedPolicyVersion } from "../../store/accounts/managedPolicies.ts";
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from "../../store/accounts/managedPolicies.ts";
import type { Operation } from "../Operation.ts";
import { policyArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { encodedDocument, endOf, pageOf } from "./shownIdentities.ts";

/**
 * Adds a version to a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
 */
export const CreatePolicyVersion: Operation<"CreatePolicyVersion"> = iamOperation({
  name: "CreatePolicyVersion",
  on: policyArn,
  async handle({ PolicyArn, PolicyDocument, SetAsDefault }, { store, accountId }) {
    const wanted = { document: PolicyDocument, setAsDefault: SetAsDefault === true };
    return { PolicyVersion: shownVersion(await createPolicyVersion(store, accountId, PolicyArn, wanted, parseIdentityPolicy)) };
  },
});

/**
 * Shows a version of a managed policy, with its document.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
 */
export const GetPolicyVersion: Operation<"GetPolicyVersion"> = iamOperation({
  name: "GetPolicyVersion",
  on: policyArn,
  async handle({ PolicyArn, VersionId }, { store, accountId }) {
    const version = await getPolicyVersion(store, accountId, PolicyArn, VersionId);
    return { PolicyVersion: { Document: encodedDocument(version.document), ...shownVersion(version) } };
  },
});

/**
 * Lists the versions of a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
 */
export const ListPolicyVersions: Operation<"ListPolicyVersions"> = iamOperation({
  name: "ListPolicyVersions",
  on: policyArn,
  async handle({ PolicyArn, ...page }, { store, accountId }) {
    const found = await listPolicyVersions(store, accountId, PolicyArn, pageOf(page));
    return { Versions: found.items.map(shownVersion), ...endOf(found) };
  },
});

/**
 * Makes a version of a managed policy the one that applies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
 */
export const SetDefaultPolicyVersion: Operation<"SetDefaultPolicyVersion"> = iamOperation({
  name: "SetDefaultPolicyVersion",
  on: policyArn,
  async handle({ PolicyArn, VersionId }, { store, accountId }) {
    await setDefaultPolicyVersion(store, accountId, PolicyArn, VersionId);
    return {};
  },
});

/**
 * Deletes a version of a managed policy that is not the one that applies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
 */
export const DeletePolicyVersion: Operation<"DeletePolicyVersion"> = iamOperation({
  name: "DeletePolicyVersion",
  on: policyArn,
  async handle({ PolicyArn, VersionId }, { store, accountId }) {
    await deletePolicyVersion(store, accountId, PolicyArn, VersionId);
    return {};
  },
});

/** A version, without its document. */
function shownVersion({ versionId, isDefault, createdAtMs }: Omit<ManagedPolicyVersion, "document">): PolicyVersion {
  return { VersionId: versionId, IsDefaultVersion: isDefault, CreateDate: new Date(createdAtMs) };
}
