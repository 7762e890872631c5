import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { CORSRule } from "../../protocol/generated/types.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { CORS_KIND, CORS_METHODS } from "./corsRules.ts";

const cors = bucketSetting<"GetBucketCors">({ kind: CORS_KIND, name: "CORS rules", put: "PutBucketCors" });

/**
 * Shows a bucket's CORS rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
 */
export const GetBucketCors: Operation<"GetBucketCors"> = cors.get(
  "GetBucketCors",
  "s3:GetBucketCORS",
  (options) => new S3Error("NoSuchCORSConfiguration", options),
);

/**
 * Gives a bucket CORS rules, in place of those it has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
 */
export const PutBucketCors: Operation<"PutBucketCors"> = cors.put(
  "PutBucketCors",
  "s3:PutBucketCORS",
  ({ CORSConfiguration: { CORSRules } }) => {
    checkForm(CORSRules);
    for (const rule of CORSRules) checkRule(rule);
    return { CORSRules };
  },
);

/**
 * Deletes a bucket's CORS rules. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
 */
export const DeleteBucketCors: Operation<"DeleteBucketCors"> = cors.delete("DeleteBucketCors", "s3:PutBucketCORS");

const MAX_RULES = 100;
const MAX_ID_CHARACTERS = 255;
/** The largest number of 32 bits. */
const MAX_AGE_SECONDS = 2_147_483_647;

/** Checks what S3's schema fixes. Throws MalformedXML. */
function checkForm(rules: readonly CORSRule[]): void {
  if (rules.length > MAX_RULES) throw malformed(`CORSConfiguration has ${rules.length} rules; it can have ${MAX_RULES}.`);
  for (const { ID = "", MaxAgeSeconds = 0 } of rules) {
    if (ID.length > MAX_ID_CHARACTERS) {
      throw malformed(`An ID has ${ID.length} characters; it can have ${MAX_ID_CHARACTERS}.`);
    }
    if (MaxAgeSeconds < 0 || MaxAgeSeconds > MAX_AGE_SECONDS) {
      throw malformed(`MaxAgeSeconds is ${MaxAgeSeconds}; it can be 0 to ${MAX_AGE_SECONDS}.`);
    }
  }
}

/** The characters of header names (RFC 9110, section 5.6.2), the wildcard among them. */
const HEADER_PATTERN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*$/;
/** What a header line can carry. */
const HEADER_TEXT = /^[ -~]*$/;

/** Throws InvalidRequest. */
function checkRule({ AllowedMethods, AllowedOrigins, AllowedHeaders = [], ExposeHeaders = [] }: CORSRule): void {
  for (const method of AllowedMethods) {
    if (CORS_METHODS.has(method)) continue;
    const message = `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`;
    throw invalid(message, `AllowedMethod is ${quoted(method)}; it can be ${[...CORS_METHODS].join(", ")}, in capitals.`);
  }
  for (const origin of AllowedOrigins) {
    if (!hasManyWildcards(origin)) continue;
    throw invalid(`AllowedOrigin "${origin}" can not have more than one wildcard.`, tooManyWildcards("origin", origin));
  }
  for (const header of AllowedHeaders) {
    if (hasManyWildcards(header)) {
      throw invalid(`AllowedHeader "${header}" can not have more than one wildcard.`, tooManyWildcards("header", header));
    }
    if (!HEADER_PATTERN.test(header)) throw invalid(`AllowedHeader "${header}" contains invalid character.`, noHeader(header));
  }
  for (const header of ExposeHeaders) {
    if (header.includes("*")) {
      const message = `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`;
      throw invalid(message, `ExposeHeader is ${quoted(header)}; name each header that pages may read.`);
    }
    if (!HEADER_TEXT.test(header)) throw invalid(`ExposeHeader "${header}" contains invalid character.`, noHeader(header));
  }
}

function hasManyWildcards(text: string): boolean {
  return text.indexOf("*") !== text.lastIndexOf("*");
}

function tooManyWildcards(what: string, text: string): string {
  return `The ${what} ${quoted(text)} has more than one *; use a rule, or an element, for each.`;
}

function noHeader(name: string): string {
  return `${quoted(name)} names no header: it has a character that header names do not have.`;
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}

function invalid(message: string, explanation: string): S3Error {
  return new S3Error("InvalidRequest", { message, explanation });
}
