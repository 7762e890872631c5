import { on } from "../../access/Permission.ts";
import type { CompletedPart, CompleteMultipartUploadRequest } from "../../protocol/generated/types.ts";
import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import { oneShot } from "../../protocol/checksums/digests.ts";
import { checksumTypes, combineFullObject, compositeChecksum } from "../../protocol/checksums/multipart.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { CompletionRequest, ListedPart, SumUp } from "../../store/uploads/completion.ts";
import { checkPartList } from "../../store/uploads/completion.ts";
import { completeUpload, findUploadUnderWay } from "../../store/uploads/multipart.ts";
import { urlOf } from "../../protocol/rest/urlOf.ts";
import { checksumMembers, DEFAULT_CHECKSUM_ALGORITHM, sentChecksums } from "../headers/checksumMembers.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { sentCustomerKey } from "../headers/customerKey.ts";
import { completedEncryption } from "../headers/encryptionMembers.ts";
import { checkCompletionKey } from "../headers/keyChecks.ts";
import { writeConditions } from "../objects/writeConditions.ts";
import { shownExpiration } from "../headers/lifecycleHeaders.ts";

/**
 * Makes an object of the listed parts of an upload.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const CompleteMultipartUpload: Operation<"CompleteMultipartUpload"> = operation({
  name: "CompleteMultipartUpload",
  permissions: on.object("s3:PutObject"),
  resource: "object",
  keepsConnectionAlive: true,
  async handle(input, context) {
    const bucket = context.bucket;
    const parts = listedParts(input);
    checkPartList(input.UploadId, parts);
    // Without an upload the repetition of a finished completion is answered, or NoSuchUpload: neither sums anything up.
    const upload = await findUploadUnderWay(context.store, bucket, input.Key, input.UploadId);
    const namesChecksums = parts.some(({ checksum }) => checksum !== undefined);
    if (upload !== undefined) checkCompletionKey(upload.encryption, sentCustomerKey(input, context), namesChecksums);
    const finished = await completeUpload(context.store, {
      bucket,
      key: input.Key,
      uploadId: input.UploadId,
      parts,
      ...sentChecksum(input),
      objectSizeBytes: objectSize(input),
      conditions: writeConditions(input),
      sumUp: await summing(upload?.checksumAlgorithm, upload?.checksumType),
      nowMs: context.nowMs,
    });
    const { sizeBytes } = finished;
    if (sizeBytes !== undefined) context.logObjectSize(sizeBytes);
    const made =
      upload === undefined || sizeBytes === undefined
        ? undefined
        : { ...upload, sizeBytes, lastModifiedMs: upload.initiatedAtMs };
    return {
      output: {
        Location: urlOf(context, bucket.name, input.Key),
        Bucket: bucket.name,
        Key: input.Key,
        ETag: `"${finished.etag}"`,
        Expiration: made && (await shownExpiration(context, input.Key, made)),
        ...checksumMembers(finished.checksum),
        VersionId: finished.versionId,
        ...completedEncryption(finished.encryption),
      },
    };
  },
});

/** How the checksum of an object is made of its parts'; S3's default covers the object in full. */
async function summing(
  algorithm: ChecksumAlgorithm = DEFAULT_CHECKSUM_ALGORITHM,
  type: ChecksumType = "FULL_OBJECT",
): Promise<SumUp> {
  if (type === "FULL_OBJECT") return (parts) => ({ algorithm, type, value: combineFullObject(algorithm, parts) });
  const hash = await oneShot(algorithm);
  return (parts) => ({ algorithm, type, value: compositeChecksum(hash, parts) });
}

/** The checksum of the whole object. What comes without a type is of the algorithm's first, as it was before S3 had types. */
function sentChecksum(input: CompleteMultipartUploadRequest): Pick<CompletionRequest, "checksumType" | "checksum"> {
  const checksumType = input.ChecksumType as ChecksumType | undefined;
  const [sent] = sentChecksums(input);
  return { checksumType, checksum: sent && { ...sent, type: checksumType ?? checksumTypes(sent.algorithm)[0]! } };
}

/** The parts in the body. There may be no body, but a document must list some. */
function listedParts({ MultipartUpload: document }: CompleteMultipartUploadRequest): ListedPart[] {
  if (document === undefined || document.Parts !== undefined) return (document?.Parts ?? []).map(listedPart);
  throw new S3Error("MalformedXML", {
    explanation: "CompleteMultipartUpload has no Part elements; name every part of the object.",
  });
}

function listedPart(part: CompletedPart): ListedPart {
  const checksums = sentChecksums(part);
  if (part.PartNumber === undefined || part.ETag === undefined) {
    throw new S3Error("MalformedXML", {
      explanation: `A Part has ${part.PartNumber === undefined ? "no PartNumber" : `the number ${part.PartNumber} and no ETag`}; each needs both.`,
    });
  }
  if (checksums.length > 1) {
    throw invalidArgument("Checksum", undefined, {
      message: "Invalid Base64 or multiple checksums present in request",
      explanation: `Part ${part.PartNumber} names ${checksums.length} checksums; one is allowed.`,
    });
  }
  return { partNumber: part.PartNumber, etag: part.ETag, checksum: checksums[0] };
}

function objectSize(input: CompleteMultipartUploadRequest): number | undefined {
  const size = input.MpuObjectSize;
  if (size === undefined || size >= 0) return size;
  throw new S3Error("InvalidRequest", {
    message: `Value for x-amz-mp-object-size header is invalid: '${size}'`,
    explanation: "x-amz-mp-object-size is the size of the whole object in bytes, a whole number from 0.",
  });
}
