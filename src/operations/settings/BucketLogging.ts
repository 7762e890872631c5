import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows where a bucket's access is logged: nowhere, which is a document without LoggingEnabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
 */
export const GetBucketLogging: Operation<"GetBucketLogging"> = answerOfNewBucket("GetBucketLogging", "s3:GetBucketLogging", {});
