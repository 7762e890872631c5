import { on } from "../../access/Permission.ts";
import { byVersion } from "../objects/permissions.ts";
import { presentObject } from "../objects/objectReads.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { ownerAcl } from "../settings/ownerAcl.ts";
import { checkVersionId } from "../objects/versionIds.ts";

/**
 * Shows who may do what with an object by its ACL: the bucket's owner everything, and nobody else anything.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
 */
export const GetObjectAcl: Operation<"GetObjectAcl"> = operation({
  name: "GetObjectAcl",
  permissions: byVersion(on.object("s3:GetObjectAcl"), on.object("s3:GetObjectVersionAcl")),
  resource: "object",
  async handle(input, context) {
    const bucket = context.bucket;
    checkVersionId(input.VersionId);
    await presentObject(context, bucket, input.Key);
    return { output: ownerAcl(bucket) };
  },
});
