import { createHash } from "node:crypto";
import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../protocol/Payload.ts";
import type { PartRecord, UploadRecord } from "./records/UploadRecord.ts";

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
  /** The checksum of the whole object, if the client sent one. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
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
  checkChecksumMode(upload, request);
  const parts = request.parts.map((listed) => storedPart(upload, stored, listed));
  checkSizes(parts);
  for (const [index, listed] of request.parts.entries()) checkPartChecksum(upload, parts[index]!, listed);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  checkObjectSize(request.objectSizeBytes, sizeBytes);
  const checksum = request.sumUp(parts.map((part) => ({ value: part.checksum!.value, sizeBytes: part.sizeBytes })));
  checkObjectChecksum(request, checksum);
  return { parts, sizeBytes, etag: multipartETag(parts), checksum };
}

/** Checks the list's own form, before the upload is looked at: at least one part, numbers from 1, ascending. */
export function checkPartList(uploadId: string, parts: readonly ListedPart[]): void {
  if (parts.length === 0) {
    throw new S3Error("InvalidRequest", {
      message: "You must specify at least one part",
      explanation: "The body lists no Part elements; name every part that belongs to the object.",
    });
  }
  let previous = 0;
  for (const { partNumber } of parts) {
    if (partNumber < 1) {
      throw new S3Error("InvalidArgument", {
        message: "PartNumber must be >= 1",
        details: [
          ["ArgumentName", "PartNumber"],
          ["ArgumentValue", String(partNumber)],
        ],
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
  // An upload without an algorithm is summed up by S3 itself, as a full object.
  if (upload.checksumType === undefined && request.checksumType === "FULL_OBJECT") return;
  const mode = upload.checksumType ?? "null";
  throw new S3Error("InvalidRequest", {
    message: `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
    explanation: `x-amz-checksum-type is ${request.checksumType} here; leave it out or send what CreateMultipartUpload was given.`,
  });
}

function storedPart(upload: UploadRecord, stored: ReadonlyMap<number, PartRecord>, listed: ListedPart): PartRecord {
  const part = stored.get(listed.partNumber);
  const etag = unquoted(listed.etag);
  if (part !== undefined && part.etag === etag) return part;
  throw new S3Error("InvalidPart", {
    details: [
      ["UploadId", upload.uploadId],
      ["PartNumber", String(listed.partNumber)],
      ["ETag", etag],
    ],
    explanation:
      part === undefined
        ? `Part ${listed.partNumber} was never uploaded to this upload.`
        : `Part ${listed.partNumber} has the ETag "${part.etag}", not ${quoted(etag)}; it may have been uploaded again since.`,
  });
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

function checkPartChecksum(upload: UploadRecord, part: PartRecord, listed: ListedPart): void {
  const algorithm = upload.checksumAlgorithm;
  if (listed.checksum === undefined) {
    if (upload.checksumType !== "COMPOSITE") return;
    const name = String(algorithm).toLowerCase();
    throw new S3Error("InvalidRequest", {
      message:
        `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. ` +
        `It was missing for part ${part.partNumber} in the request.`,
      explanation: `Add the Checksum${String(algorithm)} element that UploadPart answered with to each Part.`,
    });
  }
  const matches = listed.checksum.algorithm === part.checksum?.algorithm && listed.checksum.value === part.checksum.value;
  if (matches) return;
  const name = listed.checksum.algorithm.toLowerCase();
  throw new S3Error("BadDigest", {
    message: `The ${name} you specified for part ${part.partNumber} did not match what we received.`,
    explanation: `Part ${part.partNumber} was stored with ${part.checksum?.algorithm} ${part.checksum?.value}, not ${listed.checksum.algorithm} ${quoted(listed.checksum.value)}.`,
  });
}

function checkObjectSize(announced: number | undefined, sizeBytes: number): void {
  if (announced === undefined || announced === sizeBytes) return;
  throw new S3Error("InvalidRequest", {
    message: `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${sizeBytes}`,
    explanation: `The listed parts come to ${sizeBytes} bytes, not to the announced ${announced}; a part may be missing from the list.`,
  });
}

function checkObjectChecksum(request: CompletionRequest, actual: ObjectChecksum): void {
  const sent = request.checksum;
  if (sent === undefined) return;
  // Some clients send a composite value without the number of parts behind it.
  const same =
    sent.algorithm === actual.algorithm && (sent.value === actual.value || sent.value === actual.value.replace(/-\d+$/, ""));
  if (same) return;
  throw new S3Error("BadDigest", {
    message: `The ${sent.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    explanation: `The parts give ${actual.algorithm} ${actual.value} (${actual.type}), not ${sent.algorithm} ${quoted(sent.value)}.`,
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
  return trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
}
