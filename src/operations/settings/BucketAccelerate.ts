import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { putSetting } from "../../store/buckets/settings.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { ACCELERATION_KIND, checkAccelerableName, readAcceleration } from "./acceleration.ts";

/**
 * Shows whether transfer acceleration is on: of a bucket that never had it, a document without a Status.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
 */
export const GetBucketAccelerateConfiguration: Operation<"GetBucketAccelerateConfiguration"> = operation({
  name: "GetBucketAccelerateConfiguration",
  permissions: on.bucket("s3:GetAccelerateConfiguration"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    return { output: { Status: await readAcceleration(store, bucket) } };
  },
});

/**
 * Says whether requests for a bucket may come by the accelerated host names.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
 */
export const PutBucketAccelerateConfiguration: Operation<"PutBucketAccelerateConfiguration"> = operation({
  name: "PutBucketAccelerateConfiguration",
  permissions: on.bucket("s3:PutAccelerateConfiguration"),
  resource: "bucket",
  async handle({ AccelerateConfiguration: { Status } }, { store, bucket }) {
    checkAccelerableName(bucket.name);
    if (Status === undefined) {
      throw new S3Error("MalformedXML", { explanation: "AccelerateConfiguration has no Status: send Enabled or Suspended." });
    }
    await putSetting(store, bucket, ACCELERATION_KIND, Status);
    return { output: {} };
  },
});
