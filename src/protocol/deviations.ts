/**
 * Where S3's wire differs from what the SDK's schemas say: the only list of its kind, each entry with its reason.
 */
import type { ErrorCode } from "../errors/ErrorCode.ts";
import type { OperationName } from "./generated/types.ts";

/** Operations of the SDK that a general purpose endpoint cannot tell from another: S3 Express lists its buckets by `GET /` too. */
export const unroutedOperations: ReadonlySet<OperationName> = new Set<OperationName>(["ListDirectoryBuckets"]);

/**
 * Subresources of buckets that S3 does not look for at a key: it serves the object as if they were not in the query. They are the newer
 * ones. The older ones S3 sees at a key too, and refuses the methods they do not take, or the key.
 */
export const unseenOfKeys: ReadonlySet<string> = new Set([
  "abac",
  "analytics",
  "intelligent-tiering",
  "metadataAnnotationTable",
  "metadataConfiguration",
  "metadataInventoryTable",
  "metadataJournalTable",
  "metadataTable",
  "metrics",
  "object-lock",
  "ownershipControls",
  "policyStatus",
  "publicAccessBlock",
  "session",
]);

/** Subresources of buckets that S3 answers at a key as it does at the bucket, whatever the key. */
export const answeredOfKeys: ReadonlySet<string> = new Set(["location"]);

/** S3 answers 204 here; the schema says 200. */
export const statuses: Readonly<Partial<Record<OperationName, number>>> = { PutBucketPolicy: 204 };

/**
 * Timestamps of the schemas that are text on the wire: S3 keeps and returns `Expires` as it was sent, a date or not. The generator turns
 * them into strings. The SDK's clients read such a value from a member of their own, `ExpiresString`.
 */
export const textMembers: ReadonlySet<string> = new Set(["Expires", "ResponseExpires"]);

/** A member that S3 reads and the schemas do not have; a text. */
export interface AddedMember {
  readonly name: string;
  readonly in: "query" | "header";
  /** The name of the parameter or, in lower case, of the header. */
  readonly wire: string;
}

const IF_RANGE: AddedMember = { name: "IfRange", in: "header", wire: "if-range" };

/** By structure, the members that the generator adds to inputs. */
export const addedMembers: Readonly<Record<string, readonly AddedMember[]>> = {
  // HTTP has this condition of Range (RFC 9110, section 13.1.5), and S3 keeps it.
  GetObjectRequest: [IF_RANGE],
  HeadObjectRequest: [IF_RANGE],
  // S3 refuses these, which belong to other operations and would be missed.
  CopyObjectRequest: [{ name: "Range", in: "header", wire: "range" }],
  ListObjectsRequest: [{ name: "StartAfter", in: "query", wire: "start-after" }],
};

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
  "BucketCannedACL",
  "BucketLocationConstraint",
  "BucketLogsPermission",
  "ChecksumMode",
  "EncodingType",
  "Protocol",
  "StorageClass",
]);

/**
 * Enumerations whose values S3 reads in any case where a header holds them: AWS' own clients send "enabled" and "crc32". All their names are
 * capitals. The others are case-sensitive: S3 refuses "standard" for a storage class and "copy" for a metadata directive.
 */
export const anyCaseEnumerations: ReadonlySet<string> = new Set(["ChecksumAlgorithm", "ChecksumMode", "ChecksumType"]);

/** Operations whose x-amz-checksum-* headers are of the object they make, and not of their body. */
export const objectChecksums: ReadonlySet<OperationName> = new Set<OperationName>(["CompleteMultipartUpload"]);

/**
 * Operations that take a body without a checksum, whatever the schemas say: clients older than checksums set ACLs, logging and websites to
 * this day, and s3cmd, which sends none with them, sets them on S3.
 */
export const checksumOptional: ReadonlySet<OperationName> = new Set<OperationName>([
  "PutBucketAcl",
  "PutBucketLogging",
  "PutBucketWebsite",
  "PutObjectAcl",
]);

/** Operations that compare Content-MD5 with their body before its signed SHA-256; the others do so after it. */
export const md5First: ReadonlySet<OperationName> = new Set<OperationName>(["DeleteObjects"]);

/** Operations whose BadDigest shows the expected MD5 in hexadecimal digits; the others show base64, as it was sent. */
export const hexadecimalMd5: ReadonlySet<OperationName> = new Set<OperationName>(["PutObject"]);

/** Documents that have an error of their own for what MalformedXML says of the others. */
export const malformedBodyCodes: Readonly<Partial<Record<OperationName, ErrorCode>>> = {
  PutBucketAcl: "MalformedACLError",
  PutObjectAcl: "MalformedACLError",
};

/** Operations whose missing document is malformed; they are older than MissingRequestBodyError, which the others give. */
export const emptyBodyIsMalformed: ReadonlySet<OperationName> = new Set<OperationName>(["DeleteObjects"]);

/** Documents that have a limit of their own, in bytes. S3 does not tell that of lifecycles: ours is 1 KiB for each rule that there can be. */
export const maxDocumentSizesBytes: Readonly<Partial<Record<OperationName, number>>> = {
  PutBucketCors: 64 * 1024,
  PutBucketLifecycleConfiguration: 1000 * 1024,
  PutBucketWebsite: 128 * 1024,
};

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
  Bucket: "Name CreationDate BucketRegion BucketArn",
  Owner: "ID DisplayName",
  Initiator: "ID DisplayName",
  CopyObjectResult: "LastModified ETag",
  CopyPartResult: "LastModified ETag",
  DeletedObject: "Key VersionId DeleteMarker DeleteMarkerVersionId",
  Error: "Key VersionId Code Message",
  CreateMultipartUploadOutput: "Bucket Key UploadId",
  CompleteMultipartUploadOutput: "Location Bucket Key ETag",
  // As s3cmd has shown what S3 answered.
  CORSRule: "ID AllowedOrigin AllowedMethod MaxAgeSeconds ExposeHeader AllowedHeader",
  RoutingRule: "Condition Redirect",
  LifecycleRule:
    "ID Prefix Filter Status Transition Expiration NoncurrentVersionTransition NoncurrentVersionExpiration AbortIncompleteMultipartUpload",
};

/** Two lists of a structure that are one on the wire. */
export interface MixedLists {
  readonly list: string;
  readonly others: string;
  /** What items of the first list have, and those of the second don't. */
  readonly member: string;
}

/**
 * S3 writes these lists as one, in one order; the schemas have two. Outputs hold all items in the first list: those without a member that
 * its own items always have are written as the second one's.
 */
export const mixedLists: Readonly<Record<string, MixedLists>> = {
  ListObjectVersionsOutput: { list: "Versions", others: "DeleteMarkers", member: "ETag" },
};

/** What server access logs call copies, which are a GET and a PUT; all others are called by their method and resource. */
export const loggedNames: Readonly<Partial<Record<OperationName, string>>> = {
  CopyObject: "REST.COPY.OBJECT",
  UploadPartCopy: "REST.COPY.PART",
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
