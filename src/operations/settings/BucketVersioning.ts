import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows whether a bucket keeps versions: of one that never had versioning, a document without a Status.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
 */
export const GetBucketVersioning: Operation<"GetBucketVersioning"> = answerOfNewBucket(
  "GetBucketVersioning",
  "s3:GetBucketVersioning",
  {},
);
