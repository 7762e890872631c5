import type { Operation } from "./Operation.ts";
import { operation } from "./Operation.ts";

/**
 * Says whether a bucket exists and may be used, and in which region it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const HeadBucket: Operation<"HeadBucket"> = operation({
  name: "HeadBucket",
  action: "s3:ListBucket",
  resource: "bucket",
  async handle(_input, context) {
    return { output: { BucketRegion: context.bucket!.region, AccessPointAlias: false } };
  },
});
