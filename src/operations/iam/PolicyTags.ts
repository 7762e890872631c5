import { listTagsOf, removeTags, setTags } from "../../store/accounts/identityTags.ts";
import { ownPolicyName } from "../../store/accounts/managedPolicies.ts";
import type { Operation } from "../Operation.ts";
import { policyArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, sentTags, shownTags } from "./shownIdentities.ts";

/**
 * Sets tags of a managed policy; its other tags stay.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html
 */
export const TagPolicy: Operation<"TagPolicy"> = iamOperation({
  name: "TagPolicy",
  on: policyArn,
  givesTags: true,
  async handle({ PolicyArn, Tags }, { store, accountId }) {
    await setTags(store, { accountId, kind: "policy", name: ownPolicyName(accountId, PolicyArn) }, sentTags(Tags));
    return {};
  },
});

/**
 * Takes tags from a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html
 */
export const UntagPolicy: Operation<"UntagPolicy"> = iamOperation({
  name: "UntagPolicy",
  on: policyArn,
  async handle({ PolicyArn, TagKeys }, { store, accountId }) {
    await removeTags(store, { accountId, kind: "policy", name: ownPolicyName(accountId, PolicyArn) }, TagKeys);
    return {};
  },
});

/**
 * Lists the tags of a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html
 */
export const ListPolicyTags: Operation<"ListPolicyTags"> = iamOperation({
  name: "ListPolicyTags",
  on: policyArn,
  async handle({ PolicyArn, ...page }, { store, accountId }) {
    const found = await listTagsOf(store, { accountId, kind: "policy", name: ownPolicyName(accountId, PolicyArn) }, pageOf(page));
    return { Tags: shownTags(found.items), ...endOf(found) };
  },
});
