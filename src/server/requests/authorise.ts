import { S3Error } from "../../errors/S3Error.ts";
import { checkExpectedOwner } from "../../operations/headers/expectedOwner.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { checkBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket, noSuchBucket } from "../../store/buckets/buckets.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { RequestLife } from "./RequestLife.ts";

const EXPECTED_OWNER = "x-amz-expected-bucket-owner";

/**
 * Finds the bucket and asks whether the caller may. Throws NoSuchBucket, PermanentRedirect, AccessDenied and what is wrong with the
 * expected owner.
 */
export async function authorise(life: RequestLife, name: OperationName, operation: AnyOperation | undefined): Promise<void> {
  const { bucket: bucketName, key } = life.request.address;
  if (bucketName !== undefined && operation?.createsBucket !== true) {
    checkBucketName(bucketName);
    const found = findBucket(life.store, bucketName);
    life.bucket = found instanceof Promise ? await found : found;
    if (life.bucket === undefined) throw noSuchBucket(bucketName);
    if (life.bucket.region !== life.region && operation?.toldEverywhere !== true) throw bucketElsewhere(life, life.bucket);
    checkExpectedOwner(EXPECTED_OWNER, life.request.headers.get(EXPECTED_OWNER), life.bucket);
  }
  const action = operation?.action ?? `s3:${name}`;
  if (life.caller.kind === "anonymous" && (operation?.anonymousRefusal !== undefined || life.bucket === undefined)) {
    throw new S3Error("AccessDenied", {
      message: operation?.anonymousRefusal ?? "Anonymous users cannot invoke this API. Please authenticate.",
      explanation: "The request is not signed, and nobody may do this without saying who they are.",
    });
  }
  // What S3 tells those who do not sign, and may delete nothing, is written nowhere: they get what any other operation tells them.
  if (operation?.authorisesEachKey === true && life.caller.kind !== "anonymous") return;
  const allowed = life.bucket === undefined || life.mayAlso(action, life.bucket, key);
  if (!allowed) throw accessDenied(life, action);
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

function accessDenied(life: RequestLife, action: string): S3Error {
  const who =
    life.caller.kind === "anonymous"
      ? "The request is not signed, and the bucket is not public"
      : `${life.caller.displayName} does not own the bucket`;
  return new S3Error("AccessDenied", {
    explanation: `${who}; this needs ${action}.`,
  });
}
