import { deletePermissions } from "./permissions.ts";
import { deleteObject } from "../../store/objects/objects.ts";
import { checkKeyLength } from "./keyLength.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { refuseUnbuilt } from "../headers/unbuilt.ts";
import { checkVersionId } from "./versionIds.ts";
import { refuseConditionOnVersion } from "./writeConditions.ts";
import { NULL_VERSION_ID } from "../../store/objects/versionIds.ts";
import { checkBypass } from "../headers/lockHeaders.ts";
import { hasSecondFactor } from "../headers/mfaHeader.ts";

/**
 * Removes an object, of which versions stay where the bucket has versioning, or one version for good; what is not there is removed already.
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
    checkBypass(input.BypassGovernanceRetention, context.bucket);
    const deletion = {
      key: input.Key,
      versionId: input.VersionId,
      ifMatch: input.IfMatch,
      bypassesGovernance: input.BypassGovernanceRetention === true,
      hasSecondFactor: await hasSecondFactor(input.MFA, context),
    };
    const { gone, marker } = await deleteObject(context.store, context.bucket, deletion, context.nowMs);
    if (gone !== undefined) context.logObjectSize(gone.sizeBytes);
    if (marker !== undefined) return { output: { DeleteMarker: true, VersionId: marker.versionId ?? NULL_VERSION_ID } };
    return { output: { DeleteMarker: gone?.isDeleteMarker === true ? true : undefined, VersionId: input.VersionId } };
  },
});
