import { deletePermissions } from "./permissions.ts";
import { deleteObject } from "../../store/objects/objects.ts";
import { checkKeyLength } from "./keyLength.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { refuseUnbuilt } from "../headers/unbuilt.ts";
import { checkVersionId } from "./versionIds.ts";
import { refuseConditionOnVersion } from "./writeConditions.ts";

/**
 * Removes an object; one that is not there is removed already.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export const DeleteObject: Operation<"DeleteObject"> = operation({
  name: "DeleteObject",
  permissions: deletePermissions,
  resource: "object",
  async handle(input, context) {
    checkKeyLength(input.Key);
    refuseConditionOnVersion(input.IfMatch, input.VersionId);
    checkVersionId(input.VersionId);
    refuseUnbuilt(input, context);
    await deleteObject(context.store, context.bucket, { key: input.Key, ifMatch: input.IfMatch });
    return { output: { VersionId: input.VersionId } };
  },
});
