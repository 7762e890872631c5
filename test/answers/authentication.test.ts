import { after, before, test } from "node:test";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal, invalidArgument, invalidRequest } from "./refusals.ts";
import { hexPairs, sha256 } from "./signing.ts";
import { authorization, GET, headers, otherSecret, query, refuses } from "./spoiledRequests.ts";

/** What goes wrong with saying who one is. Each request is signed as it should be, and then changed in one place. */

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

function malformed(problem: string, says: string): Refusal {
  return {
    status: 400,
    code: "AuthorizationHeaderMalformed",
    message: `The authorization header is malformed; ${problem}`,
    says,
  };
}

function queryError(message: string, says: string): Refusal {
  return { status: 400, code: "AuthorizationQueryParametersError", message, says };
}

function denied(message: string, details: Readonly<Record<string, string>>, says: string): Refusal {
  return { status: 403, code: "AccessDenied", message, details, says };
}

const UNKNOWN_KEY = "HFUNKNOWNUNKNOWN0000";
const CREDENTIAL_FORM = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
const SHA256_FORMS =
  "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, " +
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, " +
  "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.";

refuses("Authorization header", "header", [
  {
    cause: "an unknown scheme",
    spoil: headers({ Authorization: "Bearer token" }),
    answer: invalidArgument(
      "Unsupported Authorization Type",
      "Authorization",
      "Bearer token",
      'The Authorization header begins with "Bearer"; S3 knows AWS4-HMAC-SHA256 and AWS.',
    ),
  },
  {
    cause: "no space",
    spoil: headers({ Authorization: "token" }),
    answer: invalidArgument(
      "Authorization header is invalid -- one and only one ' ' (space) required",
      "Authorization",
      "token",
      'The Authorization header is "token"; it names a scheme, such as AWS4-HMAC-SHA256, and after a space what the scheme needs.',
    ),
  },
  {
    cause: "a signature of version 4A",
    spoil: authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
    answer: {
      status: 400,
      code: "UnsupportedSignature",
      message: "The provided request is signed with an unsupported STS Token version or the signature version is not supported.",
      says: "Signature Version 4A is not available in this store; sign with AWS4-HMAC-SHA256.",
    },
  },
  {
    cause: "no hash of the body",
    spoil: headers({ "x-amz-content-sha256": undefined }),
    answer: invalidRequest(
      "Missing required header for this request: x-amz-content-sha256",
      "Signature Version 4 signs the body's SHA-256; send it in x-amz-content-sha256, or the word UNSIGNED-PAYLOAD. Older versions of curl need it from you: -H x-amz-content-sha256:UNSIGNED-PAYLOAD",
    ),
  },
  {
    cause: "a hash of the body that is none",
    spoil: headers({ "x-amz-content-sha256": "abc" }),
    answer: invalidArgument(
      SHA256_FORMS,
      "x-amz-content-sha256",
      "abc",
      'x-amz-content-sha256 is "abc", neither 64 hexadecimal digits nor one of the known words.',
    ),
  },
  {
    cause: "no date",
    spoil: headers({ "x-amz-date": undefined }),
    answer: denied(
      "AWS authentication requires a valid Date or x-amz-date header",
      {},
      "A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. Neither came.",
    ),
  },
  {
    cause: "a date that is none",
    spoil: headers({ "x-amz-date": "noon" }),
    answer: denied(
      "AWS authentication requires a valid Date or x-amz-date header",
      {},
      'A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. "noon" is no time.',
    ),
  },
  {
    cause: "a date of an hour ago",
    spoil: headers({ "x-amz-date": "20260301T110000Z" }),
    answer: {
      status: 403,
      code: "RequestTimeTooSkewed",
      message: "The difference between the request time and the current time is too large.",
      details: {
        RequestTime: "20260301T110000Z",
        ServerTime: "2026-03-01T12:00:00Z",
        MaxAllowedSkewMilliseconds: "900000",
      },
      says: "The request was signed 3600 seconds before the server's time; set the client's clock.",
    },
  },
  {
    cause: "two components",
    spoil: authorization(/, Signature=.*/, ""),
    answer: malformed(
      "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
      "The Authorization header has no Signature; sign the request again.",
    ),
  },
  {
    cause: "a credential of three parts",
    spoil: authorization(/\/us-east-1\/s3/, ""),
    answer: malformed(
      CREDENTIAL_FORM,
      'The credential is "HFTESTTESTTESTTEST00/20260301/aws4_request", which has 3 of five parts.',
    ),
  },
  {
    cause: "a day that is none",
    spoil: authorization("/20260301/", "/today/"),
    answer: malformed(
      'incorrect date format "today". This date in the credential must be in the format "yyyyMMdd".',
      'The day of the credential is "today", which is no date.',
    ),
  },
  {
    cause: "another region",
    spoil: authorization("/us-east-1/", "/eu-west-1/"),
    answer: {
      ...malformed(
        "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
        `The credential is for the region "eu-west-1", and this request is to be signed for us-east-1; set the client's region to it.`,
      ),
      details: { Region: "us-east-1" },
      headers: { "x-amz-bucket-region": "us-east-1" },
    },
  },
  {
    cause: "no region",
    spoil: authorization("/us-east-1/", "//"),
    answer: malformed(
      "a non-empty region must be provided in the credential.",
      "The credential names no region; sign for us-east-1.",
    ),
  },
  {
    cause: "another service",
    spoil: authorization("/s3/", "/ec2/"),
    answer: malformed(
      'incorrect service "ec2". This endpoint belongs to "s3".',
      'The credential is for the service "ec2"; sign for s3.',
    ),
  },
  {
    cause: "another terminator",
    spoil: authorization("aws4_request", "aws5_request"),
    answer: malformed(
      'incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
      'The credential ends in "aws5_request"; it must end in /aws4_request.',
    ),
  },
  {
    cause: "another day",
    spoil: authorization("/20260301/", "/20260228/"),
    answer: malformed(
      "Invalid credential date. Date is not the same as X-Amz-Date.",
      'The credential is of "20260228", and the request of 20260301; sign both for one day.',
    ),
  },
  {
    cause: "an unsigned header",
    spoil: headers({ "x-amz-meta-a": "1", "x-amz-meta-b": "2" }),
    answer: denied(
      "There were headers present in the request which were not signed",
      { HeadersNotSigned: "x-amz-meta-a, x-amz-meta-b" },
      'SignedHeaders does not name "x-amz-meta-a, x-amz-meta-b"; sign these headers or leave them out.',
    ),
  },
  {
    cause: "an unknown access key",
    spoil: authorization(/Credential=\w+/, `Credential=${UNKNOWN_KEY}`),
    answer: {
      status: 403,
      code: "InvalidAccessKeyId",
      message: "The AWS Access Key Id you provided does not exist in our records.",
      details: { AWSAccessKeyId: UNKNOWN_KEY },
      says: 'No user of this server has the access key "HFUNKNOWNUNKNOWN0000"; "holdfast user list" shows them to its operator.',
    },
  },
]);

refuses("Presigned URL", "presigned", [
  {
    cause: "an Authorization header as well",
    spoil: headers({ Authorization: "AWS key:signature" }),
    answer: invalidArgument(
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the " +
        "Authorization header should be specified",
      "Authorization",
      "AWS key:signature",
      "The request is signed in more than one way; a presigned URL is sent without an Authorization header.",
    ),
  },
  {
    cause: "an unknown algorithm",
    spoil: query({ "X-Amz-Algorithm": "AWS5" }),
    answer: queryError(
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
      'X-Amz-Algorithm is "AWS5"; presign with AWS4-HMAC-SHA256.',
    ),
  },
  {
    cause: "version 4A",
    spoil: query({ "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" }),
    answer: {
      status: 400,
      code: "UnsupportedSignature",
      message: "The provided request is signed with an unsupported STS Token version or the signature version is not supported.",
      says: "Signature Version 4A is not available in this store; presign with AWS4-HMAC-SHA256.",
    },
  },
  {
    cause: "a parameter too few",
    spoil: query({ "X-Amz-Expires": undefined }),
    answer: queryError(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, " +
        "X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      "The URL lacks X-Amz-Expires.",
    ),
  },
  {
    cause: "a date that is none",
    spoil: query({ "X-Amz-Date": "noon" }),
    answer: queryError(
      `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
      'X-Amz-Date is "noon"; 20260301T120000Z would be one.',
    ),
  },
  {
    cause: "an expiry that is no number",
    spoil: query({ "X-Amz-Expires": "soon" }),
    answer: queryError("X-Amz-Expires should be a number", 'X-Amz-Expires is "soon"; it takes seconds, 1 to 604800.'),
  },
  {
    cause: "a negative expiry",
    spoil: query({ "X-Amz-Expires": "-1" }),
    answer: queryError("X-Amz-Expires must be non-negative", "X-Amz-Expires is -1 seconds; it takes 1 to 604800."),
  },
  {
    cause: "an expiry of more than a week",
    spoil: query({ "X-Amz-Expires": "604801" }),
    answer: queryError(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
      "X-Amz-Expires is 604801 seconds; it takes 1 to 604800.",
    ),
  },
  {
    cause: "a URL of tomorrow",
    spoil: query({ "X-Amz-Date": "20260302T120000Z" }),
    answer: denied(
      "Request is not yet valid",
      { "X-Amz-Date": "1772452800000", Expires: "2026-03-02T12:10:00Z", ServerTime: "2026-03-01T12:00:00Z" },
      "The URL is valid from 2026-03-02T12:00:00Z, and the server's time is 2026-03-01T12:00:00Z; set the clock of whoever signed it.",
    ),
  },
  {
    cause: "a URL of an hour ago",
    spoil: query({ "X-Amz-Date": "20260301T110000Z" }),
    answer: denied(
      "Request has expired",
      { "X-Amz-Expires": "600", Expires: "2026-03-01T11:10:00Z", ServerTime: "2026-03-01T12:00:00Z" },
      "The URL was valid for 600 seconds, until 2026-03-01T11:10:00Z; presign a new one.",
    ),
  },
  {
    cause: "a credential of three parts",
    spoil: query({ "X-Amz-Credential": "key/20260301/us-east-1" }),
    answer: queryError(
      `Error parsing the X-Amz-Credential parameter; ${CREDENTIAL_FORM}`,
      'The credential is "key/20260301/us-east-1", which has 3 of five parts.',
    ),
  },
  {
    cause: "a day that is none",
    spoil: query({ "X-Amz-Credential": "key/today/us-east-1/s3/aws4_request" }),
    answer: queryError(
      'Error parsing the X-Amz-Credential parameter; incorrect date format "today". This date in the credential must be in the ' +
        'format "yyyyMMdd".',
      'The day of the credential is "today", which is no date.',
    ),
  },
  {
    cause: "another region",
    spoil: query({ "X-Amz-Credential": "key/20260301/eu-west-1/s3/aws4_request" }),
    answer: {
      ...queryError(
        "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
        `The credential is for the region "eu-west-1", and this request is to be signed for us-east-1; set the client's region to it.`,
      ),
      details: { Region: "us-east-1" },
    },
  },
  {
    cause: "another service",
    spoil: query({ "X-Amz-Credential": "key/20260301/us-east-1/ec2/aws4_request" }),
    answer: queryError(
      'Error parsing the X-Amz-Credential parameter; incorrect service "ec2". This endpoint belongs to "s3".',
      'The credential is for the service "ec2"; sign for s3.',
    ),
  },
  {
    cause: "another terminator",
    spoil: query({ "X-Amz-Credential": "key/20260301/us-east-1/s3/aws5" }),
    answer: queryError(
      'Error parsing the X-Amz-Credential parameter; incorrect terminal "aws5". This endpoint uses "aws4_request".',
      'The credential ends in "aws5"; it must end in /aws4_request.',
    ),
  },
  {
    cause: "another day",
    spoil: query({ "X-Amz-Credential": "key/20260228/us-east-1/s3/aws4_request" }),
    answer: queryError(
      'Invalid credential date "20260228". This date is not the same as X-Amz-Date: "20260301".',
      'X-Amz-Credential is of "20260228", and X-Amz-Date of 20260301; sign both for one day.',
    ),
  },
  {
    cause: "an unknown access key",
    spoil: query({ "X-Amz-Credential": `${UNKNOWN_KEY}/20260301/us-east-1/s3/aws4_request` }),
    answer: {
      status: 403,
      code: "InvalidAccessKeyId",
      message: "The AWS Access Key Id you provided does not exist in our records.",
      details: { AWSAccessKeyId: UNKNOWN_KEY },
      says: 'No user of this server has the access key "HFUNKNOWNUNKNOWN0000"; "holdfast user list" shows them to its operator.',
    },
  },
]);

test("Authorization header: another signature answers 403 SignatureDoesNotMatch, and shows what was signed here", async () => {
  const request = authorization(/Signature=\w+/, "Signature=0")(answers.signed(GET, "header"));
  const canonical =
    `GET\n/bucket/key\n\nhost:${answers.host}\nx-amz-content-sha256:${EMPTY_SHA256}\nx-amz-date:20260301T120000Z\n\n` +
    `host;x-amz-content-sha256;x-amz-date\n${EMPTY_SHA256}`;
  const details = mismatch(canonical, "0");
  const answer = signatureDoesNotMatch("GET", details);
  assertRefusal(answers, { cause: "", asked: GET, answer: maskedDetails(answer) }, await answers.sendSigned(request));
});

test("Presigned URL: another signature answers 403 SignatureDoesNotMatch, and closes after a PUT", async () => {
  const asked = { method: "PUT", path: "/bucket/key" };
  const request = query({ "X-Amz-Signature": "0" })(answers.signed(asked, "presigned"));
  const parameters = Object.entries(request.query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const canonical = `PUT\n/bucket/key\n${parameters}\nhost:${answers.host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const answer = signatureDoesNotMatch("PUT", mismatch(canonical, "0"));
  assertRefusal(answers, { cause: "", asked, answer: maskedDetails(answer) }, await answers.sendSigned(request));
});

test("Authorization header: a session token with a long-term key answers 400 InvalidToken", async () => {
  const request = answers.signed({ ...GET, headers: { "x-amz-security-token": "token" } }, "header");
  const answer = {
    status: 400,
    code: "InvalidToken",
    message: "The provided token is malformed or otherwise invalid.",
    details: { "Token-0": "token" },
    says: "The access key is a long-term key, which has no session token; unset AWS_SESSION_TOKEN.",
  };
  assertRefusal(answers, { cause: "", asked: request, answer }, await answers.sendSigned(request));
});

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function signatureDoesNotMatch(method: string, details: Refusal["details"] & {}): Refusal {
  return {
    status: 403,
    code: "SignatureDoesNotMatch",
    message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details,
    says: otherSecret(`${method} "/bucket/key"`, "CanonicalRequest"),
  };
}

/** The details of a signature over this canonical request. */
function mismatch(canonical: string, provided: string): Record<string, string> {
  const { accessKeyId } = answers.scope();
  const hash = sha256(canonical);
  const toSign = `AWS4-HMAC-SHA256\n20260301T120000Z\n20260301/us-east-1/s3/aws4_request\n${hash}`;
  return {
    AWSAccessKeyId: accessKeyId,
    StringToSign: toSign,
    SignatureProvided: provided,
    StringToSignBytes: hexPairs(toSign),
    CanonicalRequest: canonical,
    CanonicalRequestBytes: hexPairs(canonical),
  };
}

/** With the server's address as answers are compared: masked. */
function maskedDetails(answer: Refusal): Refusal {
  const details = Object.fromEntries(
    Object.entries(answer.details ?? {}).map(([name, text]) => [name, text.replaceAll(answers.host, "{host}")]),
  );
  return { ...answer, details };
}
