import { S3Error } from "../../errors/S3Error.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

function noPolicy(bucket: BucketRecord): S3Error {
  return new S3Error("NoSuchBucketPolicy", without(bucket, "policy"));
}

/**
 * Shows a bucket's policy. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
export const GetBucketPolicy: Operation<"GetBucketPolicy"> = refusalOfNewBucket(
  "GetBucketPolicy",
  "s3:GetBucketPolicy",
  noPolicy,
);

/**
 * Shows whether a bucket's policy makes it public. It has none, and S3 says so here too.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
 */
export const GetBucketPolicyStatus: Operation<"GetBucketPolicyStatus"> = refusalOfNewBucket(
  "GetBucketPolicyStatus",
  "s3:GetBucketPolicyStatus",
  noPolicy,
);

/**
 * Deletes a bucket's policy. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
 */
export const DeleteBucketPolicy: Operation<"DeleteBucketPolicy"> = answerOfNewBucket(
  "DeleteBucketPolicy",
  "s3:DeleteBucketPolicy",
  {},
);
