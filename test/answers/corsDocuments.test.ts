import { createHash } from "node:crypto";
import { putCors, RULE } from "./putCors.ts";
import type { Refusal, Row } from "./refusals.ts";
import { invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** CORS rules that S3 does not take. */

/** A refusal of rules of which the last one has `inside` beside an origin and a method. */
function refused(cause: string, inside: string, answer: Refusal): Row {
  const rule = RULE.replace("</CORSRule>", `${inside}</CORSRule>`);
  return { cause, asked: putCors(RULE + rule), stage: "operation", readsBody: true, answer };
}

refusals("PutBucketCors", [
  {
    cause: "no rule",
    asked: putCors(""),
    stage: "operation",
    readsBody: true,
    answer: malformedXml("CORSConfiguration lacks its element CORSRule."),
  },
  {
    cause: "a rule without an origin",
    asked: putCors("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>"),
    stage: "operation",
    readsBody: true,
    answer: malformedXml("CORSRule lacks its element AllowedOrigin."),
  },
  {
    cause: "a rule without a method",
    asked: putCors("<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>"),
    stage: "operation",
    readsBody: true,
    answer: malformedXml("CORSRule lacks its element AllowedMethod."),
  },
  {
    cause: "101 rules",
    asked: putCors(RULE.repeat(101)),
    stage: "operation",
    readsBody: true,
    answer: malformedXml("CORSConfiguration has 101 rules; it can have 100."),
  },
  {
    cause: "no document",
    asked: { ...putCors(""), headers: { "Content-MD5": createHash("md5").digest("base64") }, body: "" },
    stage: "operation",
    answer: {
      status: 400,
      code: "MissingRequestBodyError",
      message: "Request Body is empty",
      says: "PutBucketCors needs a document in its body, and the body is empty.",
    },
  },
  {
    cause: "a document of more than 64 KiB",
    asked: putCors(RULE + " ".repeat(64 * 1024)),
    stage: "operation",
    answer: {
      status: 400,
      code: "MaxMessageLengthExceeded",
      message: "Your request was too big.",
      details: { MaxMessageLengthBytes: "65536" },
      says: `The body has ${putCors(RULE + " ".repeat(64 * 1024)).body!.length} bytes; this operation takes 65536 at most.`,
    },
  },
  refused("an ID of 256 characters", `<ID>${"i".repeat(256)}</ID>`, malformedXml("An ID has 256 characters; it can have 255.")),
  refused("two IDs", "<ID>a</ID><ID>b</ID>", malformedXml("CORSRule has more than one element ID.")),
  refused(
    "a time that is no number",
    "<MaxAgeSeconds>soon</MaxAgeSeconds>",
    malformedXml('MaxAgeSeconds is "soon", which is not a number.'),
  ),
  refused(
    "a time below zero",
    "<MaxAgeSeconds>-1</MaxAgeSeconds>",
    malformedXml("MaxAgeSeconds is -1; it can be 0 to 2147483647."),
  ),
  refused(
    "a method that rules cannot allow",
    "<AllowedMethod>PATCH</AllowedMethod>",
    invalidRequest(
      "Found unsupported HTTP method in CORS config. Unsupported method is PATCH",
      'AllowedMethod is "PATCH"; it can be GET, HEAD, PUT, POST, DELETE, in capitals.',
    ),
  ),
  refused(
    "an origin with two wildcards",
    "<AllowedOrigin>*example*.com</AllowedOrigin>",
    invalidRequest(
      'AllowedOrigin "*example*.com" can not have more than one wildcard.',
      'The origin "*example*.com" has more than one *; use a rule, or an element, for each.',
    ),
  ),
  refused(
    "a request header with two wildcards",
    "<AllowedHeader>x-*-*</AllowedHeader>",
    invalidRequest(
      'AllowedHeader "x-*-*" can not have more than one wildcard.',
      'The header "x-*-*" has more than one *; use a rule, or an element, for each.',
    ),
  ),
  refused(
    "a request header that is no name",
    "<AllowedHeader>not fine</AllowedHeader>",
    invalidRequest(
      'AllowedHeader "not fine" contains invalid character.',
      '"not fine" names no header: it has a character that header names do not have.',
    ),
  ),
  refused(
    "a header to read with a wildcard",
    "<ExposeHeader>x-amz-*</ExposeHeader>",
    invalidRequest(
      'ExposeHeader "x-amz-*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
      'ExposeHeader is "x-amz-*"; name each header that pages may read.',
    ),
  ),
  refused(
    "a header to read that no answer can have",
    "<ExposeHeader>e\u0301</ExposeHeader>",
    invalidRequest(
      'ExposeHeader "e\u0301" contains invalid character.',
      '"e\u0301" names no header: it has a character that header names do not have.',
    ),
  ),
]);
