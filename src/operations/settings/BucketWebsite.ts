import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's website settings. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
 */
export const GetBucketWebsite: Operation<"GetBucketWebsite"> = refusalOfNewBucket(
  "GetBucketWebsite",
  "s3:GetBucketWebsite",
  (bucket) => new S3Error("NoSuchWebsiteConfiguration", without(bucket, "website settings")),
);

/**
 * Deletes a bucket's website settings. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
 */
export const DeleteBucketWebsite: Operation<"DeleteBucketWebsite"> = answerOfNewBucket(
  "DeleteBucketWebsite",
  "s3:DeleteBucketWebsite",
  {},
);
