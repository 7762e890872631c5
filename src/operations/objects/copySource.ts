import type { Permission } from "../../access/Permission.ts";
import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import { isPossibleBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket, noSuchBucket } from "../../store/buckets/buckets.ts";
import type { ReadConditions } from "../../store/objects/conditions.ts";
import {
  explainReadCondition,
  failedConditionFacts,
  failedReadCondition,
  preconditionFailed,
} from "../../store/objects/conditions.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { checkExpectedOwner } from "../headers/expectedOwner.ts";
import { presentVersion } from "./presentVersion.ts";
import type { LoggedBeside, RequestContext } from "../RequestContext.ts";
import { checkAtHand } from "./storageClasses.ts";
import { sentSourceKey } from "../headers/customerKey.ts";
import { checkKeyOf } from "./readKeys.ts";
import { notImplemented } from "../headers/unbuilt.ts";
import { checkVersionId } from "./versionIds.ts";

/** One request copies no more than this; larger objects are copied part by part. */
export const MAX_COPY_SIZE_BYTES: number = 5 * 1024 ** 3;

/** What x-amz-copy-source names. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** The members by which CopyObject and UploadPartCopy name their source and its conditions. */
export interface CopySourceMembers {
  readonly CopySource: string;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly CopySourceSSECustomerKey?: string | undefined;
  readonly CopySourceSSECustomerKeyMD5?: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/** What stands before the bucket in a whole address. */
const ADDRESS_BEGINNING = /^https?:\/\/[^/]*/i;

/** What stands behind the key. */
const VERSION_OF_SOURCE = /^(.*)\?versionId=([^?]*)$/s;

const READ_SOURCE = on.source("s3:GetObject");
const READ_SOURCE_VERSION = on.source("s3:GetObjectVersion");

/** What a copy needs of its source. Tags that come along would need s3:GetObjectTagging and s3:PutObjectTagging; no object here has any. */
export function sourcePermissions(sent: SentMembers): readonly Permission[] {
  return permissionsOn(VERSION_OF_SOURCE.exec(sent.text("CopySource") ?? "")?.[2]);
}

function permissionsOn(versionId: string | undefined): readonly Permission[] {
  return versionId === undefined ? READ_SOURCE : READ_SOURCE_VERSION;
}

/**
 * Reads x-amz-copy-source: "bucket/key", percent-encoded, with or without "/" or a scheme and host before it and "?versionId=" behind it.
 * Throws InvalidArgument, and NotImplemented for the ARN of an access point.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function parseCopySource(header: string): CopySource {
  if (header.startsWith("arn:")) throw notImplemented("x-amz-copy-source", "Copying through access points");
  const [, path = header, version] = VERSION_OF_SOURCE.exec(header) ?? [];
  const location = decode(path, header).replace(ADDRESS_BEGINNING, "");
  const [bucket = "", ...rest] = location.slice(location.startsWith("/") ? 1 : 0).split("/");
  const key = rest.join("/");
  if (!isPossibleBucketName(bucket)) throw invalidSource("Invalid copy source bucket name", header, "names no bucket");
  if (key === "") throw invalidSource("Invalid copy source object key", header, "names no key");
  return { bucket, key, versionId: version === undefined ? undefined : decode(version, header) };
}

function decode(encoded: string, header: string): string {
  try {
    // S3 reads "+" as a space here, as forms write it; clients encode a real plus as %2B.
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    throw invalidSource("Invalid copy source encoding", header, "is not percent-encoded UTF-8");
  }
}

function invalidSource(message: string, header: string, problem: string): S3Error {
  return invalidArgument("x-amz-copy-source", header, {
    message,
    explanation: `x-amz-copy-source is ${quoted(header)}, which ${problem}; it has the form bucket/key, percent-encoded, with ?versionId=… behind it if needed.`,
  });
}

/** The bucket of a copy's source. Throws NoSuchBucket. */
export async function sourceBucket(context: RequestContext, source: CopySource): Promise<BucketRecord> {
  const bucket = await findBucket(context.store, source.bucket);
  if (bucket === undefined) throw noSuchBucket(source.bucket);
  return bucket;
}

/**
 * The object a copy reads, once the caller is found to be allowed and the conditions hold; `logged` is what the access log of its bucket calls
 * it. Throws AccessDenied, InvalidArgument, NoSuchKey, InvalidObjectState, InvalidRequest, PreconditionFailed, and as `checkExpectedOwner`.
 */
export async function sourceObject(
  context: RequestContext,
  bucket: BucketRecord,
  source: CopySource,
  input: CopySourceMembers,
  logged: LoggedBeside["operation"],
): Promise<ObjectRecord> {
  const log = (outcome: Pick<LoggedBeside, "status" | "errorCode" | "objectSizeBytes">): void =>
    context.logBeside(() => [{ operation: logged, bucket, key: source.key, versionId: source.versionId, ...outcome }]);
  try {
    const object = await allowedSource(context, bucket, source, input);
    log({ status: 200, objectSizeBytes: object.sizeBytes });
    return object;
  } catch (cause) {
    if (cause instanceof S3Error) log({ status: cause.status, errorCode: cause.code });
    throw cause;
  }
}

async function allowedSource(
  context: RequestContext,
  bucket: BucketRecord,
  source: CopySource,
  input: CopySourceMembers,
): Promise<ObjectRecord> {
  checkExpectedOwner("x-amz-source-expected-bucket-owner", input.ExpectedSourceBucketOwner, bucket);
  for (const { action } of permissionsOn(source.versionId)) {
    const explanation = `A copy reads its source, and you may not read this one (${action}).`;
    await context.require({ action, bucket, key: source.key, versionId: source.versionId, explanation });
  }
  checkVersionId(source.versionId);
  const key = sentSourceKey(input, context);
  const object = await presentVersion(context, bucket, { Key: source.key, VersionId: source.versionId });
  if (object.isDeleteMarker) throw markerAsSource();
  checkAtHand(object, context.nowMs, "Operation is not valid for the source object's storage class");
  checkKeyOf(object, key);
  checkSourceConditions(input, object, context.nowMs);
  return object;
}

function markerAsSource(): S3Error {
  return new S3Error("InvalidRequest", {
    message: "The source of a copy request may not specifically refer to a delete marker by version id.",
    explanation: "The version that x-amz-copy-source names is a delete marker and has no bytes; name an older one.",
  });
}

function checkSourceConditions(input: CopySourceMembers, object: ObjectRecord, nowMs: number): void {
  const conditions: ReadConditions = {
    ifMatch: input.CopySourceIfMatch,
    ifNoneMatch: input.CopySourceIfNoneMatch,
    ifModifiedSince: input.CopySourceIfModifiedSince,
    ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  const failed = failedReadCondition(conditions, object, nowMs);
  if (failed === undefined) return;
  const header = `x-amz-copy-source-${failed}`;
  const explanation = explainReadCondition(failed, header, conditions, object);
  throw preconditionFailed(header, explanation, failedConditionFacts(failed, header, conditions, object));
}
