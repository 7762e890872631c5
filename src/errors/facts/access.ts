import type { AccessErrorCode } from "../ErrorCode.ts";
import type { ErrorFacts } from "../ErrorFacts.ts";

/** Who calls, and whether they may. */
export const accessFacts: Readonly<Record<AccessErrorCode, ErrorFacts>> = {
  AccessDenied: { status: 403, message: "Access Denied" },
  AccountProblem: {
    status: 403,
    message:
      "There is a problem with your AWS account that prevents the operation from completing successfully. Please contact customer service.",
  },
  AllAccessDisabled: { status: 403, message: "All access to this object has been disabled" },
  AuthorizationHeaderMalformed: {
    soap: null,
    message: "The authorization header is malformed; the region '{region}' is wrong; expecting '{expected}'",
    details: ["Region"],
  },
  AuthorizationQueryParametersError: {
    soap: null,
    message:
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    details: ["Region"],
  },
  CredentialsNotSupported: { message: "This request does not support credentials" },
  DeviceNotActiveError: { message: "The device is not currently active." },
  ExpiredToken: { message: "The provided token has expired.", details: ["Token-0"] },
  InvalidAccessKeyId: {
    status: 403,
    message: "The AWS Access Key Id you provided does not exist in our records.",
    details: ["AWSAccessKeyId"],
  },
  InvalidPayer: {
    status: 403,
    message: "All access to this object has been disabled. Please contact customer service for further assistance.",
  },
  InvalidSecurity: { status: 403, message: "The provided security credentials are not valid." },
  InvalidSessionException: { message: "Returned if the session doesn't exist anymore because it timed out or expired." },
  InvalidSignature: {
    message:
      "The request signature that the server calculated does not match the signature that you provided. Check your AWS secret access key and signing method.",
  },
  InvalidToken: { message: "The provided token is malformed or otherwise invalid.", details: ["Token-0"] },
  MissingAuthenticationToken: { status: 403, message: "The request was not signed." },
  NotDeviceOwnerError: { message: "The device that generated the token is not owned by the authenticated user." },
  NotSignedUp: {
    status: 403,
    message:
      "Your account is not signed up for the Amazon S3 service. You must sign up before you can use Amazon S3. You can sign up at the following URL: https://aws.amazon.com/s3",
  },
  RegionSetMismatch: {
    soap: null,
    message: "The provided X-Amz-Region-Set doesn't match against the requested S3 region.",
    details: ["RequestedRegion", "RegionSet"],
  },
  RequestTimeTooSkewed: {
    status: 403,
    message: "The difference between the request time and the current time is too large.",
    details: ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"],
    retryable: true,
  },
  SignatureDoesNotMatch: {
    status: 403,
    message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details: [
      "AWSAccessKeyId",
      "StringToSign",
      "SignatureProvided",
      "StringToSignBytes",
      "CanonicalRequest",
      "CanonicalRequestBytes",
    ],
  },
  TokenCodeInvalidError: { message: "The serial number and/or token code you provided is not valid." },
  TokenRefreshRequired: { message: "The provided token must be refreshed.", details: ["Token-0"] },
  UnauthorizedAccessError: {
    status: 403,
    message: "Applicable in China Regions only. Returned when a request is made to a bucket that doesn't have an ICP license.",
  },
  UnexpectedIPError: {
    status: 403,
    message: "Applicable in China Regions only. This request was rejected because the IP was unexpected.",
  },
  UnsupportedSignature: {
    message: "The provided request is signed with an unsupported STS Token version or the signature version is not supported.",
  },
  XAmzContentSHA256Mismatch: {
    soap: null,
    message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    details: ["ClientComputedContentSHA256", "S3ComputedContentSHA256"],
    retryable: true,
  },
};
