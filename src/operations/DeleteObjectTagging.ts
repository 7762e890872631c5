import { presentObject } from "./objectReads.ts";
import type { Operation } from "./Operation.ts";
import { operation } from "./Operation.ts";
import { checkVersionId } from "./versionIds.ts";

/**
 * Deletes an object's tags. Tags cannot be set in this store yet, and a request that tries is refused: so no object has any, and nothing
 * changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
 */
export const DeleteObjectTagging: Operation<"DeleteObjectTagging"> = operation({
  name: "DeleteObjectTagging",
  action: "s3:DeleteObjectTagging",
  resource: "object",
  async handle(input, context) {
    const bucket = context.bucket!;
    checkVersionId(input.VersionId);
    // As where tags are read, S3 shows the bucket with the key that is missing.
    await presentObject(context, bucket, input.Key, `${bucket.name}/${input.Key}`);
    return { output: {} };
  },
});
