import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows whether transfer acceleration is on: of a bucket that never had it, a document without a Status.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
 */
export const GetBucketAccelerateConfiguration: Operation<"GetBucketAccelerateConfiguration"> = answerOfNewBucket(
  "GetBucketAccelerateConfiguration",
  "s3:GetAccelerateConfiguration",
  {},
);
