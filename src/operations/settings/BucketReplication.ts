import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { answerOfNewBucket, refusalOfNewBucket, without } from "./newBucket.ts";

/**
 * Shows a bucket's replication rules. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
 */
export const GetBucketReplication: Operation<"GetBucketReplication"> = refusalOfNewBucket(
  "GetBucketReplication",
  "s3:GetReplicationConfiguration",
  (bucket) => new S3Error("ReplicationConfigurationNotFoundError", without(bucket, "replication rules")),
);

/**
 * Deletes a bucket's replication rules. It has none, so nothing changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
 */
export const DeleteBucketReplication: Operation<"DeleteBucketReplication"> = answerOfNewBucket(
  "DeleteBucketReplication",
  "s3:PutReplicationConfiguration",
  {},
);
