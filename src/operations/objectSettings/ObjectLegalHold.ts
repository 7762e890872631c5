import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { bucketWithoutObjectLock } from "../headers/unbuilt.ts";
import { checkVersionId } from "../objects/versionIds.ts";

/**
 * Shows whether an object is held back from being deleted. No bucket of this store has Object Lock, which S3 looks at before the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
 */
export const GetObjectLegalHold: Operation<"GetObjectLegalHold"> = operation({
  name: "GetObjectLegalHold",
  permissions: on.object("s3:GetObjectLegalHold"),
  resource: "object",
  async handle(input) {
    checkVersionId(input.VersionId);
    throw bucketWithoutObjectLock();
  },
});
