import type { PermissionResource, Permissions } from "../../access/Permission.ts";
import { on, permissionsFor } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { checkExpectedOwner } from "../../operations/headers/expectedOwner.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import { routes } from "../../protocol/generated/routes.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { checkBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket, noSuchBucket } from "../../store/buckets/buckets.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { RequestLife } from "./RequestLife.ts";

const EXPECTED_OWNER = "x-amz-expected-bucket-owner";

/**
 * Finds the bucket and asks whether the caller may, as far as that is about what the request addresses. Throws NoSuchBucket,
 * PermanentRedirect, AccessDenied and what is wrong with the expected owner.
 */
export async function authorise(life: RequestLife, name: OperationName, operation: AnyOperation | undefined): Promise<void> {
  const { bucket: bucketName, key } = life.request.address;
  if (bucketName !== undefined && operation?.resource !== "service") {
    checkBucketName(bucketName);
    const found = findBucket(life.store, bucketName);
    life.bucket = found instanceof Promise ? await found : found;
    if (life.bucket === undefined) throw noSuchBucket(bucketName);
    if (life.bucket.region !== life.region && operation?.toldEverywhere !== true) throw bucketElsewhere(life, life.bucket);
    checkExpectedOwner(EXPECTED_OWNER, life.request.headers.get(EXPECTED_OWNER), life.bucket);
  }
  for (const { action, resource } of permissionsFor(operation?.permissions ?? unbuiltPermissions(name), life.sent)) {
    if (isFoundLater(resource, life)) continue;
    const asked = life.require({
      action,
      bucket: resource === "service" ? undefined : (life.bucket ?? bucketName),
      key: resource === "object" ? key : undefined,
      anonymousRefusal: operation?.anonymousRefusal,
    });
    if (asked instanceof Promise) await asked;
  }
}

/** What is not built is asked of by its name, which for most operations is the action's. */
function unbuiltPermissions(name: OperationName): Permissions {
  return on[routes[name].scope](`s3:${name}`);
}

/**
 * True for what only the operation finds. A signed caller who may delete none of the objects of a list still gets an answer that says so of
 * each. What S3 tells those who do not sign is written nowhere: they get what any other operation of the bucket tells them.
 */
function isFoundLater(resource: PermissionResource, { caller }: RequestLife): boolean {
  return resource === "source" || (resource === "listed" && caller.kind !== "anonymous");
}

/** A bucket made while this store served another region; S3 has no Location header here, for the request must be signed anew. */
function bucketElsewhere(life: RequestLife, { name, region }: BucketRecord): S3Error {
  return new S3Error("PermanentRedirect", {
    details: [
      ["Endpoint", life.request.headers.get("host")],
      ["Bucket", name],
    ],
    headers: { "x-amz-bucket-region": region },
    explanation: `The bucket is in ${region}, and this server serves ${life.region}: its operator can start it with --region ${region}.`,
  });
}
