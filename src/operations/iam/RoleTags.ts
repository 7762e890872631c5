import { listTagsOf, removeTags, setTags } from "../../store/accounts/identityTags.ts";
import type { Operation } from "../Operation.ts";
import { roleArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, sentTags, shownTags } from "./shownIdentities.ts";

/**
 * Sets tags of a role; its other tags stay.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
 */
export const TagRole: Operation<"TagRole"> = iamOperation({
  name: "TagRole",
  on: roleArn,
  givesTags: true,
  async handle({ RoleName, Tags }, { store, accountId }) {
    await setTags(store, { accountId, kind: "role", name: RoleName }, sentTags(Tags));
    return {};
  },
});

/**
 * Takes tags from a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html
 */
export const UntagRole: Operation<"UntagRole"> = iamOperation({
  name: "UntagRole",
  on: roleArn,
  async handle({ RoleName, TagKeys }, { store, accountId }) {
    await removeTags(store, { accountId, kind: "role", name: RoleName }, TagKeys);
    return {};
  },
});

/**
 * Lists the tags of a role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html
 */
export const ListRoleTags: Operation<"ListRoleTags"> = iamOperation({
  name: "ListRoleTags",
  on: roleArn,
  async handle({ RoleName, ...page }, { store, accountId }) {
    const found = await listTagsOf(store, { accountId, kind: "role", name: RoleName }, pageOf(page));
    return { Tags: shownTags(found.items), ...endOf(found) };
  },
});
