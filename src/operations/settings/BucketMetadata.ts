import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's metadata tables. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html
 */
export const GetBucketMetadataConfiguration: Operation<"GetBucketMetadataConfiguration"> = refusalOfNewBucket(
  "GetBucketMetadataConfiguration",
  "s3:GetBucketMetadataTableConfiguration",
  (bucket) => new S3Error("MetadataConfigurationNotFound", without(bucket, "metadata tables")),
);
