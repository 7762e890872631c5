import { listedDeleteActions, listedDeletePermissions } from "./permissions.ts";
import type {
  DeletedObject,
  DeleteObjectsRequest,
  Error as FailedDeletion,
  ObjectIdentifier,
} from "../../protocol/generated/types.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Deleted } from "../../store/objects/objects.ts";
import { deleteObjects } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import { checkKeyLength } from "./keyLength.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext, LoggedBeside } from "../RequestContext.ts";
import { notImplemented, refuseUnbuilt } from "../headers/unbuilt.ts";
import { noSuchVersion } from "./versionIds.ts";
import { refuseConditionOnVersion } from "./writeConditions.ts";
import { isVersionId, NULL_VERSION_ID } from "../../store/objects/versionIds.ts";
import { checkBypass } from "../headers/lockHeaders.ts";
import { hasSecondFactor } from "../headers/mfaHeader.ts";

/** Most objects one request may name. */
const MAX_OBJECTS_PER_DELETE = 1000;

/**
 * Removes up to 1,000 objects in one commit and reports on each.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export const DeleteObjects: Operation<"DeleteObjects"> = operation({
  name: "DeleteObjects",
  permissions: listedDeletePermissions,
  resource: "bucket",
  checkUnverified: checkList,
  async handle(input, context) {
    checkList(input);
    refuseUnbuilt(input, context);
    checkBypass(input.BypassGovernanceRetention, context.bucket);
    const bucket = context.bucket;
    const objects = input.Delete.Objects;
    const outcomes: (S3Error | Deleted | undefined)[] = [];
    for (const object of objects) {
      const actions = listedDeleteActions(object.VersionId, input.BypassGovernanceRetention);
      outcomes.push(await refusalOf(object, actions, context));
    }
    const mfa = await hasSecondFactor(input.MFA, context);
    const due = [...objects.keys()].filter((index) => outcomes[index] === undefined);
    const deletions = due.map((index) => {
      const { Key: key, VersionId: versionId, ETag: ifMatch } = objects[index]!;
      const bypassesGovernance = input.BypassGovernanceRetention === true;
      return { key, versionId, ifMatch, bypassesGovernance, hasSecondFactor: mfa };
    });
    const done = await deleteObjects(context.store, bucket, deletions, context.nowMs);
    for (const [position, index] of due.entries()) outcomes[index] = done[position];
    context.logBeside(() => objects.map((object, index) => loggedDeletion(bucket, object, outcomes[index]!)));
    const deleted: DeletedObject[] = [];
    const failed: FailedDeletion[] = [];
    for (const [index, { Key, VersionId }] of objects.entries()) {
      const outcome = outcomes[index]!;
      if (outcome instanceof S3Error) failed.push({ Key, VersionId, Code: outcome.code, Message: outcome.message });
      else if (input.Delete.Quiet !== true) deleted.push(deletedObject(Key, VersionId, outcome));
    }
    return { output: { Deleted: deleted, Errors: failed } };
  },
});

/** How a deletion is reported: the marker that came, or that is gone, is named besides. */
function deletedObject(Key: string, VersionId: string | undefined, { gone, marker }: Deleted): DeletedObject {
  if (marker !== undefined) return { Key, DeleteMarker: true, DeleteMarkerVersionId: marker.versionId ?? NULL_VERSION_ID };
  if (gone?.isDeleteMarker !== true) return { Key, VersionId };
  return { Key, VersionId, DeleteMarker: true, DeleteMarkerVersionId: VersionId };
}

/** The line of one object in the access log of its bucket. */
function loggedDeletion(bucket: BucketRecord, { Key, VersionId }: ObjectIdentifier, outcome: S3Error | Deleted): LoggedBeside {
  const line = { operation: "BATCH.DELETE.OBJECT", bucket, key: Key, versionId: VersionId } as const;
  if (outcome instanceof S3Error) return { ...line, status: outcome.status, errorCode: outcome.code };
  return { ...line, status: 204, objectSizeBytes: outcome.gone?.sizeBytes };
}

/** Checks the request as a whole. Throws MalformedXML and InvalidRequest. */
function checkList(input: DeleteObjectsRequest): void {
  const { Objects } = input.Delete;
  if (Objects.length === 0 || Objects.length > MAX_OBJECTS_PER_DELETE) {
    throw new S3Error("MalformedXML", {
      explanation: `Delete lists ${Objects.length} objects; 1 to ${MAX_OBJECTS_PER_DELETE} are possible in one request.`,
    });
  }
  const empty = Objects.findIndex(({ Key }) => Key === "");
  if (empty === -1) return;
  throw new S3Error("InvalidRequest", {
    message: "Object must have a valid key name.",
    explanation: `Object ${empty + 1} of the list has an empty Key; nothing was deleted.`,
  });
}

/** Why one object of the list cannot be deleted, as far as that is known without looking at it. */
async function refusalOf(
  object: ObjectIdentifier,
  actions: readonly string[],
  context: BucketContext,
): Promise<S3Error | undefined> {
  try {
    for (const action of actions) {
      const asked = context.require({ action, bucket: context.bucket, key: object.Key, versionId: object.VersionId });
      if (asked instanceof Promise) await asked;
    }
    checkKeyLength(object.Key);
    refuseConditionOnVersion(object.ETag, object.VersionId);
    if (object.VersionId !== undefined && !isVersionId(object.VersionId)) throw noSuchVersion(object.Key, object.VersionId);
    if (object.LastModifiedTime !== undefined) throw notImplemented("LastModifiedTime", "Deleting by time of last modification");
    if (object.Size !== undefined) throw notImplemented("Size", "Deleting by size");
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
