import { on } from "../../access/Permission.ts";
import { byVersion } from "../objects/permissions.ts";
import { presentObject } from "../objects/objectReads.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkVersionId } from "../objects/versionIds.ts";

/**
 * Shows an object's tags. Tags cannot be set in this store yet, and a request that tries is refused: so every object has none, and says so.
 * Clients ask before they copy objects of several parts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
 */
export const GetObjectTagging: Operation<"GetObjectTagging"> = operation({
  name: "GetObjectTagging",
  permissions: byVersion(on.object("s3:GetObjectTagging"), on.object("s3:GetObjectVersionTagging")),
  resource: "object",
  async handle(input, context) {
    const bucket = context.bucket;
    checkVersionId(input.VersionId);
    // Here S3 shows the bucket with the key that is missing.
    await presentObject(context, bucket, input.Key, `${bucket.name}/${input.Key}`);
    return { output: { TagSet: [] } };
  },
});

/**
 * Deletes an object's tags. Tags cannot be set in this store yet, and a request that tries is refused: so no object has any, and nothing
 * changes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
 */
export const DeleteObjectTagging: Operation<"DeleteObjectTagging"> = operation({
  name: "DeleteObjectTagging",
  permissions: byVersion(on.object("s3:DeleteObjectTagging"), on.object("s3:DeleteObjectVersionTagging")),
  resource: "object",
  async handle(input, context) {
    const bucket = context.bucket;
    checkVersionId(input.VersionId);
    // As where tags are read, S3 shows the bucket with the key that is missing.
    await presentObject(context, bucket, input.Key, `${bucket.name}/${input.Key}`);
    return { output: {} };
  },
});
