import { on } from "../../access/Permission.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";
import { OBJECT_TAGS, tagsInSet, tagsOf } from "../headers/tags.ts";
import { byVersion } from "../objects/permissions.ts";
import type { NamedObject } from "../objects/presentVersion.ts";
import { presentObject } from "../objects/presentVersion.ts";
import { checkVersionId } from "../objects/versionIds.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";
import { describeObject } from "./describeObject.ts";

/**
 * Shows an object's tags; there may be none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
 */
export const GetObjectTagging: Operation<"GetObjectTagging"> = operation({
  name: "GetObjectTagging",
  permissions: byVersion(on.object("s3:GetObjectTagging"), on.object("s3:GetObjectVersionTagging")),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    const object = await presentObject(context, context.bucket, input, shownKey(input, context));
    const TagSet = object.tags.map(([Key, Value]) => ({ Key, Value }));
    return { output: { VersionId: shownVersionId(context.bucket, object), TagSet } };
  },
});

/**
 * Gives an object tags, in place of those it has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export const PutObjectTagging: Operation<"PutObjectTagging"> = operation({
  name: "PutObjectTagging",
  permissions: byVersion(on.object("s3:PutObjectTagging"), on.object("s3:PutObjectVersionTagging")),
  documentFacts: { objectTags: ({ Tagging }) => tagsInSet(Tagging.TagSet) },
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    const tags = tagsOf(input.Tagging.TagSet, OBJECT_TAGS);
    const object = await describeObject(context, input, (version) => ({ ...version, tags }), shownKey(input, context));
    return { output: { VersionId: shownVersionId(context.bucket, object) } };
  },
});

/**
 * Deletes an object's tags.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
 */
export const DeleteObjectTagging: Operation<"DeleteObjectTagging"> = operation({
  name: "DeleteObjectTagging",
  permissions: byVersion(on.object("s3:DeleteObjectTagging"), on.object("s3:DeleteObjectVersionTagging")),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    const object = await describeObject(context, input, (version) => ({ ...version, tags: [] }), shownKey(input, context));
    return { output: { VersionId: shownVersionId(context.bucket, object) } };
  },
});

/** Where tags are asked for, S3 shows the bucket with the key that is missing. */
function shownKey({ Key }: NamedObject, { bucket }: BucketContext): string {
  return `${bucket.name}/${Key}`;
}
