import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { CanonicalParts } from "../canonicalRequest.ts";
import { canonicalText } from "../canonicalRequest.ts";
import type { Otherwise } from "./Otherwise.ts";
import { otherHeaders, withValue } from "./otherHeaders.ts";
import { otherHosts } from "./otherHosts.ts";
import { otherMethods } from "./otherMethods.ts";
import { otherPaths } from "./otherPaths.ts";
import { otherQueries } from "./otherQueries.ts";

/**
 * Of one request, no more texts are tried: nearly all that there are. Each costs about three microseconds, and only for a signature that is
 * wrong.
 */
export const MAX_TEXTS_TRIED = 128;

/** Where what is right is longer, nothing is tried, so that nobody can have much more than half a megabyte hashed. */
export const MAX_TRIED_TEXT_LENGTH: number = 4 * 1024;

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Words for a body that clients and servers may disagree on. */
const PAYLOAD_WORDS: readonly string[] = [
  "UNSIGNED-PAYLOAD",
  EMPTY_SHA256,
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

/** What of a server the client may have taken for something else. */
export interface AskedServer {
  readonly domains: readonly string[];
  readonly region: string;
}

/**
 * What a client signed in place of the request that arrived, whose canonical request has these parts, where that can be found by trying:
 * sentences for people, or `undefined`. `isSigned` compares the client's signature with that of a canonical request, in constant time: a
 * signature that is right for another request must not be found by measuring.
 */
export function signedOtherwiseV4(
  request: WireRequest,
  parts: CanonicalParts,
  server: AskedServer,
  isSigned: (canonical: string) => boolean,
): string | undefined {
  if (canonicalText(parts).length > MAX_TRIED_TEXT_LENGTH) return undefined;
  let tried = 0;
  for (const [text, said] of otherTexts(request, parts, server)) {
    if (isSigned(text)) return said;
    tried += 1;
    if (tried === MAX_TEXTS_TRIED) return undefined;
  }
  return undefined;
}

function* otherTexts(request: WireRequest, parts: CanonicalParts, { domains, region }: AskedServer): Generator<Otherwise> {
  const like = (changed: Partial<CanonicalParts>, said: string): Otherwise => [canonicalText({ ...parts, ...changed }), said];
  const { headers, signedHeaders } = parts;
  for (const [method, said] of otherMethods(parts.method)) yield like({ method }, said);
  for (const { host, path = parts.path, said } of otherHosts(request, parts.path, domains, region))
    yield like({ path, headers: withValue(headers, "host", host) }, said);
  for (const [path, said] of otherPaths(request, parts.path)) yield like({ path }, said);
  for (const [query, said] of otherQueries(request, parts.query)) yield like({ query }, said);
  for (const [other, said] of otherHeaders(headers, (name) => signedHeaders.has(name))) yield like({ headers: other }, said);
  for (const payloadHash of PAYLOAD_WORDS) {
    if (payloadHash === parts.payloadHash) continue;
    const said = `It was signed with ${payloadHash} in place of the body, and ${parts.payloadHash} arrived: send in x-amz-content-sha256 what is signed.`;
    yield like({ payloadHash }, said);
    yield like({ payloadHash, headers: withValue(headers, "x-amz-content-sha256", payloadHash) }, said);
  }
  const sorted = [...signedHeaders].sort();
  yield like(
    { signedHeaders: new Set(sorted) },
    "Its headers were signed in another order than SignedHeaders names them in: sort both.",
  );
}
