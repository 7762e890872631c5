import type { ObjectErrorCode } from "../ErrorCode.ts";
import type { ErrorFacts } from "../ErrorFacts.ts";

/** Objects, versions, parts, checksums, conditions, tags, locks, encryption, annotations. */
export const objectsFacts: Readonly<Record<ObjectErrorCode, ErrorFacts>> = {
  AnnotationLimitExceeded: { soap: null },
  AnnotationNameTooLong: { soap: null },
  AnnotationRequestConflict: { status: 409, soap: null, retryable: true },
  BadDigest: {
    message: "The Content-MD5 you specified did not match what we received.",
    details: ["CalculatedDigest", "ExpectedDigest"],
    retryable: true,
  },
  ConditionalRequestConflict: {
    status: 409,
    message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
    details: ["Condition", "Key"],
    retryable: true,
  },
  EncryptionTypeMismatch: {
    soap: null,
    message:
      "The existing object was created with a different encryption type. Subsequent write requests must include the appropriate encryption parameters in the request or while creating the session.",
  },
  EntityTooLarge: {
    message: "Your proposed upload exceeds the maximum allowed size",
    details: ["ProposedSize", "MaxSizeAllowed"],
  },
  EntityTooSmall: {
    message: "Your proposed upload is smaller than the minimum allowed size",
    details: ["ProposedSize", "MinSizeAllowed", "PartNumber", "ETag"],
  },
  GlacierExpeditedRetrievalNotAvailable: {
    status: 503,
    soap: null,
    message: "Glacier expedited retrievals are currently not available, please try again later",
    retryable: true,
  },
  IdempotencyParameterMismatch: {
    soap: null,
    message: "Parameters on this idempotent request are inconsistent with parameters used in previous request(s).",
  },
  InvalidAnnotationName: { soap: null },
  InvalidChunkSizeError: {
    status: 403,
    soap: null,
    message: "Only the last chunk is allowed to have a size less than 8192 bytes",
    details: ["Chunk", "BadChunkSize"],
  },
  InvalidDigest: { message: "The Content-MD5 you specified was invalid.", details: ["Content-MD5"] },
  InvalidEncryptionAlgorithmError: {
    message: "The Encryption request you specified is not valid. Supported value: AES256.",
    details: ["ArgumentName", "ArgumentValue"],
  },
  InvalidObjectState: {
    status: 403,
    message: "The operation is not valid for the object's storage class",
    details: ["StorageClass"],
  },
  InvalidPart: {
    message:
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    details: ["UploadId", "PartNumber", "ETag"],
  },
  InvalidPartNumber: {
    status: 416,
    soap: null,
    message: "The requested partnumber is not satisfiable",
    details: ["PartNumberRequested", "ActualPartCount"],
  },
  InvalidPartOrder: {
    message: "The list of parts was not in ascending order. Parts must be ordered by part number.",
    details: ["UploadId"],
  },
  InvalidRange: {
    status: 416,
    message: "The requested range is not satisfiable",
    details: ["RangeRequested", "ActualObjectSize"],
  },
  InvalidRedirectLocation: {
    soap: null,
    message: "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  },
  InvalidRetentionPeriod: { soap: null, message: "Default retention period must be a positive integer value." },
  InvalidStorageClass: { message: "The storage class you specified is not valid", details: ["StorageClassRequested"] },
  InvalidTag: { message: "The TagKey you have provided is invalid", details: ["TagKey", "TagValue"] },
  InvalidWriteOffset: {
    soap: null,
    message: "The write offset value that you specified does not match the current object size.",
  },
  KeyTooLongError: { message: "Your key is too long", details: ["Size", "MaxSizeAllowed"] },
  "KMS.DisabledException": { message: "{arn} is disabled." },
  "KMS.InvalidKeyUsageException": { message: "{arn} key usage is SIGN_VERIFY which is not valid for GenerateDataKey." },
  "KMS.KMSInvalidStateException": { message: "{arn} is pending deletion." },
  "KMS.NotFoundException": { message: "Invalid keyId '{keyId}'" },
  MetadataTooLarge: {
    message: "Your metadata headers exceed the maximum allowed metadata size",
    details: ["Size", "MaxSizeAllowed"],
  },
  NoSuchAnnotation: { status: 404, soap: null, message: "The specified annotation does not exist.", details: ["AnnotationName"] },
  NoSuchKey: { status: 404, message: "The specified key does not exist.", details: ["Key"] },
  NoSuchObjectLockConfiguration: { status: 404, message: "The specified object does not have a ObjectLock configuration" },
  NoSuchUpload: {
    status: 404,
    message:
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    details: ["UploadId"],
  },
  NoSuchVersion: { status: 404, message: "The specified version does not exist.", details: ["Key", "VersionId"] },
  NotModified: { status: 304, soap: "Server", message: "Not Modified" },
  ObjectAlreadyInActiveTierError: { status: 403, soap: null, message: "This action is not allowed against this storage tier." },
  ObjectNotInActiveTierError: {
    status: 403,
    soap: null,
    message: "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.",
  },
  PreconditionFailed: {
    status: 412,
    message: "At least one of the pre-conditions you specified did not hold",
    details: ["Condition"],
  },
  RestoreAlreadyInProgress: { status: 409, message: "Object restore is already in progress" },
  TooManyParts: {
    soap: null,
    message: "You have attempted to add more parts than the maximum of 10000 that are allowed for this object.",
  },
  UnsupportedMediaType: { status: 415, soap: null },
  UserAnnotationNameMustBeSpecified: { soap: null, message: "You must specify a user annotation name." },
};
