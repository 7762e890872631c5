/**
 * Where S3's wire differs from what the SDK's schemas say: the only list of its kind, each entry with its reason.
 */
import type { OperationName } from "./generated/types.ts";

/** Operations of the SDK that a general purpose endpoint cannot tell from another: S3 Express lists its buckets by `GET /` too. */
export const unroutedOperations: ReadonlySet<OperationName> = new Set<OperationName>(["ListDirectoryBuckets"]);

/** S3 answers 204 here; the schema says 200. */
export const statuses: Readonly<Partial<Record<OperationName, number>>> = { PutBucketPolicy: 204 };

/**
 * Timestamps of the schemas that are text on the wire: S3 keeps and returns `Expires` as it was sent, a date or not. The generator turns
 * them into strings. The SDK's clients read such a value from a member of their own, `ExpiresString`.
 */
export const textMembers: ReadonlySet<string> = new Set(["Expires", "ResponseExpires"]);

/** Members whose wire name the schema leaves to the client. */
export const headerNames: Readonly<Record<string, string>> = { expiresstring: "expires" };

/** GetBucketLocation's document is the value itself: `<LocationConstraint xmlns="…">eu-west-1</LocationConstraint>`. */
export const unwrappedOutputs: ReadonlySet<OperationName> = new Set<OperationName>(["GetBucketLocation"]);

/**
 * The order of elements on the wire, as AWS's API reference prints the documents. The schemas list required members first, which is not it.
 * Elements that are not listed follow in the schema's order.
 */
export const elementOrder: Readonly<Record<string, readonly string[]>> = {
  ListObjectsOutput: [
    "Name",
    "Prefix",
    "Marker",
    "NextMarker",
    "MaxKeys",
    "Delimiter",
    "EncodingType",
    "IsTruncated",
    "Contents",
    "CommonPrefixes",
  ],
  ListObjectsV2Output: [
    ...["Name", "Prefix", "StartAfter", "ContinuationToken", "NextContinuationToken", "KeyCount", "MaxKeys", "Delimiter"],
    ...["EncodingType", "IsTruncated", "Contents", "CommonPrefixes"],
  ],
  ListObjectVersionsOutput: [
    ...["Name", "Prefix", "KeyMarker", "VersionIdMarker", "NextKeyMarker", "NextVersionIdMarker", "MaxKeys", "Delimiter"],
    ...["EncodingType", "IsTruncated", "Version", "DeleteMarker", "CommonPrefixes"],
  ],
  Object: ["Key", "LastModified", "ETag", "ChecksumAlgorithm", "ChecksumType", "Size", "Owner", "StorageClass", "RestoreStatus"],
  ObjectVersion: [
    ...[
      "Key",
      "VersionId",
      "IsLatest",
      "LastModified",
      "ETag",
      "ChecksumAlgorithm",
      "ChecksumType",
      "Size",
      "Owner",
      "StorageClass",
    ],
  ],
  ListMultipartUploadsOutput: [
    ...["Bucket", "KeyMarker", "UploadIdMarker", "NextKeyMarker", "NextUploadIdMarker", "Delimiter", "Prefix", "EncodingType"],
    ...["MaxUploads", "IsTruncated", "Upload", "CommonPrefixes"],
  ],
  MultipartUpload: ["Key", "UploadId", "Initiator", "Owner", "StorageClass", "Initiated", "ChecksumAlgorithm", "ChecksumType"],
  ListPartsOutput: [
    ...[
      "Bucket",
      "Key",
      "UploadId",
      "Initiator",
      "Owner",
      "StorageClass",
      "PartNumberMarker",
      "NextPartNumberMarker",
      "MaxParts",
    ],
    ...["IsTruncated", "ChecksumAlgorithm", "ChecksumType", "Part"],
  ],
  ListBucketsOutput: ["Owner", "Buckets", "ContinuationToken", "Prefix"],
  Owner: ["ID", "DisplayName"],
  CopyObjectResult: ["LastModified", "ETag"],
  CopyPartResult: ["LastModified", "ETag"],
  DeletedObject: ["Key", "VersionId", "DeleteMarker", "DeleteMarkerVersionId"],
  Error: ["Key", "VersionId", "Code", "Message"],
  CreateMultipartUploadOutput: ["Bucket", "Key", "UploadId"],
  CompleteMultipartUploadOutput: ["Location", "Bucket", "Key", "ETag"],
};
