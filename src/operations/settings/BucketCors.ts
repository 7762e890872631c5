import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's CORS rules. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
 */
export const GetBucketCors: Operation<"GetBucketCors"> = refusalOfNewBucket(
  "GetBucketCors",
  "s3:GetBucketCORS",
  (bucket) => new S3Error("NoSuchCORSConfiguration", without(bucket, "CORS rules")),
);

/**
 * Deletes a bucket's CORS rules. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
 */
export const DeleteBucketCors: Operation<"DeleteBucketCors"> = answerOfNewBucket("DeleteBucketCors", "s3:PutBucketCORS", {});
