import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { ownerAcl } from "./ownerAcl.ts";

/**
 * Shows who may do what with a bucket by its ACL: its owner everything, and nobody else anything.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
 */
export const GetBucketAcl: Operation<"GetBucketAcl"> = operation({
  name: "GetBucketAcl",
  permissions: on.bucket("s3:GetBucketAcl"),
  resource: "bucket",
  async handle(_input, context) {
    return { output: ownerAcl(context.bucket) };
  },
});
