import type { ErrorCode } from "../errors/ErrorCode.ts";
import { isErrorCode } from "./isErrorCode.ts";
import type { RetryAdvice } from "./RetryAdvice.ts";

/** For most codes: what is wrong with the request stays wrong. */
export const NO_RETRY: RetryAdvice = {
  retry: "no",
  how: "Do not send it again as it is: the same request will be refused again.",
};

/** Bytes that are damaged on the way twice more are not damaged by chance. */
const ATTEMPTS_OF_DAMAGED_BYTES = 3;

const asIs = (how: string): RetryAdvice => ({ retry: "asIs", how });
const slower = (how: string): RetryAdvice => ({ retry: "slower", how });
const afterChange = (how: string): RetryAdvice => ({ retry: "afterChange", how });
const damaged = (how: string): RetryAdvice => ({ retry: "asIs", how, attempts: ATTEMPTS_OF_DAMAGED_BYTES });

const INTERNAL = asIs(
  "Send it again after a pause that grows. A write may have been carried out: a conditional one that then meets a 412 may be meeting itself.",
);
const LATER = asIs("Send it again after a moment.");
const SLOW_DOWN = slower(
  "Send it again after longer pauses, send fewer requests at a time everywhere, and let the rate grow again gradually.",
);
const SHORT_OF_CAPACITY = slower("Send it again after longer pauses, and fewer requests at a time.");
const FOLLOW_LOCATION = afterChange(
  "Send the same request to the address in Location, and later ones to the first address again.",
);
const OTHER_ENDPOINT = afterChange(
  "Send it to the endpoint and sign it for the region that the answer names (Endpoint, Region, x-amz-bucket-region).",
);
const NEW_CREDENTIALS = afterChange("Get new temporary credentials and sign it again.");
const READ_AGAIN = afterChange("Read it again and decide anew: what is there has changed.");

/**
 * The codes worth sending again.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorBestPractices.html
 * @see https://repost.aws/knowledge-center/http-5xx-errors-s3
 */
const s3Advice: Readonly<Partial<Record<ErrorCode, RetryAdvice>>> = {
  "503 SlowDown": SLOW_DOWN,
  AnnotationRequestConflict: LATER,
  AuthorizationHeaderMalformed: afterChange(
    "If the answer has a Region, sign for that region and send it again. Otherwise the Authorization header itself is wrong.",
  ),
  BadDigest: damaged(
    "Send it again: the bytes changed on the way. If that goes on, the checksum was not made of the bytes sent.",
  ),
  Busy: SHORT_OF_CAPACITY,
  ConditionalRequestConflict: asIs(
    "Another request was writing the same key. Send PutObject and CopyObject again; with If-Match, a 412 then says that the other one won. A multipart upload has to be made again from its start.",
  ),
  ConflictException: READ_AGAIN,
  ExpiredToken: NEW_CREDENTIALS,
  GlacierExpeditedRetrievalNotAvailable: SHORT_OF_CAPACITY,
  IncompleteBody: damaged(
    "Send it again: the body ended early. If that goes on, the length announced is not the number of bytes sent.",
  ),
  IncorrectEndpoint: OTHER_ENDPOINT,
  InsufficientCapacity: afterChange("Free some room, or have it enlarged, and send it again."),
  InternalError: INTERNAL,
  InternalErrors: LATER,
  InternalServerErrorException: INTERNAL,
  InternalServiceException: INTERNAL,
  InvalidObjectState: afterChange("Restore the object, wait until it is restored, and read it then."),
  MultiRegionAccessPointModifiedByAnotherRequest: READ_AGAIN,
  MultiRegionAccessPointNotReady: LATER,
  OperationAborted: asIs("Another change to this bucket is under way. Send it again after a pause that grows."),
  PermanentRedirect: OTHER_ENDPOINT,
  PreconditionFailed: afterChange(
    "Read the object again and decide anew. After a lost answer, see first whether what is there is what this request wrote.",
  ),
  Redirect: FOLLOW_LOCATION,
  RequestTimeout: asIs("Send it again on a new connection, and its whole body without a break."),
  RequestTimeTooSkewed: afterChange(
    "Set the clock, or the signer's offset from the answer's Date header, and sign it again. SDKs do so by themselves.",
  ),
  ServiceUnavailable: SHORT_OF_CAPACITY,
  SlowDown: SLOW_DOWN,
  TemporaryRedirect: FOLLOW_LOCATION,
  TokenRefreshRequired: NEW_CREDENTIALS,
  TooManyRequestsException: SLOW_DOWN,
  XAmzContentSHA256Mismatch: damaged(
    "Send it again: the bytes changed on the way. If that goes on, the hash was not made of the bytes sent.",
  ),
};

/**
 * The codes of IAM and STS that are worth sending again and no codes of S3's, and those that other services and gateways send for the same.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
const queryAdvice: Readonly<Record<string, RetryAdvice>> = {
  ConcurrentModification: READ_AGAIN,
  EntityTemporarilyUnmodifiable: LATER,
  ExpiredTokenException: NEW_CREDENTIALS,
  IDPCommunicationError: LATER,
  InternalFailure: INTERNAL,
  RequestLimitExceeded: SLOW_DOWN,
  ServiceFailure: INTERNAL,
  Throttling: SLOW_DOWN,
  ThrottlingException: SLOW_DOWN,
};

/** What to do with a code of S3's, IAM's or STS's that is worth sending again, or is known not to be; `undefined` for a code nobody lists. */
export function adviceByCode(code: string): RetryAdvice | undefined {
  if (isErrorCode(code)) return s3Advice[code] ?? NO_RETRY;
  return Object.hasOwn(queryAdvice, code) ? queryAdvice[code] : undefined;
}
