import type { AccessErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";

/** Who calls, and whether they may. */
export const accessExplanations: Readonly<Record<AccessErrorCode, Explanation>> = {
  AccessDenied: {
    cause:
      "The request is understood, and the caller may not do this: a policy, an ACL or the ownership of the bucket says no, an anonymous caller has to sign, or a presigned URL or form policy no longer holds. A missing key answers the same to a caller who may not list the bucket.",
    remedy:
      "Read the message and Details to see which of these it was. Then sign with the keys of somebody who may, have the bucket's owner allow the action, or make a new presigned URL; sending the same request again changes nothing.",
    areas: ["general", "auth", "post", "object-lock", "access-point", "async"],
    confidence: "observed",
    messages: [
      {
        text: "Access Denied",
        when: "Refused without naming a rule: another account's bucket, a wrong expected owner, or a missing key behind a bucket the caller may not list.",
      },
      {
        text: 'User: {arn} is not authorized to perform: s3:{Action} on resource: "{arn}" because no identity-based policy allows the s3:{Action} action',
        when: "A caller of the same account whose IAM policies do not allow the action, or forbid it; the end of the sentence names the kind of policy.",
      },
      {
        text: 'User: {arn} is not authorized to perform: s3:{Action} on resource: "{arn}" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
        when: "A caller of the same account set an ACL that lets the public in, where the bucket or its owner's account blocks such ACLs.",
      },
      {
        text: "Access Denied because object protected by object lock.",
        when: "A locked version was to be deleted, or its retention shortened.",
      },
      {
        text: "Mfa Authentication must be used for this request",
        when: "A version was to be deleted for good, or the versioning changed, without x-amz-mfa, and the bucket has MFA delete or was to get it.",
      },
      {
        text: "This operation may only be performed by the bucket owner",
        when: "x-amz-mfa came from somebody who does not own the bucket.",
      },
      {
        text: "Request has expired",
        when: "A presigned URL was used after its end. Version 2 URLs have no X-Amz-Expires.",
        details: ["X-Amz-Expires", "Expires", "ServerTime"],
      },
      {
        text: "Request is not yet valid",
        when: "A presigned URL is dated in the future; X-Amz-Date is given in milliseconds since 1970.",
        details: ["X-Amz-Date", "Expires", "ServerTime"],
      },
      {
        text: "There were headers present in the request which were not signed",
        when: "The host header or an x-amz-* header is not among the signed headers; HeadersNotSigned lists them.",
        details: ["HeadersNotSigned"],
      },
      {
        text: "AWS authentication requires a valid Date or x-amz-date header",
        when: "A signed request whose Date or x-amz-date is absent or unreadable.",
      },
      {
        text: "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
        when: "A version 2 presigned URL without one of its three parameters.",
      },
      {
        text: "Invalid date (should be seconds since epoch): {value}",
        when: "A version 2 presigned URL whose Expires is no number.",
      },
      {
        text: "Invalid according to Policy: Policy expired.",
        when: "A browser form came after the expiration its policy states.",
      },
      {
        text: "Invalid according to Policy: Policy Condition failed: {condition as JSON}",
        when: "A browser form does not meet a condition of its policy.",
      },
      {
        text: "Invalid according to Policy: Extra input fields: {field}",
        when: "A browser form has a field its policy does not mention.",
      },
      {
        text: "Anonymous users cannot invoke this API. Please authenticate.",
        when: "An unsigned request for something that is never open to the public.",
      },
      {
        text: "Anonymous users cannot initiate multipart uploads. Please authenticate.",
        when: "An unsigned CreateMultipartUpload.",
        confidence: "inferred",
      },
      {
        text: "Anonymous users cannot copy objects. Please authenticate.",
        when: "An unsigned CopyObject.",
        confidence: "inferred",
      },
      {
        text: "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
        when: "An object encrypted with a customer's key was read with a different key.",
      },
      {
        text: "The encryption type for the specified object can’t be updated because that object is protected by S3 Object Lock. If the object has a governance-mode retention period or a legal hold, you must first remove the Object Lock status on the object before you issue your UpdateObjectEncryption request. You can't use the UpdateObjectEncryption operation with objects that have an Object Lock compliance mode retention period applied to them.",
        when: "The encryption of a locked version was to be changed.",
        confidence: "documented",
      },
      {
        text: "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.",
        when: "An object was to be put under another account's key.",
        confidence: "documented",
      },
    ],
  },
  AccountProblem: {
    cause: "The account behind the access key is suspended, unpaid or otherwise shut by its provider.",
    remedy: "Settle it with the provider of the account; no change to the request helps.",
    areas: ["auth"],
    confidence: "documented",
  },
  AllAccessDisabled: {
    cause: "The operator of the service has shut this object or bucket for everybody.",
    remedy: "Ask the operator. Keys, policies and ACLs of your own cannot open it.",
    areas: ["auth"],
    confidence: "observed",
    messages: [
      { text: "All access to this object has been disabled", when: "One object is shut." },
      {
        text: "All access to this Amazon S3 resource has been disabled. Please contact customer service for further assistance.",
        when: "The whole bucket, or another resource, is shut.",
      },
    ],
  },
  AuthorizationHeaderMalformed: {
    cause:
      "The Authorization header of signature version 4 lacks a component, or its Credential names the wrong date, region, service or terminator. Most often the client is set to another region than the server.",
    remedy:
      "Set the client's region to the one the message expects (also in the answer's x-amz-bucket-region header). If the header is built by hand, write Credential as KEY/YYYYMMDD/REGION/s3/aws4_request.",
    areas: ["general", "auth", "redirect"],
    confidence: "observed",
    messages: [
      {
        text: "The authorization header is malformed; the region '{region}' is wrong; expecting '{expected}'",
        when: "The Credential names another region than the bucket's.",
      },
      {
        text: "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        when: "Credential, SignedHeaders or Signature is absent.",
        details: [],
      },
      {
        text: 'The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
        when: "The Credential does not consist of five fields between slashes.",
        details: [],
      },
      {
        text: 'The authorization header is malformed; incorrect service "{service}". This endpoint belongs to "s3".',
        when: "The Credential names another service than s3.",
        details: [],
      },
      {
        text: 'The authorization header is malformed; incorrect terminal "{terminal}". This endpoint uses "aws4_request".',
        when: "The Credential does not end with aws4_request.",
        details: [],
      },
      {
        text: 'The authorization header is malformed; incorrect date format "{date}". This date in the credential must be in the format "yyyyMMdd".',
        when: "The Credential's date is not eight digits.",
        details: [],
      },
      {
        text: "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.",
        when: "The Credential's date is another day than x-amz-date.",
        details: [],
      },
      {
        text: "The authorization header is malformed; a non-empty region must be provided in the credential.",
        when: "The Credential's region is empty.",
        details: [],
      },
    ],
  },
  AuthorizationQueryParametersError: {
    cause:
      "A presigned URL of signature version 4 lacks one of its six X-Amz- parameters, or one of them cannot be used: the lifetime is longer than a week, the date is unreadable, or the credential names the wrong region.",
    remedy:
      "Make the URL with an SDK, for the region of the server and at most 604800 seconds, and pass it on unchanged; a URL shortened or re-encoded on its way loses parameters.",
    areas: ["general", "auth"],
    confidence: "observed",
    messages: [
      {
        text: "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        when: "One of the six parameters is absent.",
        details: [],
      },
      {
        text: 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
        when: "X-Amz-Algorithm names an algorithm S3 does not know.",
        details: [],
      },
      {
        text: "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
        when: "X-Amz-Date is not of the form 20260131T235959Z.",
        details: [],
      },
      { text: "X-Amz-Expires should be a number", when: "X-Amz-Expires is no whole number.", details: [] },
      { text: "X-Amz-Expires must be non-negative", when: "X-Amz-Expires is below zero.", details: [] },
      {
        text: "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        when: "X-Amz-Expires is above 604800 seconds.",
        details: [],
      },
      {
        text: 'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
        when: "X-Amz-Credential does not consist of five fields between slashes.",
        details: [],
      },
      {
        text: "Error parsing the X-Amz-Credential parameter; the region '{region}' is wrong; expecting '{expected}'",
        when: "X-Amz-Credential names another region than the bucket's.",
      },
      {
        text: 'Error parsing the X-Amz-Credential parameter; incorrect service "{service}". This endpoint belongs to "s3".',
        when: "X-Amz-Credential names another service than s3.",
        details: [],
      },
      {
        text: 'Error parsing the X-Amz-Credential parameter; incorrect terminal "{terminal}". This endpoint uses "aws4_request".',
        when: "X-Amz-Credential does not end with aws4_request.",
        details: [],
      },
      {
        text: 'Error parsing the X-Amz-Credential parameter; incorrect date format "{date}". This date in the credential must be in the format "yyyyMMdd".',
        when: "X-Amz-Credential's date is not eight digits.",
        details: [],
      },
      {
        text: 'Invalid credential date "{date}". This date is not the same as X-Amz-Date: "{date}".',
        when: "X-Amz-Credential's date is another day than X-Amz-Date.",
        details: [],
      },
      {
        text: "SigV4a query auth requires a non empty x-amz-region-set parameter.",
        when: "A URL signed for several regions does not say for which.",
        details: [],
      },
    ],
  },
  CredentialsNotSupported: {
    cause:
      "A signed request reached something that only answers anonymous ones, or a SOAP message has a Credential that is not empty.",
    remedy: "Send the request again without any signature, or the message without a Credential.",
    areas: ["auth", "soap"],
    confidence: "documented",
  },
  DeviceNotActiveError: {
    cause: "The MFA device whose code was sent to delete a version is switched off or was never set up.",
    remedy: "Have the device made and enabled (holdfast user mfa add), or use the serial number of an active one.",
    areas: ["auth", "token"],
    confidence: "documented",
  },
  ExpiredToken: {
    cause: "The temporary credentials in use have run out, and with them the session token.",
    remedy:
      "Get new temporary credentials and sign again; SDKs do so by themselves where they know the source of the credentials.",
    areas: ["auth", "token"],
    confidence: "observed",
  },
  InvalidAccessKeyId: {
    cause:
      "The server knows no user with this access key: it is mistyped, was removed or disabled, or belongs to another server or to AWS.",
    remedy:
      "Compare AWSAccessKeyId with the keys the server knows (holdfast user list), and look which profile or environment variable the client took it from.",
    areas: ["general", "auth"],
    confidence: "observed",
  },
  InvalidPayer: {
    cause: "The account that would be charged for a request to a requester-pays bucket cannot be charged.",
    remedy: "Settle the payer's account, or sign with another one.",
    areas: ["auth", "requester-pays"],
    confidence: "documented",
  },
  InvalidSecurity: {
    cause: "The credentials are refused for a reason that no other code names.",
    remedy: "Make new credentials for the user and sign with them.",
    areas: ["auth"],
    confidence: "documented",
  },
  InvalidSessionException: {
    cause: "The session that CreateSession opened for a directory bucket is over.",
    remedy: "Open a new session and sign with its credentials.",
    areas: ["auth", "token", "directory-bucket"],
    confidence: "documented",
  },
  InvalidSignature: {
    cause:
      "The signature does not match. The documentation knows this code beside SignatureDoesNotMatch; objects and buckets answer with the latter.",
    remedy: "As for SignatureDoesNotMatch: check the secret key first, then what was signed.",
    areas: ["auth"],
    confidence: "documented",
  },
  InvalidToken: {
    cause:
      "The request carries a session token that cannot be read or was not issued with this access key, often a leftover AWS_SESSION_TOKEN beside long-term keys.",
    remedy: "Unset AWS_SESSION_TOKEN, or take key, secret and token from the same set of temporary credentials.",
    areas: ["auth", "token"],
    confidence: "observed",
  },
  MissingAuthenticationToken: {
    cause:
      "The request is not signed although it has to be. The documentation lists this code; objects and buckets answer AccessDenied.",
    remedy: "Sign the request.",
    areas: ["auth"],
    confidence: "documented",
  },
  NotDeviceOwnerError: {
    cause: "The MFA code was made by a device that belongs to another user.",
    remedy: "Use a device of the user who signs the request.",
    areas: ["auth", "token"],
    confidence: "documented",
  },
  NotSignedUp: {
    cause: "The account was never activated for S3.",
    remedy: "Activate S3 for the account with its provider.",
    areas: ["auth"],
    confidence: "documented",
  },
  RegionSetMismatch: {
    cause: "A signature for several regions (version 4A) does not include the region that was asked.",
    remedy: "Sign for a set that contains the server's region, or for one region with version 4.",
    areas: ["auth", "sigv4a"],
    confidence: "observed",
  },
  RequestTimeTooSkewed: {
    cause:
      "The client's clock is more than fifteen minutes off the server's, or the request was kept for that long after it was signed. RequestTime and ServerTime show both clocks.",
    remedy:
      "Set the clock of the machine that signs (virtual machines drift while they sleep), and sign right before sending. SDKs correct their offset from the Date header and try again.",
    areas: ["general", "auth"],
    confidence: "observed",
  },
  SignatureDoesNotMatch: {
    cause:
      "The server computed another signature from what it received than the client sent. Nearly always the secret key is wrong; otherwise something changed the request after signing: a proxy that rewrites Host, path or headers, or a client that encodes the key differently.",
    remedy:
      "Read Details: it says which method, path and host the server was asked, and where trying the usual slips finds it (another method, host or port, path encoding, Content-Type, an added parameter, white space around the secret), what was signed instead. Otherwise check the secret key first. Then lay the answer's StringToSign and CanonicalRequest beside your client's own; the first line that differs is the cause.",
    areas: ["general", "auth", "aws-chunked", "post"],
    confidence: "observed",
  },
  TokenCodeInvalidError: {
    cause: "The serial number of the MFA device, or the code it shows, is wrong.",
    remedy: "Send the device's serial number, a space and the code it shows now. Each code is taken once.",
    areas: ["auth", "token", "versioning"],
    confidence: "documented",
  },
  TokenRefreshRequired: {
    cause: "The session token has to be renewed before its next use.",
    remedy: "Get new temporary credentials and sign again.",
    areas: ["auth", "token"],
    confidence: "documented",
  },
  UnauthorizedAccessError: {
    cause: "The bucket lies in a China region and has no internet content licence there.",
    remedy: "File for the licence with AWS China.",
    areas: ["auth", "china"],
    confidence: "documented",
  },
  UnexpectedIPError: {
    cause: "In a China region, the address the request came from is refused.",
    remedy: "Send the request from an address that is allowed there.",
    areas: ["auth", "china"],
    confidence: "documented",
  },
  UnsupportedSignature: {
    cause: "The request is signed in a way this server does not take: another version, or the several-region form 4A.",
    remedy: "Sign with signature version 4 (AWS4-HMAC-SHA256).",
    areas: ["auth"],
    confidence: "documented",
  },
  XAmzContentSHA256Mismatch: {
    cause:
      "The body that arrived does not have the SHA-256 the client announced and signed: it was damaged, compressed or rewritten on its way, or the hash was computed of something else.",
    remedy:
      "Send it again; if it happens again, look for a proxy that changes bodies, and compute the hash of exactly the bytes sent.",
    areas: ["auth", "checksum"],
    confidence: "observed",
  },
};
