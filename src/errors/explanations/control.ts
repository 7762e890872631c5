import type { ControlErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";
import { documented } from "../Explanation.ts";

const tables = documented(["tables"]);
const accessGrants = documented(["access-grants", "control"]);
const accessPoint = documented(["access-point"]);
const accessPointControl = documented(["access-point", "control"]);
const objectLambda = documented(["object-lambda"]);
const batch = documented(["batch", "control"]);
const multiRegion = documented(["access-point", "async"]);

/** The rest of the S3 Control API, Object Lambda, S3 Tables and Outposts. */
export const controlExplanations: Readonly<Record<ControlErrorCode, Explanation>> = {
  AccessDeniedException: tables(
    "S3 Tables: the caller may not do this to the table, namespace or table bucket.",
    "Allow the s3tables: action to the caller.",
  ),
  AccessGrantAlreadyExists: accessGrants("The same grant exists already.", "Use it, or change it instead."),
  AccessGrantsInstanceAlreadyExists: accessGrants(
    "The account has its one Access Grants instance of this region already.",
    "Use it.",
  ),
  AccessGrantsInstanceNotEmptyError: accessGrants(
    "The Access Grants instance cannot be deleted while locations are registered in it.",
    "Delete the locations first.",
  ),
  AccessGrantsInstanceNotExistsError: accessGrants(
    "The account has no Access Grants instance in this region.",
    "Create one, or ask in the region where it is.",
  ),
  AccessGrantsInstanceResourcePolicyNotExists: accessGrants(
    "The Access Grants instance has no resource policy.",
    "Treat it as none.",
  ),
  AccessGrantsLocationAlreadyExistsError: accessGrants("The location is registered already.", "Use its id."),
  AccessGrantsLocationNotEmptyError: accessGrants(
    "The location cannot be removed while grants refer to it.",
    "Delete the grants first.",
  ),
  AccessGrantsLocationsQuotaExceededError: accessGrants(
    "The Access Grants instance has as many locations as it may have.",
    "Remove one, or register a common prefix instead.",
  ),
  AccessGrantsQuotaExceededError: {
    cause: "The Access Grants instance has as many grants as it may have.",
    remedy: "Delete grants that are not needed.",
    areas: ["access-grants", "control"],
    confidence: "inferred",
  },
  AccessPointAlreadyOwnedByYou: {
    cause: "The account has an access point of this name already.",
    remedy: "Use it, or choose another name.",
    areas: ["access-point"],
    confidence: "observed",
  },
  BadRequestException: {
    cause: "S3 Tables or Batch Operations: the request is not valid.",
    remedy: "Compare it with the operation's page.",
    areas: ["tables", "batch", "control"],
    confidence: "documented",
  },
  ClientTokenConflict: accessPointControl(
    "A token that makes requests repeatable was used before for another Multi-Region Access Point request.",
    "Make a new token for each new request.",
  ),
  ConflictException: tables(
    "S3 Tables: the table or namespace exists, or was changed meanwhile.",
    "Read it again and decide anew.",
  ),
  ConnectionClosedByRequester: objectLambda(
    "Object Lambda: the function's answer broke off while it was read.",
    "Look at the function's log.",
  ),
  ForbiddenException: tables("S3 Tables: the caller may not do this.", "Allow the s3tables: action to the caller."),
  IdempotencyException: batch(
    "Batch Operations: the client token was used before for another job.",
    "Make a new token for each job.",
  ),
  InsufficientCapacity: {
    cause: "An Outpost or attached file system has no room left.",
    remedy: "Free some room, or have it enlarged.",
    areas: ["outposts", "fsx"],
    confidence: "documented",
  },
  InternalErrors: multiRegion("A Multi-Region Access Point request failed inside the service.", "Ask for it again."),
  InternalServerErrorException: tables("S3 Tables: the service failed.", "Try again with growing pauses."),
  InternalServiceException: batch("Batch Operations: the service failed.", "Try again with growing pauses."),
  InvalidAccessGrant: accessGrants("The grant named cannot be used.", "Check its id."),
  InvalidAccessGrantsLocation: {
    cause: "The location named cannot be used for a grant.",
    remedy: "Check its id and scope.",
    areas: ["access-grants", "control"],
    confidence: "inferred",
  },
  InvalidAccessPoint: accessPoint(
    "The access point's name or account is not written as S3 wants it.",
    "Use the ARN or the alias that CreateAccessPoint answered.",
  ),
  InvalidAccessPointAliasError: accessPoint(
    "An access point's alias does not exist or cannot be used here.",
    "Use the alias that GetAccessPoint answers, or the ARN.",
  ),
  InvalidIamRole: accessGrants(
    "The IAM role cannot be used for an Access Grants location.",
    "Check its ARN and that access-grants.s3.amazonaws.com may assume it.",
  ),
  InvalidIdentityCenterInstance: accessGrants("The Identity Center instance cannot be associated.", "Check its ARN and region."),
  InvalidKey: {
    cause: "The key cannot be the name of a file in the attached file system.",
    remedy: "Choose a key without empty, dotted or overlong path elements.",
    areas: ["fsx"],
    confidence: "documented",
  },
  InvalidNextTokenException: batch(
    "Batch Operations: the token to go on with a list cannot be read.",
    "Pass it on unchanged, or begin the list anew.",
  ),
  InvalidOutpostState: {
    cause: "The Outpost cannot serve the request in its present state.",
    remedy: "Wait until it is active.",
    areas: ["outposts"],
    confidence: "documented",
  },
  InvalidPrefix: {
    cause: "The prefix for annotations, or of a Storage Lens filter, is not acceptable.",
    remedy: "Use a shorter prefix of characters that names may have.",
    areas: ["annotation", "storage-lens-group", "control"],
    confidence: "documented",
  },
  InvalidRegion: accessPointControl(
    "A Multi-Region Access Point names a region that the account has not opted in to.",
    "Opt in, or leave the region out.",
  ),
  InvalidRequestException: batch("Batch Operations: the job's description is not valid.", "Compare it with CreateJob's page."),
  InvalidResourcePolicy: accessGrants(
    "The resource policy of the Access Grants instance is not acceptable.",
    "Check its JSON, principals and actions.",
  ),
  InvalidTags: accessGrants(
    "The tags for an Access Grants resource are not acceptable.",
    "Use each key once and none that begins with aws:.",
  ),
  JobStatusException: batch(
    "Batch Operations: the job's state does not allow the change.",
    "Look at its status first; only a suspended job can be confirmed.",
  ),
  LambdaInvalidResponse: objectLambda(
    "Object Lambda: the function answered something S3 cannot pass on.",
    "Check its status code and headers.",
  ),
  LambdaInvocationFailed: objectLambda("Object Lambda: the function could not be run.", "Look at its configuration and limits."),
  LambdaNotFound: objectLambda(
    "Object Lambda: the function does not exist.",
    "Check the ARN in the access point's configuration.",
  ),
  LambdaPermissionError: objectLambda(
    "Object Lambda: the caller may not run the function.",
    "Allow lambda:InvokeFunction to the caller.",
  ),
  LambdaResponseNotReceived: {
    cause: "Object Lambda: the function ended without answering.",
    remedy: "Let it call WriteGetObjectResponse in every case.",
    areas: ["object-lambda"],
    confidence: "observed",
  },
  LambdaRuntimeError: objectLambda("Object Lambda: the function failed while it ran.", "Look at its log."),
  LambdaTimeout: objectLambda("Object Lambda: the function took too long.", "Make it faster, or raise its time limit."),
  MultiRegionAccessPointAlreadyOwnedByYou: multiRegion(
    "The account has a Multi-Region Access Point of this name already.",
    "Use it, or choose another name.",
  ),
  MultiRegionAccessPointModifiedByAnotherRequest: multiRegion(
    "Another request changed the Multi-Region Access Point meanwhile.",
    "Read it again and repeat the change.",
  ),
  MultiRegionAccessPointNotReady: multiRegion(
    "The Multi-Region Access Point is still being made or removed.",
    "Wait until it is ready.",
  ),
  MultiRegionAccessPointSameBucketRegion: multiRegion(
    "Two buckets of a Multi-Region Access Point lie in the same region.",
    "Name one bucket per region.",
  ),
  MultiRegionAccessPointUnsupportedRegion: multiRegion(
    "A bucket lies in a region without Multi-Region Access Points.",
    "Use a bucket of another region.",
  ),
  NoSuchAccessGrantError: accessGrants("No grant has this id.", "List the grants."),
  NoSuchAccessGrantsLocationError: accessGrants("No location has this id.", "List the locations."),
  NoSuchAccessPoint: {
    cause: "The account has no access point of this name in this region.",
    remedy: "List the access points, and check account and region.",
    areas: ["access-point"],
    confidence: "observed",
  },
  NoSuchAsyncRequest: accessPointControl(
    "No Multi-Region Access Point request has this token.",
    "Use the token that the request answered.",
  ),
  NoSuchMultiRegionAccessPoint: {
    cause: "No Multi-Region Access Point has this name or alias.",
    remedy: "List them; the alias ends with .mrap.",
    areas: ["access-point", "control", "async"],
    confidence: "documented",
  },
  NoSuchOutpost: {
    cause: "No Outpost has this id.",
    remedy: "Check the id and the region.",
    areas: ["outposts"],
    confidence: "documented",
  },
  NoSuchResource: {
    cause: "What is named is not there: an ARN, or in Holdfast's admin API a path, a request or a planned fault.",
    remedy: "Check the name. Requests are forgotten in time.",
    areas: ["tagging", "control"],
    confidence: "observed",
  },
  NotFoundException: tables("S3 Tables: the table, namespace or table bucket does not exist.", "List what there is."),
  NoTransformationDefined: objectLambda(
    "Object Lambda: the access point has no function for this operation.",
    "Add the operation to its configuration, or use the supporting access point.",
  ),
  PermanentRedirectControlError: {
    cause: "The operation of the control interface belongs to another endpoint, which Endpoint names.",
    remedy: "Send it there.",
    areas: ["redirect", "control"],
    confidence: "documented",
  },
  ResponseInterrupted: objectLambda(
    "Object Lambda: the function's answer stopped half-way.",
    "Look at the function's log, and try again.",
  ),
  StsNotAuthorizedError: accessGrants(
    "Access Grants: the role of the location may not be assumed.",
    "Correct the role's trust policy.",
  ),
  StsPackedPolicyTooLargeError: accessGrants(
    "Access Grants: the session policy made for the grant is too large.",
    "Use a shorter prefix, or fewer session tags.",
  ),
  StsValidationError: accessGrants(
    "Access Grants: the security token service refused what was made of the grant.",
    "Check the duration and the role.",
  ),
  TagPolicyException: {
    cause: "A tag policy of the organisation does not allow this value for this key.",
    remedy: "Use a value the policy lists.",
    areas: ["tagging", "control"],
    confidence: "documented",
  },
  TooManyAccessPoints: accessPoint(
    "The account has as many access points as it may have.",
    "Delete one, or have the quota raised.",
  ),
  TooManyMultiRegionAccessPointregionsError: accessPointControl(
    "A Multi-Region Access Point names more regions than it may have.",
    "Name fewer.",
  ),
  TooManyMultiRegionAccessPoints: accessPointControl(
    "The account has as many Multi-Region Access Points as it may have.",
    "Delete one.",
  ),
  TooManyRequestsException: {
    cause: "S3 Tables or Batch Operations: the caller sends requests too fast.",
    remedy: "Slow down and try again with growing pauses.",
    areas: ["tables", "batch", "control"],
    confidence: "documented",
  },
  TooManyTags: {
    cause: "A resource of the control interface would get more than fifty tags.",
    remedy: "Remove some.",
    areas: ["tagging", "control"],
    confidence: "documented",
  },
  TooManyTagsException: batch("Batch Operations: a job would get more than fifty tags.", "Remove some."),
  UnsupportedOperation: {
    cause: "The operation does not exist on this Outpost or access point.",
    remedy: "Use one it offers.",
    areas: ["outposts"],
    confidence: "documented",
  },
  ValidationError: objectLambda(
    "Object Lambda: the function's call of WriteGetObjectResponse has a value that is not valid.",
    "Check its route, token and headers.",
  ),
};
