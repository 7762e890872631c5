import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows what keeps the public out of a bucket: everything, by S3's default since April 2023.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
 */
export const GetPublicAccessBlock: Operation<"GetPublicAccessBlock"> = answerOfNewBucket(
  "GetPublicAccessBlock",
  "s3:GetBucketPublicAccessBlock",
  {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  },
);
