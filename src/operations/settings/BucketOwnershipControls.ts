import type { Operation } from "../Operation.ts";
import { answerOfNewBucket } from "./newBucket.ts";

/**
 * Shows who owns the objects of a bucket: its owner, by S3's default since April 2023, under which ACLs are disabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
 */
export const GetBucketOwnershipControls: Operation<"GetBucketOwnershipControls"> = answerOfNewBucket(
  "GetBucketOwnershipControls",
  "s3:GetBucketOwnershipControls",
  { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
);
