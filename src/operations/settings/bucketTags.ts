import type { GetBucketTaggingOutput, Tag } from "../../protocol/generated/types.ts";
import { BUCKET_TAGS, tagsOf } from "../headers/tags.ts";

/** Tags of a bucket as they are shown. Throws BadRequest and InvalidTag. */
export function shownBucketTags(TagSet: readonly Tag[]): GetBucketTaggingOutput {
  return { TagSet: tagsOf(TagSet, BUCKET_TAGS).map(([Key, Value]) => ({ Key, Value })) };
}
