import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";

const tagging = bucketSetting<"GetBucketTagging">({ kind: "tagging", name: "tags" });

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
 * Deletes a bucket's tags. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
 */
export const DeleteBucketTagging: Operation<"DeleteBucketTagging"> = tagging.delete("DeleteBucketTagging", "s3:PutBucketTagging");
