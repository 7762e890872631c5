/**
 * Where S3's wire differs from what the SDK's schemas say: the only list of its kind, each entry with its reason.
 */
import type { ErrorCode } from "../errors/ErrorCode.ts";
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

/** The header of `ExpiresString`, a member that exists in the SDK only and is given no header there. */
export const headerNames: Readonly<Record<string, string>> = { expiresstring: "expires" };

/** Numbers by which lists are paged: S3 checks them in one way, and an empty one is as good as none. */
export const listNumbers: ReadonlySet<string> = new Set([
  "max-buckets",
  "max-keys",
  "max-parts",
  "max-uploads",
  "part-number-marker",
  "x-amz-part-number-marker",
]);

/** Strings of the schemas that S3 takes for numbers. */
export const numericTexts: ReadonlySet<string> = new Set(["part-number-marker", "x-amz-part-number-marker"]);

/** Numbers of 64 bits; the others have 32. */
export const longNumbers: ReadonlySet<string> = new Set(["x-amz-mp-object-size", "x-amz-write-offset-bytes"]);

/** Numbers that S3 passes over when they are none. */
export const ignoredNumbers: ReadonlySet<string> = new Set(["x-amz-max-parts"]);

/** Booleans that S3 refuses for being there, whatever they say: operations do that. */
export const anyBooleans: ReadonlySet<string> = new Set(["x-amz-bypass-governance-retention"]);

/** GetBucketLocation's document is the value itself: `<LocationConstraint xmlns="…">eu-west-1</LocationConstraint>`. */
export const unwrappedOutputs: ReadonlySet<OperationName> = new Set<OperationName>(["GetBucketLocation"]);

/** Enumerations whose members take any text: S3 has errors of its own for these values, or gives them later, and operations do that. */
export const openEnumerations: ReadonlySet<string> = new Set([
  "BucketLocationConstraint",
  "ChecksumMode",
  "EncodingType",
  "StorageClass",
]);

/** Documents that have an error of their own for what MalformedXML says of the others. */
export const malformedBodyCodes: Readonly<Partial<Record<OperationName, ErrorCode>>> = {
  PutBucketAcl: "MalformedACLError",
  PutObjectAcl: "MalformedACLError",
};

/** Operations whose missing document is malformed; they are older than MissingRequestBodyError, which the others give. */
export const emptyBodyIsMalformed: ReadonlySet<OperationName> = new Set<OperationName>(["DeleteObjects"]);

/**
 * The order of elements on the wire, as AWS's API reference prints the documents. The schemas list required members first, which is not it.
 * Elements that are not listed follow in the schema's order.
 */
export const elementOrder: Readonly<Record<string, string>> = {
  ListObjectsOutput: "Name Prefix Marker NextMarker MaxKeys Delimiter EncodingType IsTruncated Contents CommonPrefixes",
  ListObjectsV2Output:
    "Name Prefix StartAfter ContinuationToken NextContinuationToken KeyCount MaxKeys Delimiter EncodingType IsTruncated Contents " +
    "CommonPrefixes",
  ListObjectVersionsOutput:
    "Name Prefix KeyMarker VersionIdMarker NextKeyMarker NextVersionIdMarker MaxKeys Delimiter EncodingType IsTruncated Version " +
    "DeleteMarker CommonPrefixes",
  Object: "Key LastModified ETag ChecksumAlgorithm ChecksumType Size Owner StorageClass RestoreStatus",
  ObjectVersion: "Key VersionId IsLatest LastModified ETag ChecksumAlgorithm ChecksumType Size Owner StorageClass",
  DeleteMarkerEntry: "Key VersionId IsLatest LastModified Owner",
  ListMultipartUploadsOutput:
    "Bucket KeyMarker UploadIdMarker NextKeyMarker NextUploadIdMarker Delimiter Prefix EncodingType MaxUploads IsTruncated Upload " +
    "CommonPrefixes",
  MultipartUpload: "Key UploadId Initiator Owner StorageClass Initiated ChecksumAlgorithm ChecksumType",
  ListPartsOutput:
    "Bucket Key UploadId Initiator Owner StorageClass PartNumberMarker NextPartNumberMarker MaxParts IsTruncated ChecksumAlgorithm " +
    "ChecksumType Part",
  Part: "PartNumber LastModified ETag Size",
  ListBucketsOutput: "Owner Buckets ContinuationToken Prefix",
  Bucket: "Name CreationDate BucketRegion",
  Owner: "ID DisplayName",
  Initiator: "ID DisplayName",
  CopyObjectResult: "LastModified ETag",
  CopyPartResult: "LastModified ETag",
  DeletedObject: "Key VersionId DeleteMarker DeleteMarkerVersionId",
  Error: "Key VersionId Code Message",
  CreateMultipartUploadOutput: "Bucket Key UploadId",
  CompleteMultipartUploadOutput: "Location Bucket Key ETag",
};

/** Operations whose errors come without an XML declaration: S3 makes them where it has begun, or may begin, the answer's body already. */
export const undeclaredErrors: ReadonlySet<OperationName> = new Set<OperationName>([
  "CopyObject",
  "UploadPartCopy",
  "CompleteMultipartUpload",
  "GetObjectAttributes",
]);

/** Subresources whose operations have errors without an XML declaration: another part of S3 serves them, which leaves it out. */
export const undeclaredSubresources: ReadonlySet<string> = new Set([
  "lifecycle",
  "intelligent-tiering",
  "inventory",
  "metadataConfiguration",
  "metadataTable",
]);
