import type { IdentityTag } from "../records/identityFields.ts";
import { put } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import type { IdentityKind, IdentityName, IdentityRecords } from "./identities.ts";
import { changeIdentity, knownIdentity, rowOf } from "./identities.ts";
import { checkTags } from "./identityForms.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { pageOfList } from "./pages.ts";
import { MAX_TAGS } from "./quotas.ts";

/** What has tags; a managed policy is named by its name, and not by its ARN. */
export type Tagged = IdentityName<Exclude<IdentityKind, "group">>;

type TaggedRecord = IdentityRecords[Tagged["kind"]];

/**
 * Sets tags; others stay. Keys are the same in any case, and keep the one that came last. Throws `IdentityError`: NoSuchEntity,
 * LimitExceeded, InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
 */
export async function setTags(store: Store, tagged: Tagged, tags: readonly IdentityTag[]): Promise<void> {
  checkTags(tags);
  await changeTags(store, tagged, (before) => {
    const after = [
      ...without(
        before,
        tags.map(([key]) => key),
      ),
      ...tags,
    ];
    if (after.length > MAX_TAGS) throw new IdentityError("LimitExceeded", "The number of tags has reached the maximum limit.");
    return after;
  });
}

/** Takes tags away; those that are not there are none. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function removeTags(store: Store, tagged: Tagged, keys: readonly string[]): Promise<void> {
  await changeTags(store, tagged, (before) => without(before, keys));
}

function without(tags: readonly IdentityTag[], keys: readonly string[]): readonly IdentityTag[] {
  const folded = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter(([key]) => !folded.has(key.toLowerCase()));
}

async function changeTags(
  store: Store,
  tagged: Tagged,
  change: (before: readonly IdentityTag[]) => readonly IdentityTag[],
): Promise<void> {
  await changeIdentity(
    store,
    tagged,
    ({ tags }) => change(tags),
    (record, tags) => {
      const row = rowOf<Tagged["kind"]>(tagged.kind, tagged.accountId, record.name);
      return { changes: [put(row, { ...record, tags })], result: undefined };
    },
  );
}

/** Tags, by key. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function listTagsOf(
  store: Store,
  { kind, accountId, name }: Tagged,
  page: PageRequest = {},
): Promise<IdentityPage<IdentityTag>> {
  const { tags }: TaggedRecord = await knownIdentity(store, kind, accountId, name);
  return pageOfList(tags, page, ([key]) => key.toLowerCase());
}
