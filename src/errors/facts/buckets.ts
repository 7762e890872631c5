import type { BucketErrorCode } from "../ErrorCode.ts";
import type { ErrorFacts } from "../ErrorFacts.ts";

/** Buckets, their configurations, and the policies of browser forms. */
export const bucketsFacts: Readonly<Record<BucketErrorCode, ErrorFacts>> = {
  AccessControlListNotSupported: { message: "The bucket does not allow ACLs" },
  AmbiguousGrantByEmailAddress: { message: "The email address you provided is associated with more than one account." },
  BucketAlreadyExists: {
    status: 409,
    message:
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    details: ["BucketName"],
  },
  BucketAlreadyOwnedByYou: {
    status: 409,
    message: "Your previous request to create the named bucket succeeded and you already own it.",
    details: ["BucketName"],
  },
  BucketHasAccessPointsAttached: {
    message: "The bucket you tried to delete has access points attached. Delete your access points before deleting your bucket.",
    details: ["BucketName"],
  },
  BucketNotEmpty: { status: 409, message: "The bucket you tried to delete is not empty", details: ["BucketName"] },
  CrossLocationLoggingProhibited: {
    status: 403,
    message: "Cross S3 location logging not allowed. ",
    details: ["SourceBucketLocation", "TargetBucketLocation"],
  },
  CrossLocationLoggingProhibitted: {
    status: 403,
    soap: null,
    message: "Cross S3 location logging not allowed. ",
    details: ["SourceBucketLocation", "TargetBucketLocation"],
  },
  IdMismatch: { soap: null, message: "Document ID does not match the specified configuration ID." },
  IllegalLocationConstraintException: {
    message: "The {region} location constraint is incompatible for the region specific endpoint this request was sent to.",
  },
  IllegalVersioningConfigurationException: { message: "The Versioning element must be specified" },
  InvalidBucketAclWithBlockPublicAccessError: {
    soap: null,
    message: "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
  },
  InvalidBucketAclWithObjectOwnership: {
    message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  },
  InvalidBucketName: { message: "The specified bucket is not valid.", details: ["BucketName"] },
  InvalidBucketOwnerAWSAccountID: {
    message: "The value of the expected bucket owner parameter must be an AWS Account ID... [{value}]",
  },
  InvalidBucketState: {
    status: 409,
    message: "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
  },
  InvalidLocationConstraint: { message: "The specified location-constraint is not valid", details: ["LocationConstraint"] },
  InvalidPolicyDocument: { message: "Invalid Policy: Invalid JSON." },
  InvalidS3DestinationBucket: { soap: null, message: "Invalid bucket ARN." },
  InvalidTargetBucketForLogging: { message: "The target bucket for logging does not exist", details: ["TargetBucket"] },
  MalformedACLError: { message: "The XML you provided was not well-formed or did not validate against our published schema" },
  MalformedContinuationToken: { soap: null, message: "The continuation-token you provided invalid." },
  MalformedPolicy: { message: "Policies must be valid JSON and the first byte must be '{'" },
  MetadataConfigurationNotFound: {
    status: 404,
    soap: null,
    message: "The metadata configuration was not found",
    details: ["BucketName"],
  },
  NoLoggingStatusForKey: { message: "There is no such thing as the ?logging sub-resource for a key" },
  NoSuchBucket: { status: 404, message: "The specified bucket does not exist", details: ["BucketName"] },
  NoSuchBucketPolicy: { status: 404, message: "The bucket policy does not exist", details: ["BucketName"] },
  NoSuchConfiguration: { status: 404, soap: null, message: "The specified configuration does not exist." },
  NoSuchCORSConfiguration: { status: 404, message: "The CORS configuration does not exist", details: ["BucketName"] },
  NoSuchLifecycleConfiguration: { status: 404, message: "The lifecycle configuration does not exist", details: ["BucketName"] },
  NoSuchPublicAccessBlockConfiguration: {
    status: 404,
    soap: null,
    message: "The public access block configuration was not found",
    details: ["BucketName"],
  },
  NoSuchTagSet: { status: 404, message: "The TagSet does not exist", details: ["BucketName"] },
  NoSuchWebsiteConfiguration: {
    status: 404,
    message: "The specified bucket does not have a website configuration",
    details: ["BucketName"],
  },
  ObjectLockConfigurationNotFoundError: {
    status: 404,
    message: "Object Lock configuration does not exist for this bucket",
    details: ["BucketName"],
  },
  OwnershipControlsNotFoundError: {
    status: 404,
    message: "The bucket ownership controls were not found",
    details: ["BucketName"],
  },
  ReplicationConfigurationNotFoundError: {
    status: 404,
    soap: null,
    message: "The replication configuration was not found",
    details: ["BucketName"],
  },
  ServerSideEncryptionConfigurationNotFoundError: {
    status: 404,
    message: "The server side encryption configuration was not found",
    details: ["BucketName"],
  },
  TooManyBuckets: { message: "You have attempted to create more buckets than allowed" },
  UnresolvableGrantByEmailAddress: { message: "The email address you provided does not match any account on record." },
  V1APIsNotAllowed: {
    status: 405,
    soap: null,
    message:
      "The V1 GetBucketMetadataTableConfiguration API operation isn't available for this account. Use the corresponding V2 GetBucketMetadataConfiguration API operation instead.",
    details: ["Method"],
  },
};
