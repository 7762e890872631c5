import { on } from "../../access/Permission.ts";
import type { PartRecord } from "../../store/records/PartRecord.ts";
import { findUpload, putPart } from "../../store/uploads/multipart.ts";
import { writeBlob } from "../../store/objects/content.ts";
import { checkPartNumber, checkPartChecksumAlgorithm, wantedChecksum } from "./multipartChecks.ts";
import { partChecksumMembers } from "../headers/checksumMembers.ts";
import { encryptionMembers } from "../headers/encryptionMembers.ts";
import { checkPartKey } from "../headers/keyChecks.ts";
import { isMd5ETag, newETag } from "../objects/etags.ts";
import { dataKeyOf } from "../objects/readKeys.ts";
import { sentCustomerKey } from "../headers/customerKey.ts";
import { requireChecksum } from "../headers/lockHeaders.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Stores one part of a multipart upload, replacing one of the same number.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
 */
export const UploadPart: Operation<"UploadPart"> = operation({
  name: "UploadPart",
  permissions: on.object("s3:PutObject"),
  isStepOfUpload: true,
  resource: "object",
  async handle(input, context) {
    const { store, payload } = context;
    const bucket = context.bucket;
    context.logObjectSize(payload.sizeBytes);
    checkPartNumber(input.PartNumber);
    const customerKey = sentCustomerKey(input, context);
    const upload = await findUpload(store, bucket, input.Key, input.UploadId);
    checkPartKey(upload.encryption, customerKey);
    requireChecksum(upload, bucket, input.ContentMD5 !== undefined || payload.declared !== undefined, "Part");
    checkPartChecksumAlgorithm(upload, payload.declared?.algorithm);
    const algorithm = wantedChecksum(upload);
    const dataKey = await dataKeyOf(context, upload, { bucket, key: upload.key }, customerKey);
    if (isMd5ETag(upload.encryption)) payload.want("MD5");
    payload.want(algorithm);
    const written = await writeBlob(store, payload, {
      dataKey,
      partNumber: input.PartNumber,
      storageClass: upload.storageClass,
    });
    const part: PartRecord = {
      partNumber: input.PartNumber,
      sizeBytes: written.sizeBytes,
      etag: newETag(store, upload.encryption, () => payload.digest("MD5")),
      lastModifiedMs: context.nowMs,
      blob: written.blob,
      cipher: written.cipher,
      checksum: { algorithm, type: "FULL_OBJECT", value: payload.digest(algorithm).toString("base64") },
    };
    await putPart(store, bucket, upload, part, written);
    // An upload without an algorithm shows what its parts bring, and keeps S3's default checksum to itself until it is complete.
    const shown = upload.checksumAlgorithm === undefined ? payload.declared : part.checksum;
    return { output: { ETag: `"${part.etag}"`, ...partChecksumMembers(shown), ...encryptionMembers(upload.encryption) } };
  },
});
