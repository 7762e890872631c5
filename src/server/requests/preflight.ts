import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import type { Service } from "../Service.ts";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "POST", "DELETE"]);

/**
 * Answers a browser's question whether a page may use a bucket. No bucket has a CORS configuration, so the answer is no; it is given as S3
 * gives it. Always throws.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
export async function preflight(service: Service, request: WireRequest): Promise<never> {
  if (!request.headers.has("origin")) {
    throw new S3Error("BadRequest", {
      message: "Insufficient information. Origin request header needed.",
      explanation: "OPTIONS asks whether a page of some origin may send a request; name it in Origin.",
    });
  }
  const method = request.headers.get("access-control-request-method");
  if (method === undefined || !METHODS.has(method)) {
    throw new S3Error("BadRequest", {
      message: `Invalid Access-Control-Request-Method: ${method ?? "null"}`,
      explanation: `Access-Control-Request-Method is ${method === undefined ? "missing" : quoted(method)}; it can be ${[...METHODS].join(", ")}.`,
    });
  }
  checkRequestHeaders(request.headers.get("access-control-request-headers"));
  const { bucket, key } = request.address;
  const found = bucket === undefined ? undefined : await findBucket(service.store, bucket);
  throw new S3Error("AccessForbidden", {
    message: found === undefined ? "CORSResponse: Bucket not found" : "CORSResponse: CORS is not enabled for this bucket.",
    details: [
      ["Method", method],
      ["ResourceType", key === undefined ? "BUCKET" : "OBJECT"],
    ],
    explanation:
      found === undefined
        ? `There is no bucket ${quoted(bucket ?? "")} here that a web page could use.`
        : "The bucket has no CORS configuration, so no web page of another origin may use it.",
  });
}

/** The characters of header names: tokens of RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function checkRequestHeaders(list: string | undefined): void {
  for (const item of list?.split(",") ?? []) {
    const name = item.trim();
    if (name === "" || HEADER_NAME.test(name)) continue;
    throw new S3Error("BadRequest", {
      message: `Access-Control-Request-Headers "${name}" contains invalid character.`,
      explanation: `Access-Control-Request-Headers lists names of headers, and ${quoted(name)} is none.`,
    });
  }
}
