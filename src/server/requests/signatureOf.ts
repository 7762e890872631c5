import type { Signature } from "../../journal/RequestRecord.ts";
import type { Exchange } from "./Exchange.ts";

/** How a request is signed, whether or not that was found to be right; `undefined` where it is not. */
export function signatureOf({ life, request, routed }: Exchange): Signature | undefined {
  // Signed as by version 2, in neither of the two places.
  if (routed?.signedFor?.by === "elements") return routed.signedFor.accessKeyId === undefined ? undefined : "SigV2";
  const proven = life?.signature;
  if (proven !== undefined) {
    if (proven.version === "AWS") return proven.authType === "REST-QUERY-STRING" ? "SigV2 QueryString" : "SigV2 AuthHeader";
    return proven.authType === "REST-QUERY-STRING" ? "SigV4 QueryString" : "SigV4 AuthHeader";
  }
  if (request === undefined) return undefined;
  const { headers, query, rawQuery } = request;
  const authorization = headers.get("authorization");
  if (authorization !== undefined) return authorization.startsWith("AWS ") ? "SigV2 AuthHeader" : "SigV4 AuthHeader";
  if (rawQuery === "") return undefined;
  if (query.has("X-Amz-Algorithm")) return "SigV4 QueryString";
  return query.has("AWSAccessKeyId") ? "SigV2 QueryString" : undefined;
}
