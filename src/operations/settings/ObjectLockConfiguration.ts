import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows how Object Lock is set up for a bucket. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
 */
export const GetObjectLockConfiguration: Operation<"GetObjectLockConfiguration"> = refusalOfNewBucket(
  "GetObjectLockConfiguration",
  "s3:GetBucketObjectLockConfiguration",
  (bucket) => new S3Error("ObjectLockConfigurationNotFoundError", without(bucket, "Object Lock")),
);
