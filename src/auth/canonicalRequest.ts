import { percentDecode, percentEncode } from "../protocol/rest/percent.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";

/** Characters of a path that are written as they are: RFC 3986's unreserved, and the slash. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/;

/**
 * The canonical request that Signature Version 4 signs. S3 encodes the path once and does not normalise it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function canonicalRequest(
  request: WireRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  presigned: boolean,
): string {
  let text = `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(request, presigned)}\n`;
  for (const name of signedHeaders) text += `${name}:${canonicalValue(request.headers.get(name) ?? "")}\n`;
  return `${text}\n${signedHeaders.join(";")}\n${payloadHash}`;
}

function canonicalPath(rawPath: string): string {
  return PLAIN_PATH.test(rawPath) ? rawPath : percentEncode(percentDecode(rawPath), true);
}

function canonicalQuery(request: WireRequest, presigned: boolean): string {
  if (request.rawQuery === "") return "";
  const pairs: string[] = [];
  for (const { name, value } of request.query.pairs()) {
    if (presigned && name === "X-Amz-Signature") continue;
    pairs.push(`${percentEncode(Buffer.from(name), false)}=${percentEncode(Buffer.from(value), false)}`);
  }
  // Sorting the joined pairs would put "a-b=" before "a=": "-" sorts below "=".
  return pairs.length < 2 ? (pairs[0] ?? "") : pairs.toSorted(byNameThenValue).join("&");
}

function byNameThenValue(a: string, b: string): number {
  const nameA = a.slice(0, a.indexOf("="));
  const nameB = b.slice(0, b.indexOf("="));
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return a < b ? -1 : a === b ? 0 : 1;
}

/** Leading, trailing and repeated inner spaces do not count. */
function canonicalValue(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes("  ") ? trimmed.replace(/ {2,}/g, " ") : trimmed;
}
