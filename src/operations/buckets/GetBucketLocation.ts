import { on } from "../../access/Permission.ts";
import { CLASSIC_REGION } from "../../store/buckets/buckets.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * The region of a bucket as its location constraint, which buckets of us-east-1 do not have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export const GetBucketLocation: Operation<"GetBucketLocation"> = operation({
  name: "GetBucketLocation",
  permissions: on.bucket("s3:GetBucketLocation"),
  resource: "bucket",
  toldEverywhere: true,
  async handle(_input, context) {
    const { region } = context.bucket;
    return { output: { LocationConstraint: region === CLASSIC_REGION ? undefined : region } };
  },
});
