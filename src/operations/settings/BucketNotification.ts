import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows who is notified of a bucket's events: nobody, which is an empty document.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
 */
export const GetBucketNotificationConfiguration: Operation<"GetBucketNotificationConfiguration"> = answerOfNewBucket(
  "GetBucketNotificationConfiguration",
  "s3:GetBucketNotification",
  {},
);
