import { createHash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { WriteConditions } from "../objects/conditions.ts";
import { asksOfObject } from "../objects/conditions.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import type { PartRecord } from "../records/PartRecord.ts";
import type { UploadRecord } from "../records/UploadRecord.ts";

/** Every part but the last has at least this size. */
export const MIN_PART_SIZE_BYTES: number = 5 * 1024 * 1024;

/** A part as the client lists it in CompleteMultipartUpload. */
export interface ListedPart {
  readonly partNumber: number;
  /** With or without quotes, as sent. */
  readonly etag: string;
  /** The checksum element the client sent for this part, if any. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/** What a client says of the whole object when it completes an upload. */
export interface CompletionRequest {
  readonly parts: readonly ListedPart[];
  readonly checksumType: "FULL_OBJECT" | "COMPOSITE" | undefined;
  /** The checksum of the whole object, if the client sent one; a composite one with or without the number of parts behind it. */
  readonly checksum: ObjectChecksum | undefined;
  readonly objectSizeBytes: number | undefined;
  /** Sums up the parts by the upload's algorithm and type. */
  readonly sumUp: SumUp;
}

/** The checksum of an object, from the checksums (base64) and sizes of its parts. */
export type SumUp = (parts: readonly { readonly value: string; readonly sizeBytes: number }[]) => ObjectChecksum;

/** The object an upload becomes, before anything is committed. */
export interface CompletedObject {
  readonly parts: readonly PartRecord[];
  readonly sizeBytes: number;
  readonly etag: string;
  readonly checksum: ObjectChecksum;
}

/**
 * Decides whether the listed parts make an object, and which: pure, so that it runs inside the commit.
 * Throws InvalidRequest, InvalidPartOrder, InvalidPart, EntityTooSmall or BadDigest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function decideCompletion(
  upload: UploadRecord,
  stored: ReadonlyMap<number, PartRecord>,
  request: CompletionRequest,
): CompletedObject {
  if (request.parts.length === 0) {
    throw new S3Error("InvalidRequest", {
      message: "You must specify at least one part",
      explanation: "The request has no body, and so names no parts; name every part that belongs to the object.",
    });
  }
  checkChecksumMode(upload, request);
  const parts = request.parts.map((listed) => storedPart(upload, stored, listed));
  checkSizes(parts);
  for (const listed of request.parts) checkPartChecksum(upload, listed);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  checkObjectSize(request.objectSizeBytes, sizeBytes);
  const checksum = request.sumUp(parts.map((part) => ({ value: part.checksum!.value, sizeBytes: part.sizeBytes })));
  checkObjectChecksum(upload, request.checksum, checksum);
  return { parts, sizeBytes, etag: multipartETag(parts), checksum };
}

/**
 * Names the object under a key, so that it can be told from every other that was or will be there; "" for none. Copies share content, and
 * what has no bytes has none: those are told apart by their time alone.
 */
export function objectIdentity(object: ObjectRecord | undefined): string {
  if (object === undefined) return "";
  return `${object.lastModifiedMs} ${object.content.kind === "empty" ? "" : object.content.id}`;
}

/**
 * Refuses to complete an upload on a condition when its key was written or deleted since the upload began: `current` is the object under
 * the key at this very moment. Throws ConditionalRequestConflict.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkUnchangedKey(upload: UploadRecord, conditions: WriteConditions, current: ObjectRecord | undefined): void {
  if (!asksOfObject(conditions)) return;
  if (upload.begunOn === undefined || upload.begunOn === objectIdentity(current)) return;
  throw new S3Error("ConditionalRequestConflict", {
    details: [
      ["Condition", conditions.ifMatch === undefined ? "If-None-Match" : "If-Match"],
      ["Key", upload.key],
    ],
    explanation: `The object under this key was ${current === undefined ? "deleted" : "written"} since the upload began; look at it again, and upload anew if it is still to be.`,
  });
}

/** Checks the list's own form, before the upload is looked at: numbers from 1, ascending. */
export function checkPartList(uploadId: string, parts: readonly ListedPart[]): void {
  let previous = 0;
  for (const { partNumber } of parts) {
    if (partNumber < 1) {
      throw invalidArgument("PartNumber", String(partNumber), {
        message: "PartNumber must be >= 1",
        explanation: `The list names part ${partNumber}; part numbers begin at 1.`,
      });
    }
    if (partNumber <= previous) {
      throw new S3Error("InvalidPartOrder", {
        details: [["UploadId", uploadId]],
        explanation: `Part ${partNumber} is listed after part ${previous}; list each part once, in ascending order.`,
      });
    }
    previous = partNumber;
  }
}

function checkChecksumMode(upload: UploadRecord, request: CompletionRequest): void {
  if (request.checksumType === undefined || request.checksumType === upload.checksumType) return;
  const mode = upload.checksumType ?? "null";
  throw new S3Error("InvalidRequest", {
    message: `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
    explanation:
      upload.checksumType === undefined
        ? `x-amz-checksum-type is ${request.checksumType} here, and CreateMultipartUpload was given no algorithm; leave it out.`
        : `x-amz-checksum-type is ${request.checksumType} here; leave it out or send what CreateMultipartUpload was given.`,
  });
}

function storedPart(upload: UploadRecord, stored: ReadonlyMap<number, PartRecord>, listed: ListedPart): PartRecord {
  const part = stored.get(listed.partNumber);
  const etag = unquoted(listed.etag);
  if (part !== undefined && part.etag === etag && hasListedChecksum(upload, part, listed)) return part;
  throw new S3Error("InvalidPart", {
    details: [
      ["UploadId", upload.uploadId],
      ["PartNumber", String(listed.partNumber)],
      ["ETag", etag],
    ],
    explanation: whyNoPart(upload, part, listed),
  });
}

/** False for a checksum the part does not have. One of another algorithm than the upload's is looked at later. */
function hasListedChecksum(upload: UploadRecord, part: PartRecord, { checksum }: ListedPart): boolean {
  if (checksum === undefined) return true;
  if (upload.checksumAlgorithm === undefined) return false;
  return checksum.algorithm !== upload.checksumAlgorithm || checksum.value === part.checksum?.value;
}

function whyNoPart(upload: UploadRecord, part: PartRecord | undefined, { partNumber, etag, checksum }: ListedPart): string {
  if (part === undefined) return `Part ${partNumber} was never uploaded to this upload.`;
  if (part.etag !== unquoted(etag)) {
    return `Part ${partNumber} has the ETag "${part.etag}", not ${quoted(unquoted(etag))}; it may have been uploaded again since.`;
  }
  const { algorithm, value } = checksum!;
  if (upload.checksumAlgorithm === undefined) {
    return `CreateMultipartUpload named no checksum algorithm, so no part keeps a checksum; leave Checksum${algorithm} out.`;
  }
  return `Part ${partNumber} has the ${algorithm} ${part.checksum?.value}, not ${quoted(value)}; it may have been uploaded again since.`;
}

function checkSizes(parts: readonly PartRecord[]): void {
  for (const part of parts.slice(0, -1)) {
    if (part.sizeBytes >= MIN_PART_SIZE_BYTES) continue;
    throw new S3Error("EntityTooSmall", {
      details: [
        ["ProposedSize", String(part.sizeBytes)],
        ["MinSizeAllowed", String(MIN_PART_SIZE_BYTES)],
        ["PartNumber", String(part.partNumber)],
        ["ETag", part.etag],
      ],
      explanation: `Part ${part.partNumber} has ${part.sizeBytes} bytes; every part but the last needs at least ${MIN_PART_SIZE_BYTES}.`,
    });
  }
}

/** A composite checksum is made of checksums that the client vouches for, all of the upload's algorithm. */
function checkPartChecksum(upload: UploadRecord, { partNumber, checksum }: ListedPart): void {
  const algorithm = upload.checksumAlgorithm;
  if (checksum === undefined) {
    if (upload.checksumType !== "COMPOSITE") return;
    const name = String(algorithm).toLowerCase();
    throw new S3Error("InvalidRequest", {
      message:
        `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. ` +
        `It was missing for part ${partNumber} in the request.`,
      explanation: `Add the Checksum${String(algorithm)} element that UploadPart answered with to each Part.`,
    });
  }
  if (checksum.algorithm === algorithm) return;
  throw new S3Error("BadDigest", {
    message: `The ${checksum.algorithm.toLowerCase()} you specified for part ${partNumber} did not match what we received.`,
    explanation: `The upload was begun with ${algorithm}, and part ${partNumber} is listed with a ${checksum.algorithm}; send Checksum${algorithm}.`,
  });
}

function checkObjectSize(announced: number | undefined, sizeBytes: number): void {
  if (announced === undefined || announced === sizeBytes) return;
  throw new S3Error("InvalidRequest", {
    message: `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${sizeBytes}`,
    explanation: `The listed parts come to ${sizeBytes} bytes, not to the announced ${announced}; a part may be missing from the list.`,
  });
}

function checkObjectChecksum(upload: UploadRecord, sent: ObjectChecksum | undefined, actual: ObjectChecksum): void {
  if (sent === undefined) return;
  const comparable = sent.algorithm === actual.algorithm;
  // Without an algorithm of the upload there is only S3's own checksum, and S3 passes over the others.
  if (!comparable && upload.checksumAlgorithm === undefined) return;
  // Some clients send a composite value without the number of parts behind it.
  const same = sent.value === actual.value || sent.value === actual.value.replace(/-\d+$/, "");
  if (comparable && sent.type === actual.type && same) return;
  throw new S3Error("BadDigest", {
    message: `The ${sent.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    explanation:
      comparable && sent.type !== actual.type
        ? `Without x-amz-checksum-type the ${sent.algorithm} sent counts as ${sent.type}; the upload was begun with ${actual.type}, so send that.`
        : `The parts give ${actual.algorithm} ${actual.value} (${actual.type}), not ${sent.algorithm} ${quoted(sent.value)}.`,
  });
}

/** S3's ETag of a multipart object: the MD5 of its parts' MD5s, and how many there are. */
function multipartETag(parts: readonly PartRecord[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part.etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

function unquoted(etag: string): string {
  const trimmed = etag.trim();
  return trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
}
