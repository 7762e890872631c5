import { isUnreserved, percentDecode, percentEncode } from "../protocol/rest/percent.ts";
import type { HeaderLines, WireRequest } from "../protocol/WireRequest.ts";

/** Between the encoded name and value of a parameter while they are sorted: below every character either can hold. */
const SEPARATOR = "\0";

/** What a canonical request is written of. */
export interface CanonicalParts {
  readonly method: string;
  /** As it stands there: percent-encoded. */
  readonly path: string;
  /** As it stands there: sorted and percent-encoded. */
  readonly query: string;
  readonly headers: HeaderLines;
  readonly signedHeaders: ReadonlySet<string>;
  readonly payloadHash: string;
}

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
  return canonicalText(canonicalParts(request, signedHeaders, payloadHash, presigned));
}

/** What the canonical request of a request is written of. */
export function canonicalParts(
  request: WireRequest,
  signedHeaders: ReadonlySet<string>,
  payloadHash: string,
  presigned: boolean,
): CanonicalParts {
  const { method, headers } = request;
  const path = canonicalPath(request.rawPath);
  return { method, path, query: canonicalQuery(request, presigned), headers, signedHeaders, payloadHash };
}

/** A canonical request of its parts. */
export function canonicalText({ method, path, query, headers, signedHeaders, payloadHash }: CanonicalParts): string {
  let text = `${method}\n${path}\n${query}\n`;
  for (const name of signedHeaders) text += `${name}:${canonicalValue(headers.get(name) ?? "")}\n`;
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
