import type { ErrorCode } from "./ErrorCode.ts";
import { selectFacts } from "./facts/select.ts";
import { storageLensFacts } from "./facts/storageLens.ts";

/** Codes that no request can bring yet. */
export interface Unraised {
  readonly codes: readonly ErrorCode[];
}

/** Codes that wait for something that is not built yet. Who builds it takes them off this list. */
export interface Waiting extends Unraised {
  /** The operation as S3 names it, or one of {@link UNBUILT_FEATURES}. */
  readonly waitsFor: string;
}

/** Codes that Holdfast will never send. */
export interface Unreachable extends Unraised {
  readonly reason: string;
}

/** What is no operation of the SDK's and not built yet either. */
export const UNBUILT_FEATURES: ReadonlySet<string> = new Set(["signature version 4A"]);

function codesOf(facts: Readonly<Partial<Record<ErrorCode, unknown>>>): ErrorCode[] {
  return Object.keys(facts) as ErrorCode[];
}

/** The codes of operations and features that are not built yet. */
export const WAITING: readonly Waiting[] = [
  {
    waitsFor: "CreateSession",
    codes: ["EncryptionTypeMismatch", "InvalidSessionException", "InvalidWriteOffset", "TooManyParts"],
  },
  { waitsFor: "GetObjectAnnotation", codes: ["NoSuchAnnotation", "UserAnnotationNameMustBeSpecified"] },
  { waitsFor: "ListObjectAnnotations", codes: ["InvalidPrefix"] },
  { waitsFor: "PutBucketInventoryConfiguration", codes: ["IdMismatch", "InvalidS3DestinationBucket"] },
  {
    waitsFor: "PutObjectAnnotation",
    codes: [
      "AnnotationLimitExceeded",
      "AnnotationNameTooLong",
      "AnnotationRequestConflict",
      "InvalidAnnotationName",
      "UnsupportedMediaType",
    ],
  },
  { waitsFor: "RenameObject", codes: ["IdempotencyParameterMismatch"] },
  {
    waitsFor: "SelectObjectContent",
    codes: codesOf(selectFacts),
  },
  { waitsFor: "WriteGetObjectResponse", codes: ["ValidationError"] },
  { waitsFor: "signature version 4A", codes: ["RegionSetMismatch"] },
];

/** The codes that have no cause here, with the reason. */
export const UNREACHABLE: readonly Unreachable[] = [
  {
    reason:
      "S3 documents it and does not say when it is sent. A session token of this server is good until its session ends, and then answered ExpiredToken.",
    codes: ["TokenRefreshRequired"],
  },
  { reason: "S3 documents this code and sends SlowDown in its place.", codes: ["503 SlowDown"] },
  {
    reason: "It belongs to S3 Tables, a service of its own that Holdfast does not offer.",
    codes: [
      "AccessDeniedException",
      "BadRequestException",
      "ConflictException",
      "ForbiddenException",
      "InternalServerErrorException",
      "NotFoundException",
      "TooManyRequestsException",
    ],
  },
  {
    reason: "Access Grants are part of the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: [
      "AccessGrantAlreadyExists",
      "AccessGrantsInstanceAlreadyExists",
      "AccessGrantsInstanceNotEmptyError",
      "AccessGrantsInstanceNotExistsError",
      "AccessGrantsInstanceResourcePolicyNotExists",
      "AccessGrantsLocationAlreadyExistsError",
      "AccessGrantsLocationNotEmptyError",
      "AccessGrantsLocationsQuotaExceededError",
      "AccessGrantsQuotaExceededError",
      "InvalidAccessGrant",
      "InvalidAccessGrantsLocation",
      "InvalidIamRole",
      "InvalidIdentityCenterInstance",
      "InvalidResourcePolicy",
      "InvalidTags",
      "NoSuchAccessGrantError",
      "NoSuchAccessGrantsLocationError",
      "StsNotAuthorizedError",
      "StsPackedPolicyTooLargeError",
      "StsValidationError",
    ],
  },
  {
    reason: "Access points are part of the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: [
      "AccessPointAlreadyOwnedByYou",
      "ClientTokenConflict",
      "InternalErrors",
      "InvalidAccessPoint",
      "InvalidAccessPointAliasError",
      "InvalidRegion",
      "MultiRegionAccessPointAlreadyOwnedByYou",
      "MultiRegionAccessPointModifiedByAnotherRequest",
      "MultiRegionAccessPointNotReady",
      "MultiRegionAccessPointSameBucketRegion",
      "MultiRegionAccessPointUnsupportedRegion",
      "NoSuchAccessPoint",
      "NoSuchAsyncRequest",
      "NoSuchMultiRegionAccessPoint",
      "TooManyAccessPoints",
      "TooManyMultiRegionAccessPointregionsError",
      "TooManyMultiRegionAccessPoints",
      "BucketHasAccessPointsAttached",
    ],
  },
  {
    reason: "Storage Lens is part of the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: codesOf(storageLensFacts),
  },
  {
    reason: "Holdfast has users, and no accounts that could be unpaid, suspended or not signed up.",
    codes: ["AccountProblem", "InvalidPayer", "NotSignedUp"],
  },
  { reason: "An e-mail address belongs to one account at most here.", codes: ["AmbiguousGrantByEmailAddress"] },
  { reason: "Holdfast has no switch that shuts a single object or bucket for everybody.", codes: ["AllAccessDisabled"] },
  {
    reason: "Object Lambda runs functions of AWS Lambda, which Holdfast does not have.",
    codes: [
      "ConnectionClosedByRequester",
      "LambdaInvalidResponse",
      "LambdaInvocationFailed",
      "LambdaNotFound",
      "LambdaPermissionError",
      "LambdaResponseNotReceived",
      "LambdaRuntimeError",
      "LambdaTimeout",
      "NoTransformationDefined",
      "ResponseInterrupted",
    ],
  },
  {
    reason: "S3 documents this code and sends CrossLocationLoggingProhibitted in its place.",
    codes: ["CrossLocationLoggingProhibited"],
  },
  {
    reason: "A server has an endpoint for each of its regions, and knows no other to send a request to.",
    codes: ["EndpointNotFound"],
  },
  {
    reason: "Batch Operations are part of the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: [
      "IdempotencyException",
      "InternalServiceException",
      "InvalidNextTokenException",
      "InvalidRequestException",
      "JobStatusException",
      "TooManyTagsException",
    ],
  },
  {
    reason: "S3 documents this code and sends InvalidArgument in its place.",
    codes: ["IncorrectNumberOfFilesInPostRequest", "InvalidRetentionPeriod"],
  },
  {
    reason: "Outposts are AWS's machines in other places; Holdfast is none.",
    codes: ["InsufficientCapacity", "InvalidOutpostState", "NoSuchOutpost", "UnsupportedOperation"],
  },
  {
    reason: "Restores need no machines here that could be lacking: an expedited one is always to be had.",
    codes: ["GlacierExpeditedRetrievalNotAvailable"],
  },
  { reason: "Holdfast serves both styles of addressing everywhere.", codes: ["InvalidHostHeader"] },
  { reason: "S3 documents this code and sends MethodNotAllowed or BadRequest in its place.", codes: ["InvalidHttpMethod"] },
  { reason: "It belongs to file systems of AWS that are reached through S3.", codes: ["InvalidKey"] },
  { reason: "Every cause that is known has a narrower code.", codes: ["InvalidSecurity", "UnsupportedArgument"] },
  { reason: "S3 documents this code and sends SignatureDoesNotMatch in its place.", codes: ["InvalidSignature"] },
  {
    reason: "S3 documents this code and sends MaxPostPreDataLengthExceeded in its place.",
    codes: ["MaxPostPreDataLengthExceededError"],
  },
  { reason: "S3 documents this code and sends AccessDenied in its place.", codes: ["MissingAuthenticationToken"] },
  {
    reason: "It belongs to the tags of the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: ["TagPolicyException", "TooManyTags"],
  },
  { reason: "It is never on the wire: SDKs make it up for an answer without body.", codes: ["NotFound"] },
  { reason: "S3 documents this code and sends InvalidObjectState in its place.", codes: ["ObjectNotInActiveTierError"] },
  {
    reason: "It belongs to the S3 Control API, a service of its own that Holdfast does not offer.",
    codes: ["PermanentRedirectControlError"],
  },
  { reason: "S3 documents this code and sends TemporaryRedirect in its place.", codes: ["Redirect"] },
  { reason: "S3 documents this code and sends PreconditionFailed in its place.", codes: ["RequestIsNotMultiPartContent"] },
  { reason: "Holdfast sets no limit to the number of buckets.", codes: ["TooManyBuckets"] },
  { reason: "It is for AWS's regions in China.", codes: ["UnauthorizedAccessError", "UnexpectedIPError"] },
  { reason: "It is about the age of an account at AWS.", codes: ["V1APIsNotAllowed"] },
];
