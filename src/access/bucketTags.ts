import { readSetting } from "../store/buckets/settings.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Tag } from "../store/records/ObjectRecord.ts";
import { allHere, whenHere } from "../store/soon.ts";
import type { Store } from "../store/Store.ts";

/** The word that a bucket's tags are stored under, for ever: the document is what GetBucketTagging answers. */
export const BUCKET_TAGGING_KIND = "tagging";

/** The word under which it is stored whether policies may ask for a bucket's tags, for ever: "Enabled" or "Disabled". */
export const BUCKET_ABAC_KIND = "abac";

/** What is stored of tags. */
interface StoredTags {
  readonly TagSet: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The tags of a bucket that policies may ask for; `undefined` where ABAC is not enabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
export function findAskedTags(store: Store, bucket: BucketRecord): Soon<readonly Tag[] | undefined> {
  const both = allHere([readSetting(store, bucket, BUCKET_ABAC_KIND), readSetting(store, bucket, BUCKET_TAGGING_KIND)]);
  return whenHere(both, ([abac, tagging]) => {
    if (abac !== "Enabled") return undefined;
    return tagging === undefined ? [] : (JSON.parse(tagging) as StoredTags).TagSet.map(({ Key, Value }): Tag => [Key, Value]);
  });
}
