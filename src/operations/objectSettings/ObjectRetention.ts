import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { bucketWithoutObjectLock } from "../headers/unbuilt.ts";
import { checkVersionId } from "../objects/versionIds.ts";

/**
 * Shows how long an object is kept from being deleted. No bucket of this store has Object Lock, which S3 looks at before the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
 */
export const GetObjectRetention: Operation<"GetObjectRetention"> = operation({
  name: "GetObjectRetention",
  permissions: on.object("s3:GetObjectRetention"),
  resource: "object",
  async handle(input) {
    checkVersionId(input.VersionId);
    throw bucketWithoutObjectLock();
  },
});
