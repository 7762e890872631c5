import type { Operation } from "./Operation.ts";
import { operation } from "./Operation.ts";

/**
 * Shows whether a bucket keeps versions. Versioning cannot be turned on in this store yet, and a request that tries is refused: so the answer
 * is S3's for a bucket that never had it, a document without a Status.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
 */
export const GetBucketVersioning: Operation<"GetBucketVersioning"> = operation({
  name: "GetBucketVersioning",
  action: "s3:GetBucketVersioning",
  resource: "bucket",
  async handle() {
    return { output: {} };
  },
});
