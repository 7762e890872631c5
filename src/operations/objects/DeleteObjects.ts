import { listedDeleteActions, listedDeletePermissions } from "./permissions.ts";
import type {
  DeletedObject,
  DeleteObjectsRequest,
  Error as FailedDeletion,
  ObjectIdentifier,
} from "../../protocol/generated/types.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { deleteObjects } from "../../store/objects/objects.ts";
import { checkKeyLength } from "./keyLength.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";
import { notImplemented, refuseUnbuilt } from "../headers/unbuilt.ts";
import { namesNullVersion, noSuchVersion } from "./versionIds.ts";
import { refuseConditionOnVersion } from "./writeConditions.ts";

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
    const bucket = context.bucket;
    const objects = input.Delete.Objects;
    const refusals: (S3Error | undefined)[] = [];
    for (const object of objects) {
      const actions = listedDeleteActions(object.VersionId, input.BypassGovernanceRetention);
      refusals.push(await refusalOf(object, actions, context));
    }
    const due = [...objects.keys()].filter((index) => refusals[index] === undefined);
    const outcomes = await deleteObjects(
      context.store,
      bucket,
      due.map((index) => ({ key: objects[index]!.Key, ifMatch: objects[index]!.ETag })),
    );
    for (const [position, index] of due.entries()) refusals[index] = outcomes[position];
    const Deleted: DeletedObject[] = [];
    const Errors: FailedDeletion[] = [];
    for (const [index, { Key, VersionId }] of objects.entries()) {
      const refusal = refusals[index];
      if (refusal !== undefined) Errors.push({ Key, VersionId, Code: refusal.code, Message: refusal.message });
      else if (input.Delete.Quiet !== true) Deleted.push({ Key, VersionId });
    }
    return { output: { Deleted, Errors } };
  },
});

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
      const asked = context.require({ action, bucket: context.bucket, key: object.Key });
      if (asked instanceof Promise) await asked;
    }
    checkKeyLength(object.Key);
    refuseConditionOnVersion(object.ETag, object.VersionId);
    if (!namesNullVersion(object.VersionId)) throw noSuchVersion(object.Key, object.VersionId);
    if (object.LastModifiedTime !== undefined) throw notImplemented("LastModifiedTime", "Deleting by time of last modification");
    if (object.Size !== undefined) throw notImplemented("Size", "Deleting by size");
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
