import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { refusalOfNewBucket, without } from "./newBucket.ts";

const POLICY = { kind: "policy", name: "policy" };

const policy = bucketSetting<"GetBucketPolicy">(POLICY);

/**
 * Shows a bucket's policy.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
export const GetBucketPolicy: Operation<"GetBucketPolicy"> = policy.get(
  "GetBucketPolicy",
  "s3:GetBucketPolicy",
  (options) => new S3Error("NoSuchBucketPolicy", options),
);

/**
 * Shows whether a bucket's policy makes it public. It has none, and S3 says so here too.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
 */
export const GetBucketPolicyStatus: Operation<"GetBucketPolicyStatus"> = refusalOfNewBucket(
  "GetBucketPolicyStatus",
  "s3:GetBucketPolicyStatus",
  (bucket) => new S3Error("NoSuchBucketPolicy", without(bucket, POLICY.name)),
);

/**
 * Deletes a bucket's policy. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
 */
export const DeleteBucketPolicy: Operation<"DeleteBucketPolicy"> = policy.delete("DeleteBucketPolicy", "s3:DeleteBucketPolicy");
