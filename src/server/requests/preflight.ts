import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { CorsQuestion, CorsRules } from "../../operations/settings/corsRules.ts";
import { CORS_METHODS, corsHeaders, findCorsRules, whyRefused } from "../../operations/settings/corsRules.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { commonHeaders, writeWithoutReading } from "../http/respond.ts";
import { addressedBucket, corsQuestion } from "./crossOrigin.ts";
import type { Exchange, Outcome } from "./Exchange.ts";

/**
 * Answers a browser's question whether a page of another origin may send a request. It asks without credentials, so nobody is
 * authenticated. Throws BadRequest and AccessForbidden.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
export async function answerPreflight(exchange: Exchange, request: WireRequest): Promise<Outcome> {
  const question = corsQuestion(request);
  if (question === undefined) {
    throw new S3Error("BadRequest", {
      message: "Insufficient information. Origin request header needed.",
      explanation: "OPTIONS asks whether a page of some origin may send a request; name it in Origin.",
    });
  }
  const rules = await rulesOf(exchange, request, question);
  checkQuestion(question, request);
  exchange.corsHeaders = corsHeaders(rules, question);
  if (exchange.corsHeaders === undefined) {
    throw new S3Error("AccessForbidden", {
      details: refusedDetails(question, request.address.key === undefined ? "BUCKET" : "OBJECT"),
      explanation: whyRefused(rules, question),
    });
  }
  await writeWithoutReading(exchange, { status: 200, headers: commonHeaders(exchange), body: Buffer.alloc(0) });
  return { status: 200, errorCode: undefined, sentSizeBytes: 0 };
}

/** The rules of the addressed bucket. Without any, S3 speaks of the bucket, whatever is asked. Throws AccessForbidden. */
async function rulesOf({ service }: Exchange, request: WireRequest, question: CorsQuestion): Promise<CorsRules> {
  const bucket = await addressedBucket(service, request);
  const details = refusedDetails(question, "BUCKET");
  if (bucket === undefined) {
    const { bucket: name } = request.address;
    throw new S3Error("AccessForbidden", {
      message: "CORSResponse: Bucket not found",
      details,
      explanation:
        name === undefined
          ? "The request names no bucket; only a bucket's CORS rules let web pages in."
          : `There is no bucket ${quoted(name)} here that a web page could use.`,
    });
  }
  const rules = await findCorsRules(service.store, bucket);
  if (rules !== undefined) return rules;
  throw new S3Error("AccessForbidden", {
    message: "CORSResponse: CORS is not enabled for this bucket.",
    details,
    explanation: "The bucket has no CORS rules, so no web page of another origin may use it; PutBucketCors sets them.",
  });
}

function refusedDetails({ method }: CorsQuestion, resourceType: string): [string, string][] {
  return [
    ["Method", method],
    ["ResourceType", resourceType],
  ];
}

/** The characters of header names: tokens of RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Throws BadRequest for what is no method or no header's name. */
function checkQuestion({ headers: names }: CorsQuestion, { headers }: WireRequest): void {
  const method = headers.get("access-control-request-method");
  if (method === undefined || !CORS_METHODS.has(method)) {
    throw new S3Error("BadRequest", {
      message: `Invalid Access-Control-Request-Method: ${method ?? "null"}`,
      explanation: `Access-Control-Request-Method is ${method === undefined ? "missing" : quoted(method)}; it can be ${[...CORS_METHODS].join(", ")}.`,
    });
  }
  const wrong = names.find((name) => !HEADER_NAME.test(name));
  if (wrong === undefined) return;
  throw new S3Error("BadRequest", {
    message: `Access-Control-Request-Headers "${wrong}" contains invalid character.`,
    explanation: `Access-Control-Request-Headers lists names of headers, and ${quoted(wrong)} is none.`,
  });
}
