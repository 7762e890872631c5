import { listTagsOf, removeTags, setTags } from "../../store/accounts/identityTags.ts";
import type { Operation } from "../Operation.ts";
import { userArn } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf, sentTags, shownTags } from "./shownIdentities.ts";

/**
 * Sets tags of a user; its other tags stay.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
 */
export const TagUser: Operation<"TagUser"> = iamOperation({
  name: "TagUser",
  on: userArn,
  givesTags: true,
  async handle({ UserName, Tags }, { store, accountId }) {
    await setTags(store, { accountId, kind: "user", name: UserName }, sentTags(Tags));
    return {};
  },
});

/**
 * Takes tags from a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html
 */
export const UntagUser: Operation<"UntagUser"> = iamOperation({
  name: "UntagUser",
  on: userArn,
  async handle({ UserName, TagKeys }, { store, accountId }) {
    await removeTags(store, { accountId, kind: "user", name: UserName }, TagKeys);
    return {};
  },
});

/**
 * Lists the tags of a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html
 */
export const ListUserTags: Operation<"ListUserTags"> = iamOperation({
  name: "ListUserTags",
  on: userArn,
  async handle({ UserName, ...page }, { store, accountId }) {
    const found = await listTagsOf(store, { accountId, kind: "user", name: UserName }, pageOf(page));
    return { Tags: shownTags(found.items), ...endOf(found) };
  },
});
