import { isUnreserved, percentDecode, percentEncode } from "../protocol/rest/percent.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";

/** Between the encoded name and value of a parameter while they are sorted: below every character either can hold. */
const SEPARATOR = "\0";

/**
 * The canonical request that Signature Version 4 signs. S3 encodes the path once and does not normalise it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function canonicalRequest(
  request: WireRequest,
  signedHeaders: ReadonlySet<string>,
  payloadHash: string,
  presigned: boolean,
): string {
  let text = `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(request, presigned)}\n`;
  for (const name of signedHeaders) text += `${name}:${canonicalValue(request.headers.get(name) ?? "")}\n`;
  return `${text}\n${[...signedHeaders].join(";")}\n${payloadHash}`;
}

function canonicalPath(rawPath: string): string {
  return isUnreserved(rawPath, true) ? rawPath : percentEncode(percentDecode(rawPath), true);
}

/** Made of the parameters as the other rooms read them, so that nothing they act on can differ from what was signed. */
function canonicalQuery(request: WireRequest, presigned: boolean): string {
  const pairs: string[] = [];
  for (const { name, value } of request.query.pairs()) {
    if (presigned && name === "X-Amz-Signature") continue;
    pairs.push(encoded(name) + SEPARATOR + encoded(value));
  }
  return pairs.sort().join("&").replaceAll(SEPARATOR, "=");
}

function encoded(text: string): string {
  return isUnreserved(text, false) ? text : percentEncode(Buffer.from(text), false);
}

const BLANK = /[ \t]/;

/** A header value without blanks around it, and with one space for each run of them within. */
function canonicalValue(value: string): string {
  if (!BLANK.test(value)) return value;
  return value
    .split(/[ \t]+/)
    .filter((word) => word !== "")
    .join(" ");
}
