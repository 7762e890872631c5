import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";

const lifecycle = bucketSetting<"GetBucketLifecycleConfiguration">({ kind: "lifecycle", name: "lifecycle rules" });

/**
 * Shows a bucket's lifecycle rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 */
export const GetBucketLifecycleConfiguration: Operation<"GetBucketLifecycleConfiguration"> = lifecycle.get(
  "GetBucketLifecycleConfiguration",
  "s3:GetLifecycleConfiguration",
  (options) => new S3Error("NoSuchLifecycleConfiguration", options),
);

/**
 * Deletes a bucket's lifecycle rules. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
 */
export const DeleteBucketLifecycle: Operation<"DeleteBucketLifecycle"> = lifecycle.delete(
  "DeleteBucketLifecycle",
  "s3:PutLifecycleConfiguration",
);
