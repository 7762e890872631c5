import { on } from "../../access/Permission.ts";
import { arnOf } from "./addresses.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Says whether a bucket exists and may be used, and in which region it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const HeadBucket: Operation<"HeadBucket"> = operation({
  name: "HeadBucket",
  permissions: on.bucket("s3:ListBucket"),
  resource: "bucket",
  refusalTellsRegion: true,
  async handle(_input, context) {
    const { name, region } = context.bucket;
    return {
      output: { BucketArn: arnOf(name), BucketRegion: region, AccessPointAlias: false },
      // S3 says so of a document that a HEAD never has.
      headers: { "Content-Type": "application/xml" },
    };
  },
});
