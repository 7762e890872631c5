import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows who pays for requests: the owner of the bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
 */
export const GetBucketRequestPayment: Operation<"GetBucketRequestPayment"> = answerOfNewBucket(
  "GetBucketRequestPayment",
  "s3:GetBucketRequestPayment",
  { Payer: "BucketOwner" },
);
