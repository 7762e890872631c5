import assert from "node:assert/strict";
import { test } from "node:test";
import { ANONYMOUS, authenticate } from "../../src/auth/authenticate.ts";
import type { Authentication } from "../../src/auth/Authentication.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import type { Refusal } from "./expectRefusal.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { HOST, REGION, signed } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const TIME = "20260301T120000Z";
const SERVER_TIME = "2026-03-01T12:00:00Z";
const SCOPE = "20260301/us-east-1/s3/aws4_request";
const VALID = `AWS4-HMAC-SHA256 Credential=${EXAMPLE_KEY.accessKeyId}/${SCOPE}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00`;

function authenticated(parts: RequestParts): Promise<Authentication> {
  return authenticate(wireRequestFor(parts), { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS });
}

async function refused(parts: RequestParts, expected: Refusal): Promise<void> {
  await expectRefusal(() => authenticated(parts), expected);
}

/** The headers of a signed request, with some changed; `undefined` takes one away. */
function withHeaders(changes: Readonly<Record<string, string | undefined>>): RequestParts {
  const headers = {
    host: HOST,
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-date": TIME,
    authorization: VALID,
    ...changes,
  };
  return {
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<string, string>,
  };
}

test("authenticate: a request without a signature is anonymous", async () => {
  const { caller, payload } = await authenticated({ headers: { host: HOST } });
  assert.equal(caller, ANONYMOUS);
  assert.deepEqual([caller.kind, caller.displayName, caller.accessKeyId], ["anonymous", "anonymous", undefined]);
  // The id under which S3 shows whoever did not sign, in access logs and as the owner of what they wrote.
  assert.equal(caller.canonicalId, "65a011a29cdf8ec533ec3d1ccaae921c");
  assert.deepEqual(payload, { mode: "unsigned", sha256: undefined, chunks: undefined });
});

test("authenticate: a credential source may answer later", async () => {
  const credentials = { find: async () => EXAMPLE_KEY };
  const request = wireRequestFor(await signed({}, { atMs: NOW_MS }));
  const { caller } = await authenticate(request, { credentials, region: REGION, nowMs: NOW_MS });
  assert.deepEqual([caller.kind, caller.accessKeyId], ["root", EXAMPLE_KEY.accessKeyId]);
  assert.ok(!JSON.stringify(caller).includes(EXAMPLE_KEY.secretAccessKey));
});

const argument = (value: string, name = "Authorization"): readonly (readonly [string, string])[] => [
  ["ArgumentName", name],
  ["ArgumentValue", value],
];

const SEVERAL =
  "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified";
const ONE_SPACE = "Authorization header is invalid -- one and only one ' ' (space) required";
const SHA256_WORDS =
  "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.";
const MALFORMED = "The authorization header is malformed; ";
const WITHOUT_DATE = "AWS authentication requires a valid Date or x-amz-date header";

function credential(text: string): string {
  return VALID.replace(`${EXAMPLE_KEY.accessKeyId}/${SCOPE}`, text);
}

const malformed = (problem: string): Refusal => ({
  code: "AuthorizationHeaderMalformed",
  status: 400,
  message: MALFORMED + problem,
  details: [],
});

const ofHeaders: readonly [what: string, parts: RequestParts, expected: Refusal][] = [
  [
    "two mechanisms",
    { ...withHeaders({}), target: "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" },
    { code: "InvalidArgument", status: 400, message: SEVERAL, details: argument(VALID) },
  ],
  [
    "two mechanisms in the query",
    { target: "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&Signature=a" },
    { code: "InvalidArgument", status: 400, message: SEVERAL, details: argument("null") },
  ],
  [
    "no scheme",
    withHeaders({ authorization: "token" }),
    { code: "InvalidArgument", status: 400, message: ONE_SPACE, details: argument("token") },
  ],
  [
    "an unknown scheme",
    withHeaders({ authorization: "Bearer token" }),
    { code: "InvalidArgument", status: 400, message: "Unsupported Authorization Type", details: argument("Bearer token") },
  ],
  [
    "version 4A",
    withHeaders({ authorization: VALID.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256") }),
    { code: "UnsupportedSignature", status: 400 },
  ],
  [
    "no payload hash",
    withHeaders({ "x-amz-content-sha256": undefined, "x-amz-date": undefined }),
    {
      code: "InvalidRequest",
      status: 400,
      message: "Missing required header for this request: x-amz-content-sha256",
      details: [],
    },
  ],
  [
    "an unknown payload hash, before the missing date",
    withHeaders({ "x-amz-content-sha256": "none", "x-amz-date": undefined }),
    { code: "InvalidArgument", status: 400, message: SHA256_WORDS, details: argument("none", "x-amz-content-sha256") },
  ],
  [
    "chunks of version 4A",
    withHeaders({ "x-amz-content-sha256": "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" }),
    { code: "InvalidArgument", status: 400, message: SHA256_WORDS },
  ],
  [
    "no date",
    withHeaders({ "x-amz-date": undefined }),
    { code: "AccessDenied", status: 403, message: WITHOUT_DATE, details: [] },
  ],
  [
    "a date that is none",
    withHeaders({ "x-amz-date": "20260231T120000Z" }),
    { code: "AccessDenied", status: 403, message: WITHOUT_DATE },
  ],
  [
    "a clock behind, before the missing components",
    withHeaders({ "x-amz-date": "20260301T114459Z", authorization: "AWS4-HMAC-SHA256 none" }),
    {
      code: "RequestTimeTooSkewed",
      status: 403,
      message: "The difference between the request time and the current time is too large.",
      details: [
        ["RequestTime", "20260301T114459Z"],
        ["ServerTime", SERVER_TIME],
        ["MaxAllowedSkewMilliseconds", "900000"],
      ],
    },
  ],
  [
    "a clock ahead, told by Date",
    withHeaders({ "x-amz-date": undefined, date: "Sun, 01 Mar 2026 12:15:01 GMT" }),
    {
      code: "RequestTimeTooSkewed",
      status: 403,
      details: [
        ["RequestTime", "Sun, 01 Mar 2026 12:15:01 GMT"],
        ["ServerTime", SERVER_TIME],
        ["MaxAllowedSkewMilliseconds", "900000"],
      ],
    },
  ],
  ...["Credential", "SignedHeaders", "Signature"].map((component): [string, RequestParts, Refusal] => [
    `no ${component}`,
    withHeaders({ authorization: VALID.replace(`${component}=`, "Other=") }),
    malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature."),
  ]),
  [
    "a credential of four parts",
    withHeaders({ authorization: credential("20260301/us-east-1/s3/aws4_request") }),
    malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'),
  ],
  [
    "a scope whose day is none, before its region",
    withHeaders({ authorization: credential("A/2026-03-01/eu-west-1/s3/aws4_request") }),
    malformed('incorrect date format "2026-03-01". This date in the credential must be in the format "yyyyMMdd".'),
  ],
  [
    "a scope without region",
    withHeaders({ authorization: credential("A/20260301//s3/aws4_request") }),
    malformed("a non-empty region must be provided in the credential."),
  ],
  [
    "a scope of another region, before its service",
    withHeaders({ authorization: credential("A/20260301/eu-west-1/sts/aws4_request") }),
    {
      code: "AuthorizationHeaderMalformed",
      status: 400,
      message: `${MALFORMED}the region 'eu-west-1' is wrong; expecting 'us-east-1'`,
      details: [["Region", "us-east-1"]],
      headers: { "x-amz-bucket-region": "us-east-1" },
    },
  ],
  [
    "a scope of another service, before its terminator",
    withHeaders({ authorization: credential("A/20260301/us-east-1/sts/aws5") }),
    malformed('incorrect service "sts". This endpoint belongs to "s3".'),
  ],
  [
    "a scope with another terminator, before its day",
    withHeaders({ authorization: credential("A/20260302/us-east-1/s3/aws5_request") }),
    malformed('incorrect terminal "aws5_request". This endpoint uses "aws4_request".'),
  ],
  [
    "a scope of another day",
    withHeaders({ authorization: credential("A/20260302/us-east-1/s3/aws4_request") }),
    malformed("Invalid credential date. Date is not the same as X-Amz-Date."),
  ],
  [
    "headers that are not signed, before an unknown key",
    withHeaders({ "x-amz-acl": "private", "x-amz-meta-a": "b", authorization: credential(`A/${SCOPE}`) }),
    {
      code: "AccessDenied",
      status: 403,
      message: "There were headers present in the request which were not signed",
      details: [["HeadersNotSigned", "x-amz-acl, x-amz-meta-a"]],
    },
  ],
  [
    "a hash of the body that SignedHeaders does not name, which is signed anyway,",
    withHeaders({ authorization: VALID.replace("x-amz-content-sha256;", "") }),
    { code: "SignatureDoesNotMatch", status: 403 },
  ],
  [
    "a host that is not signed",
    withHeaders({ authorization: VALID.replace("host;", "") }),
    { code: "AccessDenied", status: 403, details: [["HeadersNotSigned", "host"]] },
  ],
  [
    "an unknown key",
    withHeaders({ authorization: credential(`AKIAUNKNOWN/${SCOPE}`) }),
    {
      code: "InvalidAccessKeyId",
      status: 403,
      message: "The AWS Access Key Id you provided does not exist in our records.",
      details: [["AWSAccessKeyId", "AKIAUNKNOWN"]],
    },
  ],
  [
    "version 2 with two spaces",
    withHeaders({ authorization: "AWS a: b" }),
    { code: "InvalidArgument", status: 400, message: ONE_SPACE, details: argument("AWS a: b") },
  ],
  [
    "version 2 without colon",
    withHeaders({ authorization: "AWS ab" }),
    {
      code: "InvalidArgument",
      status: 400,
      message: "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
      details: argument("AWS ab"),
    },
  ],
  [
    "version 2 without date",
    withHeaders({ authorization: "AWS a:b", "x-amz-date": undefined }),
    { code: "AccessDenied", status: 403, message: WITHOUT_DATE },
  ],
  [
    "version 2 by a clock behind",
    withHeaders({ authorization: "AWS a:b", "x-amz-date": undefined, date: "Sun, 01 Mar 2026 11:00:00 GMT" }),
    { code: "RequestTimeTooSkewed", status: 403 },
  ],
  ["version 2 of an unknown key", withHeaders({ authorization: "AWS a:b" }), { code: "InvalidAccessKeyId", status: 403 }],
  [
    "an anonymous upload in signed chunks",
    withHeaders({ authorization: undefined, "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" }),
    { code: "InvalidRequest", status: 400, message: "The value of x-amz-content-sha256 header is invalid." },
  ],
];

for (const [what, parts, expected] of ofHeaders) {
  test(`authenticate: ${what} is refused with ${expected.code}`, () => refused(parts, expected));
}

/** The query of a presigned URL of version 4, with some parameters changed; `undefined` takes one away. */
function presigned(changes: Readonly<Record<string, string | undefined>>): RequestParts {
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${EXAMPLE_KEY.accessKeyId}/${SCOPE}`,
    "X-Amz-Date": TIME,
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "00",
    ...changes,
  };
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { target: `/?${new URLSearchParams(given).toString()}`, headers: { host: HOST } };
}

const inQuery = (message: string): Refusal => ({ code: "AuthorizationQueryParametersError", status: 400, message, details: [] });
const CREDENTIAL = "Error parsing the X-Amz-Credential parameter; ";
const SIX =
  "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
const V2_PARAMETERS = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters";

const ofQueries: readonly [what: string, parts: RequestParts, expected: Refusal][] = [
  [
    "an unknown algorithm, before missing parameters",
    presigned({ "X-Amz-Algorithm": "AWS4", "X-Amz-Date": undefined }),
    inQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"'),
  ],
  ["version 4A", presigned({ "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" }), { code: "UnsupportedSignature", status: 400 }],
  ...["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"].map((name): [string, RequestParts, Refusal] => [
    `no X-Amz-${name}`,
    presigned({ [`X-Amz-${name}`]: undefined }),
    inQuery(SIX),
  ]),
  [
    "a date that is none, before the life time",
    presigned({ "X-Amz-Date": "2026-03-01", "X-Amz-Expires": "x" }),
    inQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`),
  ],
  ["a life time that is no number", presigned({ "X-Amz-Expires": "1h" }), inQuery("X-Amz-Expires should be a number")],
  ["a life time below zero", presigned({ "X-Amz-Expires": "-1" }), inQuery("X-Amz-Expires must be non-negative")],
  [
    "a life time beyond a week",
    presigned({ "X-Amz-Expires": "604801" }),
    inQuery(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    ),
  ],
  [
    "a URL of the future, before its credential",
    presigned({ "X-Amz-Date": "20260301T121501Z", "X-Amz-Credential": "none" }),
    {
      code: "AccessDenied",
      status: 403,
      message: "Request is not yet valid",
      details: [
        ["X-Amz-Date", String(NOW_MS + 901_000)],
        ["Expires", "2026-03-01T12:16:01Z"],
        ["ServerTime", SERVER_TIME],
      ],
    },
  ],
  [
    "a URL past its time, before its credential",
    presigned({ "X-Amz-Date": "20260301T115859Z", "X-Amz-Credential": "none" }),
    {
      code: "AccessDenied",
      status: 403,
      message: "Request has expired",
      details: [
        ["X-Amz-Expires", "60"],
        ["Expires", "2026-03-01T11:59:59Z"],
        ["ServerTime", SERVER_TIME],
      ],
    },
  ],
  [
    "a credential of four parts",
    presigned({ "X-Amz-Credential": SCOPE }),
    inQuery(`${CREDENTIAL}the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`),
  ],
  [
    "a scope whose day is none",
    presigned({ "X-Amz-Credential": "A/today/us-east-1/s3/aws4_request" }),
    inQuery(`${CREDENTIAL}incorrect date format "today". This date in the credential must be in the format "yyyyMMdd".`),
  ],
  [
    "a scope of another region",
    presigned({ "X-Amz-Credential": "A/20260301/eu-west-1/s3/aws4_request" }),
    {
      code: "AuthorizationQueryParametersError",
      status: 400,
      message: `${CREDENTIAL}the region 'eu-west-1' is wrong; expecting 'us-east-1'`,
      details: [["Region", "us-east-1"]],
      headers: {},
    },
  ],
  [
    "a scope of another service",
    presigned({ "X-Amz-Credential": "A/20260301/us-east-1/sts/aws4_request" }),
    inQuery(`${CREDENTIAL}incorrect service "sts". This endpoint belongs to "s3".`),
  ],
  [
    "a scope with another terminator",
    presigned({ "X-Amz-Credential": "A/20260301/us-east-1/s3/end" }),
    inQuery(`${CREDENTIAL}incorrect terminal "end". This endpoint uses "aws4_request".`),
  ],
  [
    "a scope of another day",
    presigned({ "X-Amz-Credential": "A/20260302/us-east-1/s3/aws4_request" }),
    inQuery('Invalid credential date "20260302". This date is not the same as X-Amz-Date: "20260301".'),
  ],
  [
    "a header that is not signed",
    { ...presigned({}), headers: { host: HOST, "x-amz-acl": "public-read" } },
    { code: "AccessDenied", status: 403, details: [["HeadersNotSigned", "x-amz-acl"]] },
  ],
  ["an unknown key", presigned({ "X-Amz-Credential": `A/${SCOPE}` }), { code: "InvalidAccessKeyId", status: 403 }],
  [
    "version 2 without Expires",
    { target: "/?AWSAccessKeyId=a&Signature=b" },
    { code: "AccessDenied", status: 403, message: V2_PARAMETERS, details: [] },
  ],
  [
    "version 2 without Signature",
    { target: "/?AWSAccessKeyId=a&Expires=1" },
    { code: "AccessDenied", status: 403, message: V2_PARAMETERS },
  ],
  [
    "version 2 with an end that is no number",
    { target: "/?AWSAccessKeyId=a&Signature=b&Expires=soon" },
    { code: "AccessDenied", status: 403, message: "Invalid date (should be seconds since epoch): soon", details: [] },
  ],
  [
    "version 2 past its time",
    { target: `/?AWSAccessKeyId=a&Signature=b&Expires=${NOW_MS / 1000 - 1}` },
    {
      code: "AccessDenied",
      status: 403,
      message: "Request has expired",
      details: [
        ["Expires", "2026-03-01T11:59:59Z"],
        ["ServerTime", SERVER_TIME],
      ],
    },
  ],
  [
    "version 2 of an unknown key",
    { target: "/?AWSAccessKeyId=a&Signature=b&Expires=2000000000" },
    { code: "InvalidAccessKeyId", status: 403 },
  ],
];

for (const [what, parts, expected] of ofQueries) {
  test(`authenticate: in a URL, ${what} is refused with ${expected.code}`, () => refused(parts, expected));
}

function hexPairs(text: string): string {
  return [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

test("authenticate: another secret is SignatureDoesNotMatch, and the answer shows what was signed here", async () => {
  const parts = await signed({ target: "/b/%c3%bc?prefix=a+b" }, { atMs: NOW_MS, secretAccessKey: "another-secret" });
  const error = await expectRefusal(() => authenticated(parts), { code: "SignatureDoesNotMatch", status: 403 });
  const details = Object.fromEntries(error.details);
  const canonical = `GET\n/b/%C3%BC\nprefix=a%20b\nhost:${HOST}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:${TIME}\n\nhost;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD`;
  assert.deepEqual(Object.keys(details), [
    "AWSAccessKeyId",
    "StringToSign",
    "SignatureProvided",
    "StringToSignBytes",
    "CanonicalRequest",
    "CanonicalRequestBytes",
  ]);
  assert.equal(details["CanonicalRequest"], canonical);
  assert.equal(details["CanonicalRequestBytes"], hexPairs(canonical));
  assert.match(details["StringToSign"]!, new RegExp(`^AWS4-HMAC-SHA256\n${TIME}\n${SCOPE}\n[0-9a-f]{64}$`));
  assert.equal(details["StringToSignBytes"], hexPairs(details["StringToSign"]!));
  assert.match(String(parts.headers!["authorization"]), new RegExp(`Signature=${details["SignatureProvided"]}$`));
  assert.ok(!JSON.stringify(error).includes(EXAMPLE_KEY.secretAccessKey));
});

test("authenticate: a wrong signature of version 2 shows the string to sign alone", async () => {
  const authorization = `AWS ${EXAMPLE_KEY.accessKeyId}:wrong`;
  const stringToSign = `GET\n\n\n\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:${TIME}\n/`;
  await refused(withHeaders({ authorization }), {
    code: "SignatureDoesNotMatch",
    status: 403,
    details: [
      ["AWSAccessKeyId", EXAMPLE_KEY.accessKeyId],
      ["StringToSign", stringToSign],
      ["SignatureProvided", "wrong"],
      ["StringToSignBytes", hexPairs(stringToSign)],
    ],
  });
});

test("authenticate: a session token beside a long-term key is InvalidToken, after the signature", async () => {
  const headers = { "x-amz-security-token": "token" };
  await refused(await signed({ headers }, { atMs: NOW_MS }), {
    code: "InvalidToken",
    status: 400,
    details: [["Token-0", "token"]],
  });
  const forged = await signed({ headers }, { atMs: NOW_MS, secretAccessKey: "another-secret" });
  await refused(forged, { code: "SignatureDoesNotMatch", status: 403 });
});

test("authenticate: a key whose secret changed is known by its new secret alone", async () => {
  const parts = await signed({}, { atMs: NOW_MS, secretAccessKey: "new-secret" });
  await refused(parts, { code: "SignatureDoesNotMatch", status: 403 });
  const credentials = { find: () => ({ ...EXAMPLE_KEY, secretAccessKey: "new-secret" }) };
  await authenticate(wireRequestFor(parts), { credentials, region: REGION, nowMs: NOW_MS });
  await refused(parts, { code: "SignatureDoesNotMatch", status: 403 });
});

test("authenticate: in version 4, the time of a request without x-amz-date is that of Date", async () => {
  // The SDK always signs x-amz-date; the time in the string to sign shows what was read.
  const error = await expectRefusal(
    () => authenticated(withHeaders({ "x-amz-date": undefined, date: "Sun, 01 Mar 2026 12:00:00 GMT" })),
    { code: "SignatureDoesNotMatch", status: 403 },
  );
  assert.match(Object.fromEntries(error.details)["StringToSign"]!, new RegExp(`\n${TIME}\n`));
});
