import { ACCESS_KEY_ID } from "../server/TestServer.ts";
import type { Refusal } from "./refusals.ts";
import { invalidArgument } from "./refusals.ts";
import { hexPairs } from "./signing.ts";
import { headers, otherSecret, query, refuses } from "./spoiledRequests.ts";

/** What goes wrong with saying who one is by a signature of version 2. */

const UNKNOWN_KEY = "HFUNKNOWNUNKNOWN0000";

function denied(message: string, details: Readonly<Record<string, string>>, says: string): Refusal {
  return { status: 403, code: "AccessDenied", message, details, says };
}

function mismatch(stringToSign: string): Refusal {
  return {
    status: 403,
    code: "SignatureDoesNotMatch",
    message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details: {
      AWSAccessKeyId: ACCESS_KEY_ID,
      StringToSign: stringToSign,
      SignatureProvided: "s",
      StringToSignBytes: hexPairs(stringToSign),
    },
    says: otherSecret('GET "/bucket/key"', "StringToSign"),
  };
}

refuses("Signature Version 2", "anonymous", [
  {
    cause: "two spaces in the header",
    spoil: headers({ Authorization: "AWS key: signature" }),
    answer: invalidArgument(
      "Authorization header is invalid -- one and only one ' ' (space) required",
      "Authorization",
      "AWS key: signature",
      'It is "AWS key: signature", and has the form: AWS key:signature.',
    ),
  },
  {
    cause: "no colon in the header",
    spoil: headers({ Authorization: "AWS key" }),
    answer: invalidArgument(
      "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
      "Authorization",
      "AWS key",
      'It is "AWS key", with no colon between access key and signature.',
    ),
  },
  {
    cause: "no date",
    spoil: headers({ Authorization: "AWS key:signature" }),
    answer: denied(
      "AWS authentication requires a valid Date or x-amz-date header",
      {},
      "A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. Neither came.",
    ),
  },
  {
    cause: "a parameter too few",
    spoil: query({ AWSAccessKeyId: "key", Signature: "s" }),
    answer: denied(
      "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
      {},
      "The URL lacks Expires.",
    ),
  },
  {
    cause: "an expiry that is no number",
    spoil: query({ AWSAccessKeyId: "key", Signature: "s", Expires: "soon" }),
    answer: denied(
      "Invalid date (should be seconds since epoch): soon",
      {},
      'Expires is "soon"; it takes a time in seconds since 1970, up to the year 9999.',
    ),
  },
  {
    cause: "an expiry before 1970",
    spoil: query({ AWSAccessKeyId: "key", Signature: "s", Expires: "-1" }),
    answer: denied(
      "Invalid date (should be seconds since epoch): -1",
      {},
      'Expires is "-1"; it takes a time in seconds since 1970, up to the year 9999.',
    ),
  },
  {
    cause: "an expiry behind the year 9999",
    spoil: query({ AWSAccessKeyId: "key", Signature: "s", Expires: "253402300800" }),
    answer: denied(
      "Invalid date (should be seconds since epoch): 253402300800",
      {},
      'Expires is "253402300800"; it takes a time in seconds since 1970, up to the year 9999.',
    ),
  },
  {
    cause: "a date before 1970",
    spoil: headers({ Authorization: "AWS key:signature", Date: "Wed, 31 Dec 1969 23:59:59 GMT" }),
    answer: denied(
      "AWS authentication requires a valid Date or x-amz-date header",
      {},
      'A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. "Wed, 31 Dec 1969 23:59:59 GMT" is no time.',
    ),
  },
  {
    cause: "a date behind the year 9999",
    spoil: headers({ Authorization: "AWS key:signature", Date: "Sat, 01 Jan 10000 00:00:00 GMT" }),
    answer: denied(
      "AWS authentication requires a valid Date or x-amz-date header",
      {},
      'A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. "Sat, 01 Jan 10000 00:00:00 GMT" is no time.',
    ),
  },
  {
    cause: "another signature in the header",
    spoil: headers({ "x-amz-date": "20260301T120000Z", Authorization: `AWS ${ACCESS_KEY_ID}:s` }),
    answer: mismatch("GET\n\n\n\nx-amz-date:20260301T120000Z\n/bucket/key"),
  },
  {
    cause: "another signature in the query",
    spoil: query({
      AWSAccessKeyId: ACCESS_KEY_ID,
      Signature: "s",
      Expires: "1772370000",
      "response-expires": "never",
      prefix: "p",
    }),
    answer: mismatch("GET\n\n\n1772370000\n/bucket/key?response-expires=never"),
  },
  {
    cause: "an expiry that has passed",
    spoil: query({ AWSAccessKeyId: "key", Signature: "s", Expires: "1772362800" }),
    answer: denied(
      "Request has expired",
      { Expires: "2026-03-01T11:00:00Z", ServerTime: "2026-03-01T12:00:00Z" },
      "The URL was valid until 2026-03-01T11:00:00Z; presign a new one.",
    ),
  },
  {
    cause: "an unknown access key",
    spoil: query({ AWSAccessKeyId: UNKNOWN_KEY, Signature: "s", Expires: "1772370000" }),
    answer: {
      status: 403,
      code: "InvalidAccessKeyId",
      message: "The AWS Access Key Id you provided does not exist in our records.",
      details: { AWSAccessKeyId: UNKNOWN_KEY },
      says: 'No user of this server has the access key "HFUNKNOWNUNKNOWN0000"; "holdfast user list" shows them to its operator.',
    },
  },
]);
