import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";

const replication = bucketSetting<"GetBucketReplication">({ kind: "replication", name: "replication rules" });

/**
 * Shows a bucket's replication rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
 */
export const GetBucketReplication: Operation<"GetBucketReplication"> = replication.get(
  "GetBucketReplication",
  "s3:GetReplicationConfiguration",
  (options) => new S3Error("ReplicationConfigurationNotFoundError", options),
);

/**
 * Deletes a bucket's replication rules. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
 */
export const DeleteBucketReplication: Operation<"DeleteBucketReplication"> = replication.delete(
  "DeleteBucketReplication",
  "s3:PutReplicationConfiguration",
);
