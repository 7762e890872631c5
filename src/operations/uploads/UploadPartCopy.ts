import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { beginDigest } from "../../protocol/checksums/digests.ts";
import { withFreshContent, writeBlob } from "../../store/objects/content.ts";
import { findUpload, putPart } from "../../store/uploads/multipart.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { partChecksumMembers } from "../headers/checksumMembers.ts";
import { MAX_COPY_SIZE_BYTES, parseCopySource, sourceBucket, sourceObject, sourcePermissions } from "../objects/copySource.ts";
import { refuseBlockedKey } from "../headers/wantedEncryption.ts";
import { sentCustomerKey, sentSourceKey } from "../headers/customerKey.ts";
import { checkPartNumber, wantedChecksum } from "./multipartChecks.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { encryptionMembers } from "../headers/encryptionMembers.ts";
import { checkPartKey } from "../headers/keyChecks.ts";
import { newETag } from "../objects/etags.ts";
import { dataKeyOf } from "../objects/readKeys.ts";
import { summedContent } from "../objects/summedContent.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";

/**
 * Stores a part whose bytes come from another object, all of it or a range. They are read for the part's ETag, and written as its own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export const UploadPartCopy: Operation<"UploadPartCopy"> = operation({
  name: "UploadPartCopy",
  permissions: (sent) => [...on.object("s3:PutObject"), ...sourcePermissions(sent)],
  isStepOfUpload: true,
  resource: "object",
  keepsConnectionAlive: true,
  async handle(input, context) {
    const { store } = context;
    checkPartNumber(input.PartNumber);
    await refuseBlockedKey(input, context, "s3:PutObject");
    const customerKey = sentCustomerKey(input, context);
    const sourceKey = sentSourceKey(input, context);
    const source = parseCopySource(input.CopySource);
    const from = await sourceBucket(context, source);
    const upload = await findUpload(store, context.bucket, input.Key, input.UploadId);
    checkPartKey(upload.encryption, customerKey);
    const dataKey = await dataKeyOf(context, upload, { bucket: context.bucket, key: upload.key }, customerKey);
    const how = { dataKey, partNumber: input.PartNumber, storageClass: upload.storageClass };
    const algorithm = wantedChecksum(upload);
    const { written, md5, checksum, versionId } = await withFreshContent(async () => {
      const object = await sourceObject(context, from, source, input, "REST.COPY.PART_GET");
      const { start, end } = copiedRange(input.CopySourceRange, object);
      const opens = await dataKeyOf(context, object, { bucket: from, key: source.key }, sourceKey);
      const digests = [await beginDigest("MD5"), await beginDigest(algorithm)] as const;
      try {
        const bytes = await writeBlob(store, summedContent(context, { object, start, end, dataKey: opens }, digests), how);
        const copied = shownVersionId(from, object);
        return { written: bytes, md5: digests[0].digest(), checksum: digests[1].digest(), versionId: copied };
      } finally {
        for (const digest of digests) digest.release();
      }
    });
    const part = {
      partNumber: input.PartNumber,
      sizeBytes: written.sizeBytes,
      etag: newETag(store, upload.encryption, () => md5),
      lastModifiedMs: context.nowMs,
      blob: written.blob,
      cipher: written.cipher,
      checksum: { algorithm, type: "FULL_OBJECT", value: checksum.toString("base64") } as const,
    };
    await putPart(store, context.bucket, upload, part, written);
    context.logObjectSize(part.sizeBytes);
    const shown = partChecksumMembers(upload.checksumAlgorithm === undefined ? undefined : part.checksum);
    const CopyPartResult = { ETag: `"${part.etag}"`, LastModified: new Date(part.lastModifiedMs), ...shown };
    return { output: { CopyPartResult, CopySourceVersionId: versionId, ...encryptionMembers(upload.encryption) } };
  },
});

const RANGE_FORM = /^bytes=(\d{1,15})-(\d{1,15})$/;

/** The bytes to copy, end exclusive. Throws InvalidArgument and InvalidRequest. */
function copiedRange(range: string | undefined, source: ObjectRecord): { readonly start: number; readonly end: number } {
  if (range === undefined) return checkedSize(0, source.sizeBytes);
  const [, first, last] = RANGE_FORM.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw badRange(
      range,
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of " +
        "the first and last bytes to copy",
    );
  }
  if (Number(first) >= source.sizeBytes) {
    throw new S3Error("InvalidRequest", {
      message: "The specified copy range is invalid for the source object size",
      explanation: `The range begins at byte ${first}; the source has ${source.sizeBytes} bytes.`,
    });
  }
  if (Number(last) >= source.sizeBytes)
    throw badRange(range, `Range specified is not valid for source object of size: ${source.sizeBytes}`);
  return checkedSize(Number(first), Number(last) + 1);
}

function checkedSize(start: number, end: number): { readonly start: number; readonly end: number } {
  if (end - start <= MAX_COPY_SIZE_BYTES) return { start, end };
  throw new S3Error("InvalidRequest", {
    message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_SIZE_BYTES}`,
    explanation: `${end - start} bytes were to be copied as one part; name a smaller x-amz-copy-source-range.`,
  });
}

function badRange(range: string, message: string): S3Error {
  return invalidArgument("x-amz-copy-source-range", range, {
    message,
    explanation: `x-amz-copy-source-range is ${quoted(range)}; bytes=0-9 would copy the first ten bytes of a source that has as many.`,
  });
}
