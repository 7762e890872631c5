import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's lifecycle rules. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 */
export const GetBucketLifecycleConfiguration: Operation<"GetBucketLifecycleConfiguration"> = refusalOfNewBucket(
  "GetBucketLifecycleConfiguration",
  "s3:GetLifecycleConfiguration",
  (bucket) => new S3Error("NoSuchLifecycleConfiguration", without(bucket, "lifecycle rules")),
);

/**
 * Deletes a bucket's lifecycle rules. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
 */
export const DeleteBucketLifecycle: Operation<"DeleteBucketLifecycle"> = answerOfNewBucket(
  "DeleteBucketLifecycle",
  "s3:PutLifecycleConfiguration",
  {},
);
