import type { ArnPermission, PermissionResource, Permissions } from "../../access/Permission.ts";
import { on, permissionsFor } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { checkExpectedOwner } from "../../operations/headers/expectedOwner.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import { routes } from "../../protocol/generated/routes.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import { checkBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket, noSuchBucket } from "../../store/buckets/buckets.ts";
import { checkAcceleration } from "./acceleration.ts";
import type { RequestLife } from "./RequestLife.ts";
import { bucketElsewhere } from "./requestRegion.ts";

const EXPECTED_OWNER = "x-amz-expected-bucket-owner";

/**
 * Finds the bucket and asks whether the caller may, as far as that is about what the request addresses. Throws NoSuchBucket,
 * PermanentRedirect, IllegalLocationConstraintException, AccessDenied and what is wrong with the expected owner.
 */
export async function authorise(life: RequestLife, name: AnyOperationName, operation: AnyOperation | undefined): Promise<void> {
  const { bucket: bucketName, key } = life.request.address;
  if (bucketName !== undefined && operation?.resource !== "service") {
    checkBucketName(bucketName);
    const found = findBucket(life.store, bucketName);
    life.bucket = found instanceof Promise ? await found : found;
    if (life.bucket === undefined) throw noSuchBucket(bucketName);
    if (life.bucket.region !== life.region && operation?.toldEverywhere !== true) throw bucketElsewhere(life, life.bucket);
    checkExpectedOwner(EXPECTED_OWNER, life.request.headers.get(EXPECTED_OWNER), life.bucket);
  }
  if (life.request.endpoint?.kind === "accelerated") await checkAcceleration(life, operation);
  for (const permission of permissionsFor(operation?.permissions ?? unbuiltPermissions(name), life.sent)) {
    if (permission.resource === "arn") {
      await requireArn(life, permission);
      continue;
    }
    const { action, resource, ofNewObject } = permission;
    if (isFoundLater(resource, life)) continue;
    const asked = life.require({
      action,
      bucket: resource === "service" ? undefined : (life.bucket ?? bucketName),
      key: resource === "object" ? key : undefined,
      versionId: resource === "object" ? life.sent.text("VersionId") : undefined,
      uploadId: resource === "object" ? life.sent.text("UploadId") : undefined,
      ofNewObject,
      anonymousRefusal: operation?.anonymousRefusal,
    });
    if (asked instanceof Promise) await asked;
  }
  if (operation?.ownersOnly === true && life.caller.canonicalId !== life.bucket?.ownerId) throw onlyForOwners(life, name);
}

/** S3's answer to callers of other accounts whose request a policy allows, and who still may not. */
function onlyForOwners({ method }: RequestLife, name: AnyOperationName): S3Error {
  return new S3Error("MethodNotAllowed", {
    details: [
      ["Method", method],
      ["ResourceType", "BUCKETPOLICY"],
    ],
    explanation: `${name} is for the account that owns the bucket; a policy cannot give it to others.`,
  });
}

/** Asks for a permission that is on nothing of S3's. Whoever does not sign was refused before, or needs none. */
async function requireArn(life: RequestLife, { action, arnOf }: ArnPermission): Promise<void> {
  const { caller, sent, store } = life;
  const arn = caller.kind === "anonymous" ? "*" : await arnOf({ caller, sent, store });
  await life.require({ action, bucket: undefined, arn });
}

/** What is not built is asked of by its name, which for most operations is the action's. */
function unbuiltPermissions(name: AnyOperationName): Permissions {
  // Of IAM and STS, only what is built is ever found.
  return on[routes[name as OperationName].scope](`s3:${name}`);
}

/**
 * True for what only the operation finds. A signed caller who may delete none of the objects of a list still gets an answer that says so of
 * each. What S3 tells those who do not sign is written nowhere: they get what any other operation of the bucket tells them.
 */
function isFoundLater(resource: PermissionResource, { caller }: RequestLife): boolean {
  return resource === "source" || (resource === "listed" && caller.kind !== "anonymous");
}
