import type { GetObjectRequest, HeadObjectOutput } from "../../protocol/generated/types.ts";
import type { BesideOutput } from "../../protocol/Dialect.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { ReadConditions } from "../../store/objects/conditions.ts";
import {
  explainReadCondition,
  failedConditionFacts,
  failedReadCondition,
  preconditionFailed,
} from "../../store/objects/conditions.ts";
import { readParts } from "../../store/objects/objects.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { checksumMembers } from "../headers/checksumMembers.ts";
import { sentCustomerKey } from "../headers/customerKey.ts";
import { encryptionMembers } from "../headers/encryptionMembers.ts";
import type { CustomerKey } from "../../store/encryption/EncryptionWish.ts";
import { checkPartNumber } from "../uploads/multipartChecks.ts";
import { metadataMembers } from "../headers/objectMetadata.ts";
import type { ByteRange } from "./ranges.ts";
import { contentRange, requestedRange } from "./ranges.ts";
import type { BucketContext, RequestContext } from "../RequestContext.ts";
import { responseOverrides } from "./responseOverrides.ts";
import { restoreHeader, shownStorageClass } from "./storageClasses.ts";
import { checkVersionId } from "./versionIds.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";
import { lockMembers } from "../headers/lockHeaders.ts";
import { shownExpiration } from "../headers/lifecycleHeaders.ts";

/** What GetObject and HeadObject have in common: which object, which of its bytes, and the headers that describe them. */

/** The input of a read; HeadObject's has the same members. */
export interface ReadInput extends GetObjectRequest {
  /** Of SOAP alone: true where a range whose If-Match or If-Unmodified-Since fails becomes the whole object, as with If-Range. */
  readonly ReturnCompleteObjectOnConditionFailure?: boolean;
}

/** Bytes of an object, and what the answer says of them. */
export interface Selection {
  readonly range: ByteRange;
  /** True when the request asked for a part of the object, even if that turned out to be all of it. */
  readonly partial: boolean;
  /** How many parts the object has, when one of them was asked for. */
  readonly partsCount: number | undefined;
  /** The checksum of exactly these bytes, where one is known. */
  readonly checksum: ObjectChecksum | undefined;
}

/**
 * Checks the parameters of a read that need no object, in S3's order, and returns the customer's key that came. Throws InvalidArgument,
 * InvalidRequest and InvalidEncryptionAlgorithmError.
 */
export function checkReadParameters(input: ReadInput, context: Pick<RequestContext, "takesKeys">): CustomerKey | undefined {
  checkVersionId(input.VersionId);
  const { Range, PartNumber } = input;
  if (Range !== undefined && PartNumber !== undefined) {
    throw new S3Error("InvalidRequest", {
      message: "Cannot specify both Range header and partNumber query parameter",
      explanation: `Range is ${quoted(Range)} and partNumber ${PartNumber}; both choose bytes of the object, so send one of them.`,
    });
  }
  if (PartNumber !== undefined) checkPartNumber(PartNumber);
  checkChecksumMode(input.ChecksumMode);
  return sentCustomerKey(input, context);
}

function checkChecksumMode(mode: string | undefined): void {
  if (mode === undefined || mode === CHECKSUM_MODE) return;
  throw new S3Error("InvalidRequest", {
    message: "Value for x-amz-checksum-mode header is invalid.",
    explanation: `x-amz-checksum-mode is ${quoted(mode)}; it can be ${CHECKSUM_MODE}.`,
  });
}

/** The one mode of x-amz-checksum-mode. */
const CHECKSUM_MODE = "ENABLED";

/** Applies a read's conditions. Throws PreconditionFailed, or NotModified with the headers that a cache wants to refresh. */
export function checkReadConditions(input: ReadInput, object: ObjectRecord, nowMs: number): void {
  const conditions: ReadConditions = {
    ifMatch: input.IfMatch,
    ifNoneMatch: input.IfNoneMatch,
    ifModifiedSince: input.IfModifiedSince,
    ifUnmodifiedSince: input.IfUnmodifiedSince,
  };
  const failed = failedReadCondition(conditions, object, nowMs);
  if (failed === undefined) return;
  const explanation = explainReadCondition(failed, failed, conditions, object);
  const facts = failedConditionFacts(failed, failed, conditions, object);
  if (failed === "If-Match" || failed === "If-Unmodified-Since") {
    if (input.Range !== undefined && input.ReturnCompleteObjectOnConditionFailure === true) return;
    throw preconditionFailed(failed, explanation, facts);
  }
  const { cacheControl, expires } = object.system;
  throw new S3Error("NotModified", {
    explanation,
    facts,
    headers: {
      ETag: `"${object.etag}"`,
      "Last-Modified": new Date(object.lastModifiedMs).toUTCString(),
      ...(cacheControl === undefined ? {} : { "Cache-Control": cacheControl }),
      ...(expires === undefined ? {} : { Expires: expires }),
    },
  });
}

/** The bytes a read asks for. Throws InvalidRange, InvalidPartNumber, and `ContentGoneError` (read the object again). */
export async function selectBytes(context: RequestContext, input: ReadInput, object: ObjectRecord): Promise<Selection> {
  const whole = { start: 0, end: object.sizeBytes };
  if (input.PartNumber !== undefined) return selectPart(context, input.PartNumber, object);
  const range =
    input.Range !== undefined && ifRangeHolds(input, object) ? requestedRange(input.Range, object.sizeBytes) : undefined;
  if (range === undefined) return { range: whole, partial: false, partsCount: undefined, checksum: object.checksum };
  const checksum = range.end - range.start === object.sizeBytes ? object.checksum : undefined;
  return { range, partial: true, partsCount: undefined, checksum };
}

/** A range is only for those who still hold the rest of this very object (RFC 9110, section 13.1.5). */
function ifRangeHolds(input: ReadInput, object: ObjectRecord): boolean {
  const { IfRange, IfMatch: ifMatch, IfUnmodifiedSince: ifUnmodifiedSince } = input;
  if (input.ReturnCompleteObjectOnConditionFailure === true) {
    const conditions = { ifMatch, ifUnmodifiedSince, ifNoneMatch: undefined, ifModifiedSince: undefined };
    return failedReadCondition(conditions, object, object.lastModifiedMs) === undefined;
  }
  const validator = IfRange?.trim();
  if (validator === undefined) return true;
  return validator === `"${object.etag}"` || validator === new Date(object.lastModifiedMs).toUTCString();
}

async function selectPart(context: RequestContext, partNumber: number, object: ObjectRecord): Promise<Selection> {
  const count = Math.max(object.partsCount, 1);
  if (partNumber > count) {
    throw new S3Error("InvalidPartNumber", {
      details: [
        ["PartNumberRequested", String(partNumber)],
        ["ActualPartCount", String(count)],
      ],
      explanation: `The object has ${count === 1 ? "one part" : `${count} parts`}; part ${partNumber} was asked for.`,
    });
  }
  if (object.partsCount === 0) {
    const range = { start: 0, end: object.sizeBytes };
    // Without bytes there is no Content-Range to send, and so nothing partial.
    return { range, partial: object.sizeBytes > 0, partsCount: undefined, checksum: object.checksum };
  }
  const parts = await readParts(context.store, object);
  const start = parts.slice(0, partNumber - 1).reduce((sum, part) => sum + part.sizeBytes, 0);
  const part = parts[partNumber - 1]!;
  const { checksum } = object;
  return {
    range: { start, end: start + part.sizeBytes },
    partial: part.sizeBytes > 0,
    partsCount: object.partsCount,
    // Of the part itself, by the object's algorithm; the type is the object's.
    checksum: checksum && part.checksum !== undefined ? { ...checksum, value: part.checksum } : undefined,
  };
}

/** What an answer to a read says of the object and the bytes selected, with the client's response-* overrides. */
export async function readResult(
  context: BucketContext,
  input: ReadInput,
  object: ObjectRecord,
  selection: Selection,
): Promise<BesideOutput & { readonly output: HeadObjectOutput }> {
  const output: HeadObjectOutput = {
    AcceptRanges: "bytes",
    // S3 does not say it of a version that was asked for by its id.
    Expiration: input.VersionId === undefined ? await shownExpiration(context, input.Key, object) : undefined,
    LastModified: new Date(object.lastModifiedMs),
    ContentLength: selection.range.end - selection.range.start,
    ETag: `"${object.etag}"`,
    ...(input.ChecksumMode === CHECKSUM_MODE ? checksumMembers(selection.checksum) : {}),
    ...metadataMembers(object),
    ...responseOverrides(input, context.caller),
    ContentRange: selection.partial ? contentRange(selection.range, object.sizeBytes) : undefined,
    StorageClass: shownStorageClass(object.storageClass),
    Restore: restoreHeader(object, context.nowMs),
    PartsCount: selection.partsCount,
    VersionId: shownVersionId(context.bucket, object),
    ...lockMembers(object),
    ...encryptionMembers(object.encryption),
    TagCount: object.tags.length > 0 ? object.tags.length : undefined,
  };
  return { output, status: selection.partial ? 206 : undefined, userMetadata: object.user };
}
