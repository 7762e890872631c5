import { on } from "../../access/Permission.ts";
import { deleteBucket } from "../../store/buckets/buckets.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Deletes a bucket that holds no objects.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
 */
export const DeleteBucket: Operation<"DeleteBucket"> = operation({
  name: "DeleteBucket",
  permissions: on.bucket("s3:DeleteBucket"),
  resource: "bucket",
  neverAccelerated: true,
  async handle(_input, context) {
    await deleteBucket(context.store, context.bucket);
    return { output: {} };
  },
});
