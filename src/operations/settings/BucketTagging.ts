import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's tags. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
 */
export const GetBucketTagging: Operation<"GetBucketTagging"> = refusalOfNewBucket(
  "GetBucketTagging",
  "s3:GetBucketTagging",
  (bucket) => new S3Error("NoSuchTagSet", without(bucket, "tags")),
);

/**
 * Deletes a bucket's tags. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
 */
export const DeleteBucketTagging: Operation<"DeleteBucketTagging"> = answerOfNewBucket(
  "DeleteBucketTagging",
  "s3:PutBucketTagging",
  {},
);
