import { writePermissions } from "../objects/permissions.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import { checksumTypes } from "../../protocol/checksums/multipart.ts";
import { createUpload } from "../../store/uploads/multipart.ts";
import { checkKeyLength } from "../objects/keyLength.ts";
import { requestedMetadata } from "../headers/objectMetadata.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { wantedStorageClass } from "../objects/storageClasses.ts";
import { refuseUnbuilt } from "../headers/unbuilt.ts";
import { wantedEncryption } from "../headers/wantedEncryption.ts";
import { writtenEncryption } from "../headers/encryptionMembers.ts";
import { seal } from "../../store/encryption/sealing.ts";
import { wantedOwner } from "../headers/objectOwner.ts";
import { taggingHeader } from "../headers/taggingHeader.ts";
import { wantedLock } from "../headers/lockHeaders.ts";
import { abortMembers } from "../headers/lifecycleHeaders.ts";

/**
 * Begins a multipart upload.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export const CreateMultipartUpload: Operation<"CreateMultipartUpload"> = operation({
  name: "CreateMultipartUpload",
  permissions: writePermissions,
  isStepOfUpload: true,
  resource: "object",
  anonymousRefusal: "Anonymous users cannot initiate multipart uploads. Please authenticate.",
  async handle(input, context) {
    const bucket = context.bucket;
    checkKeyLength(input.Key);
    refuseUnbuilt(input, context);
    const owned = await wantedOwner(input, context, "s3:PutObject");
    const lock = wantedLock(input, context.bucket);
    const sealed = await seal(context.store, await wantedEncryption(input, context), { bucket, key: input.Key });
    const algorithm = input.ChecksumAlgorithm as ChecksumAlgorithm | undefined;
    const upload = await createUpload(context.store, bucket, {
      key: input.Key,
      initiatedAtMs: context.nowMs,
      storageClass: wantedStorageClass(input.StorageClass),
      initiatorId: context.caller.canonicalId,
      initiatorName: context.caller.displayName,
      ...requestedMetadata(input),
      checksumAlgorithm: algorithm,
      checksumType: checksumType(algorithm, input.ChecksumType as ChecksumType | undefined),
      encryption: sealed?.encryption,
      ...lock,
      ...owned,
      tags: taggingHeader(input.Tagging),
    });
    return {
      output: {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.uploadId,
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
        ...(await abortMembers(context, upload)),
        ...writtenEncryption(upload.encryption),
      },
    };
  },
});

/** The type of the object's checksum: as asked for if the algorithm has it, else the algorithm's first. Throws InvalidRequest. */
function checksumType(algorithm: ChecksumAlgorithm | undefined, asked: ChecksumType | undefined): ChecksumType | undefined {
  if (algorithm === undefined) {
    if (asked === undefined) return undefined;
    throw new S3Error("InvalidRequest", {
      message: "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
      explanation: `x-amz-checksum-type is ${asked}, but no x-amz-checksum-algorithm says of what.`,
    });
  }
  const types = checksumTypes(algorithm);
  if (asked === undefined) return types[0];
  if (types.includes(asked)) return asked;
  throw new S3Error("InvalidRequest", {
    message: `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    explanation: `x-amz-checksum-type is ${asked}; multipart uploads with ${algorithm} have ${types.join(" or ")} checksums.`,
  });
}
