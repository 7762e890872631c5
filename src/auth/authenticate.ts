import { S3Error } from "../errors/S3Error.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import type { Caller } from "./Caller.ts";
import { securityWithoutChunks } from "./payloadSecurity.ts";
import { authenticateHeaderV2, authenticateQueryV2 } from "./signatureV2.ts";
import { ALGORITHM_V4, authenticateHeaderV4, authenticateQueryV4 } from "./signatureV4.ts";

/** Everybody who does not sign, under the id S3 shows for them. */
export const ANONYMOUS: Caller = {
  kind: "anonymous",
  canonicalId: "65a011a29cdf8ec533ec3d1ccaae921c",
  displayName: "anonymous",
  accessKeyId: undefined,
};

/**
 * Who sends a request: by Authorization header or query, in version 4 or 2, or nobody. Throws S3's errors in S3's order
 * (mechanism, form, time, scope, headers, key, signature).
 */
export async function authenticate(request: WireRequest, options: AuthenticationOptions): Promise<Authentication> {
  const header = request.headers.get("authorization");
  const byQueryV4 = request.rawQuery !== "" && request.query.has("X-Amz-Algorithm");
  const byQueryV2 = request.rawQuery !== "" && (request.query.has("Signature") || request.query.has("AWSAccessKeyId"));
  if (Number(header !== undefined) + Number(byQueryV4) + Number(byQueryV2) > 1) throw severalMechanisms(header);
  if (byQueryV4) return authenticateQueryV4(request, options);
  if (byQueryV2) return authenticateQueryV2(request, options);
  if (header === undefined) {
    return { caller: ANONYMOUS, payload: securityWithoutChunks(request.headers.get("x-amz-content-sha256")) };
  }
  const scheme = header.split(" ", 1)[0]!;
  if (scheme === ALGORITHM_V4) return authenticateHeaderV4(request, header, options);
  if (scheme === "AWS") return authenticateHeaderV2(request, header, options);
  throw new S3Error("InvalidArgument", {
    message: "Unsupported Authorization Type",
    details: [
      ["ArgumentName", "Authorization"],
      ["ArgumentValue", header],
    ],
    explanation: `The Authorization header begins with "${scheme}"; S3 knows AWS4-HMAC-SHA256 and AWS.`,
  });
}

function severalMechanisms(header: string | undefined): S3Error {
  return new S3Error("InvalidArgument", {
    message:
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization " +
      "header should be specified",
    details: [
      ["ArgumentName", "Authorization"],
      ["ArgumentValue", header ?? "null"],
    ],
    explanation: "The request is signed in more than one way; a presigned URL is sent without an Authorization header.",
  });
}
