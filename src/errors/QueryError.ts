import { ServiceError } from "./ServiceError.ts";

/** A code of IAM's or STS's, as their XML has it: SDKs know some of them by longer names (NoSuchEntityException). */
export type QueryErrorCode =
  | "AccessDenied"
  | "ConcurrentModification"
  | "DeleteConflict"
  | "EntityAlreadyExists"
  | "EntityTemporarilyUnmodifiable"
  | "ExpiredToken"
  | "ExpiredTokenException"
  | "IDPCommunicationError"
  | "IDPRejectedClaim"
  | "IncompleteSignature"
  | "InternalFailure"
  | "InvalidAction"
  | "InvalidAuthorizationMessageException"
  | "InvalidClientTokenId"
  | "InvalidIdentityToken"
  | "InvalidInput"
  | "InvalidParameterCombination"
  | "InvalidParameterValue"
  | "LimitExceeded"
  | "MalformedInput"
  | "MalformedPolicyDocument"
  | "MalformedQueryString"
  | "MissingAction"
  | "MissingAuthenticationToken"
  | "MissingParameter"
  | "NoSuchEntity"
  | "NotImplemented"
  | "PackedPolicyTooLarge"
  | "PolicyNotAttachable"
  | "RegionDisabledException"
  | "RequestEntityTooLarge"
  | "ServiceFailure"
  | "ServiceUnavailable"
  | "SignatureDoesNotMatch"
  | "Throttling"
  | "UnmodifiableEntity"
  | "ValidationError";

/** A code's HTTP status, 400 for most, and its text where it has one. */
interface QueryErrorFacts {
  readonly status?: number;
  readonly message?: string;
}

/**
 * What goes over the wire with each code.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
const FACTS: Readonly<Record<QueryErrorCode, QueryErrorFacts>> = {
  AccessDenied: { status: 403 },
  ConcurrentModification: { status: 409 },
  DeleteConflict: { status: 409 },
  EntityAlreadyExists: { status: 409 },
  EntityTemporarilyUnmodifiable: { status: 409 },
  ExpiredToken: { status: 403, message: "The security token included in the request is expired" },
  ExpiredTokenException: {},
  IDPCommunicationError: {},
  IDPRejectedClaim: { status: 403 },
  IncompleteSignature: {},
  InternalFailure: {
    status: 500,
    message: "The request processing has failed because of an unknown error, exception or failure.",
  },
  InvalidAction: {},
  InvalidAuthorizationMessageException: {},
  InvalidClientTokenId: { status: 403, message: "The security token included in the request is invalid." },
  InvalidIdentityToken: {},
  InvalidInput: {},
  InvalidParameterCombination: {},
  InvalidParameterValue: {},
  LimitExceeded: { status: 409 },
  MalformedInput: {},
  MalformedPolicyDocument: {},
  MalformedQueryString: { status: 404, message: "The query string contains a syntax error." },
  MissingAction: { message: "The request is missing an action or a required parameter." },
  MissingAuthenticationToken: { status: 403, message: "Request is missing Authentication Token" },
  MissingParameter: {},
  NoSuchEntity: { status: 404 },
  NotImplemented: { status: 501 },
  PackedPolicyTooLarge: {},
  PolicyNotAttachable: {},
  RegionDisabledException: { status: 403 },
  RequestEntityTooLarge: { status: 413 },
  ServiceFailure: { status: 500 },
  ServiceUnavailable: { status: 503, message: "The request has failed due to a temporary failure of the server." },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. " +
      "Consult the service documentation for details.",
  },
  Throttling: { message: "Rate exceeded" },
  UnmodifiableEntity: {},
  ValidationError: {},
};

/** What a `QueryError` may say beyond its code. */
export interface QueryErrorOptions {
  /** AWS's exact text; needed for codes that have none of their own. */
  readonly message?: string;
  /** One or two plain sentences about this request, sent as `Details`. Never a secret. */
  readonly explanation?: string | undefined;
  /** Overrides the code's HTTP status. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** A refusal or failure of IAM's or STS's that reaches a client. */
export class QueryError extends ServiceError {
  override readonly name = "QueryError";
  declare readonly code: QueryErrorCode;

  constructor(code: QueryErrorCode, options: QueryErrorOptions = {}) {
    const { status = 400, message = "" } = FACTS[code];
    super({ message, status, ...options, code, isDefect: code === "InternalFailure" });
  }
}

/** True for the name of a code that IAM or STS answers with. */
export function isQueryErrorCode(code: string): code is QueryErrorCode {
  return Object.hasOwn(FACTS, code);
}
