import { quoted } from "../errors/quoted.ts";
import { invalidArgument } from "../errors/invalidArgument.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions, Claim } from "./Authentication.ts";
import type { Anonymous, Credential } from "./Caller.ts";
import { claimedCredential, hasEnded, TEMPORARY_PREFIX } from "./temporaryCredentials.ts";
import { invalidAccessKeyId, temporaryKeyRefused } from "./mismatch.ts";
import { unchainedPayload } from "./payloadSecurity.ts";
import { detailTime } from "./requestTime.ts";
import { invalidToken } from "./sessionTokens.ts";
import { claimOfHeaderV2, claimOfQueryV2 } from "./signatureV2.ts";
import { ALGORITHM_V4, claimOfHeaderV4, claimOfQueryV4 } from "./signatureV4.ts";

/** Everybody who does not sign, under the id S3 shows for them. */
export const ANONYMOUS: Anonymous = {
  kind: "anonymous",
  canonicalId: "65a011a29cdf8ec533ec3d1ccaae921c",
  displayName: "anonymous",
  accessKeyId: undefined,
  accountId: undefined,
};

/**
 * Who sends a request: by Authorization header or query, in version 4 or 2, or nobody. `signed` is the request with the headers that
 * its presigner moved into the query: version 4 may name those among the signed headers. Throws S3's errors in S3's order (mechanism, form, time,
 * scope, headers, key and token, end of the session, signature, a token that no key needs).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export async function authenticate(
  request: WireRequest,
  options: AuthenticationOptions,
  signed: WireRequest = request,
): Promise<Authentication> {
  const claim = headClaimOf(request, options, signed);
  if (claim === undefined) {
    return { caller: ANONYMOUS, payload: unchainedPayload(request.headers.get("x-amz-content-sha256")), signature: undefined };
  }
  return provenCaller(claim, options);
}

/**
 * Who makes a claim, once it is proven. Throws what is wrong with the key, the session, the signature and the token, in S3's words, and what
 * the claim throws of its signature.
 */
export async function provenCaller(claim: Claim, options: AuthenticationOptions): Promise<Authentication> {
  const found = claimedCredential(claim, options.credentials);
  // Awaiting what is there already would cost every request a turn of the event loop.
  const credential = found instanceof Promise ? await found : found;
  if (credential === undefined || credential.disabled === true) throw unknownKey(claim, credential);
  const { caller } = credential;
  const { session } = caller;
  if (hasEnded(session, options.nowMs)) throw expiredToken(claim, session.expiresAtMs);
  const payload = claim.prove(credential);
  if (session === undefined && claim.sessionToken !== undefined) throw tokenOfLongTermKey(claim.sessionToken);
  return { caller, payload, signature: claim };
}

function unknownKey({ accessKeyId, sessionToken }: Claim, disabled: Credential | undefined): S3Error {
  const isTemporary = disabled === undefined && accessKeyId.startsWith(TEMPORARY_PREFIX);
  return isTemporary ? temporaryKeyRefused(accessKeyId, sessionToken !== undefined) : invalidAccessKeyId(accessKeyId, disabled);
}

function expiredToken({ sessionToken }: Claim, expiresAtMs: number): S3Error {
  return new S3Error("ExpiredToken", {
    details: [["Token-0", sessionToken]],
    explanation: `The session ended at ${detailTime(expiresAtMs)}; get new temporary credentials. A URL presigned with them ended with them.`,
  });
}

/**
 * What the head of a request claims of its sender; `undefined` where it is not signed. `signed` as for `authenticate`. Throws what is wrong with
 * mechanism, form, time, scope and headers.
 */
export function headClaimOf(request: WireRequest, options: AuthenticationOptions, signed: WireRequest): Claim | undefined {
  const { query } = request;
  const header = request.headers.get("authorization");
  const byQueryV4 = query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature");
  const byQueryV2 = query.has("Signature") || query.has("AWSAccessKeyId");
  if (Number(header !== undefined) + Number(byQueryV4) + Number(byQueryV2) > 1) throw severalMechanisms(header);
  if (byQueryV4) return claimOfQueryV4(request, options, signed);
  if (byQueryV2) return claimOfQueryV2(request, options);
  if (header === undefined) return undefined;
  if (!header.includes(" ")) throw withoutSpace(header);
  const scheme = header.slice(0, header.indexOf(" "));
  if (scheme === ALGORITHM_V4) return claimOfHeaderV4(request, header, options);
  if (scheme === "AWS") return claimOfHeaderV2(request, header, options);
  throw unsupportedScheme(scheme, header);
}

/** The error of a request that is signed in more than one way; `header` is its Authorization header. */
export function severalMechanisms(header: string | undefined): S3Error {
  return invalidArgument("Authorization", header ?? "null", {
    message:
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization " +
      "header should be specified",
    explanation: "The request is signed in more than one way; a presigned URL is sent without an Authorization header.",
  });
}

function withoutSpace(header: string): S3Error {
  return invalidArgument("Authorization", header, {
    message: "Authorization header is invalid -- one and only one ' ' (space) required",
    explanation: `The Authorization header is ${quoted(header)}; it names a scheme, such as AWS4-HMAC-SHA256, and after a space what the scheme needs.`,
  });
}

function unsupportedScheme(scheme: string, header: string): S3Error {
  if (scheme.startsWith("AWS4-ECDSA-")) {
    return new S3Error("UnsupportedSignature", {
      explanation: "Signature Version 4A is not available in this store; sign with AWS4-HMAC-SHA256.",
    });
  }
  return invalidArgument("Authorization", header, {
    message: "Unsupported Authorization Type",
    explanation: `The Authorization header begins with ${quoted(scheme)}; S3 knows AWS4-HMAC-SHA256 and AWS.`,
  });
}

function tokenOfLongTermKey(token: string): S3Error {
  return invalidToken(token, "The access key is a long-term key, which has no session token; unset AWS_SESSION_TOKEN.");
}
