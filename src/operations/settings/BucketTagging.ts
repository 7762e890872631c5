import { S3Error } from "../../errors/S3Error.ts";
import { tagsInSet } from "../headers/tags.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { BUCKET_TAGGING_KIND } from "../../access/bucketTags.ts";
import { shownBucketTags } from "./bucketTags.ts";

const tagging = bucketSetting<"GetBucketTagging">({ kind: BUCKET_TAGGING_KIND, name: "tags", put: "PutBucketTagging" });

/**
 * Shows a bucket's tags.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
 */
export const GetBucketTagging: Operation<"GetBucketTagging"> = tagging.get(
  "GetBucketTagging",
  "s3:GetBucketTagging",
  (options) => new S3Error("NoSuchTagSet", options),
);

/**
 * Gives a bucket tags, in place of those it has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
 */
export const PutBucketTagging: Operation<"PutBucketTagging"> = tagging.put(
  "PutBucketTagging",
  "s3:PutBucketTagging",
  ({ Tagging: { TagSet } }) => shownBucketTags(TagSet),
  { tags: ({ Tagging: { TagSet } }) => tagsInSet(TagSet) },
);

/**
 * Deletes a bucket's tags. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
 */
export const DeleteBucketTagging: Operation<"DeleteBucketTagging"> = tagging.delete("DeleteBucketTagging", "s3:PutBucketTagging");
