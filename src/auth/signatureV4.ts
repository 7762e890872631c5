import { createHmac, hash } from "node:crypto";
import { S3Error } from "../errors/S3Error.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import { canonicalRequest } from "./canonicalRequest.ts";
import type { CredentialScope } from "./credentialScope.ts";
import { parseHeaderScope, parseQueryScope } from "./credentialScope.ts";
import { invalidAccessKeyId, signatureDoesNotMatch } from "./mismatch.ts";
import { payloadMode, securityWithoutChunks } from "./payloadSecurity.ts";
import { checkQueryTime } from "./presignedTime.ts";
import { checkSkew, parseBasicTime } from "./requestTime.ts";
import { equalInConstantTime, signingKeyV4 } from "./signingKeys.ts";

/** The name of the signature in Authorization headers and X-Amz-Algorithm. */
export const ALGORITHM_V4 = "AWS4-HMAC-SHA256";

/** What is left to check of a request once its form is right: the key and the signature. */
interface SignedRequest {
  readonly request: WireRequest;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly payloadHash: string;
  readonly presigned: boolean;
}

/**
 * Authenticates a request by its Authorization header of version 4, in S3's order of checks.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export async function authenticateHeaderV4(
  request: WireRequest,
  header: string,
  options: AuthenticationOptions,
): Promise<Authentication> {
  const payloadHash = request.headers.get("x-amz-content-sha256");
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", {
      message: "Missing required header for this request: x-amz-content-sha256",
      explanation: "Signature Version 4 signs the body's SHA-256; send it in x-amz-content-sha256, or the word UNSIGNED-PAYLOAD.",
    });
  }
  const mode = payloadMode(payloadHash);
  const time = headerTime(request, options.nowMs);
  const fields = headerFields(header);
  const scope = parseHeaderScope(fields.credential, options.region);
  checkScopeDate(scope, time);
  const signedHeaders = fields.signedHeaders.split(";");
  checkSignedHeaders(request, signedHeaders);
  const signed = { request, scope, signedHeaders, signature: fields.signature, time, payloadHash, presigned: false };
  const { credential, signingKey } = await verify(signed, options);
  const chunked = mode === "signedChunks" || mode === "signedChunksWithTrailer";
  const chunks = { accessKeyId: credential.accessKeyId, signingKey, seedSignature: fields.signature, time, scope: scope.text };
  return {
    caller: callerOf(credential),
    payload: chunked ? { mode, sha256: undefined, chunks } : securityWithoutChunks(payloadHash),
  };
}

/**
 * Authenticates a request by its query, as presigned URLs do.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export async function authenticateQueryV4(request: WireRequest, options: AuthenticationOptions): Promise<Authentication> {
  const { query } = request;
  if (query.get("X-Amz-Algorithm") !== ALGORITHM_V4) {
    throw queryError(
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
      "Presign with AWS4-HMAC-SHA256.",
    );
  }
  for (const name of ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"]) {
    if (query.has(name)) continue;
    throw queryError(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, " +
        "X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      `The URL lacks ${name}.`,
    );
  }
  const time = checkQueryTime(query.get("X-Amz-Date")!, query.get("X-Amz-Expires")!, options.nowMs);
  const scope = parseQueryScope(query.get("X-Amz-Credential")!, options.region, time);
  const signedHeaders = query.get("X-Amz-SignedHeaders")!.split(";");
  checkSignedHeaders(request, signedHeaders);
  const payloadHash = request.headers.get("x-amz-content-sha256") ?? query.get("X-Amz-Content-Sha256");
  const security = securityWithoutChunks(payloadHash);
  const signature = query.get("X-Amz-Signature")!;
  const signed = {
    request,
    scope,
    signedHeaders,
    signature,
    time,
    payloadHash: payloadHash ?? "UNSIGNED-PAYLOAD",
    presigned: true,
  };
  const { credential } = await verify(signed, options);
  return { caller: callerOf(credential), payload: security };
}

function queryError(message: string, explanation: string): S3Error {
  return new S3Error("AuthorizationQueryParametersError", { message, explanation });
}

/** Looks the key up and compares signatures. Throws InvalidAccessKeyId, SignatureDoesNotMatch, InvalidToken. */
async function verify(
  signed: SignedRequest,
  options: AuthenticationOptions,
): Promise<{ credential: Credential; signingKey: Buffer }> {
  const { request, scope, time } = signed;
  const found = options.credentials.find(scope.accessKeyId);
  const credential = found instanceof Promise ? await found : found;
  if (credential === undefined) throw invalidAccessKeyId(scope.accessKeyId);
  const canonical = canonicalRequest(request, signed.signedHeaders, signed.payloadHash, signed.presigned);
  const stringToSign = `${ALGORITHM_V4}\n${time}\n${scope.text}\n${hash("sha256", canonical)}`;
  const signingKey = signingKeyV4(credential.accessKeyId, credential.secretAccessKey, scope.day, scope.region);
  const expected = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
  if (!equalInConstantTime(expected, signed.signature)) {
    throw signatureDoesNotMatch({
      accessKeyId: scope.accessKeyId,
      stringToSign,
      signatureProvided: signed.signature,
      canonicalRequest: canonical,
      explanation:
        "The access key exists. Either its secret is another one, or the client signed another request than arrived: compare CanonicalRequest with the client's line by line.",
    });
  }
  refuseSessionToken(request, signed.presigned);
  return { credential, signingKey };
}

/** The keys of this store are long-term keys: a token beside one cannot be right. */
function refuseSessionToken(request: WireRequest, presigned: boolean): void {
  const token =
    request.headers.get("x-amz-security-token") ?? (presigned ? request.query.get("X-Amz-Security-Token") : undefined);
  if (token === undefined) return;
  throw new S3Error("InvalidToken", {
    details: [["Token-0", token]],
    explanation: "The access key is a long-term key, which has no session token; unset AWS_SESSION_TOKEN.",
  });
}

/** Who has the key. */
export function callerOf(credential: Credential): Authentication["caller"] {
  const { canonicalId, displayName, accessKeyId } = credential;
  return { kind: "user", canonicalId, displayName, accessKeyId };
}

/** The time of a request signed by header, as YYYYMMDD'T'HHMMSS'Z'. Throws AccessDenied and RequestTimeTooSkewed. */
function headerTime(request: WireRequest, nowMs: number): string {
  const sent = request.headers.get("x-amz-date") ?? request.headers.get("date");
  const basic = sent === undefined ? undefined : parseBasicTime(sent);
  const requestMs = basic ?? (sent === undefined ? Number.NaN : Date.parse(sent));
  if (sent === undefined || Number.isNaN(requestMs)) {
    throw new S3Error("AccessDenied", {
      message: "AWS authentication requires a valid Date or x-amz-date header",
      explanation: "A signed request says when it was signed: x-amz-date: YYYYMMDDTHHMMSSZ.",
    });
  }
  checkSkew(requestMs, sent, nowMs);
  return basic === undefined ? new Date(requestMs).toISOString().replace(/[-:]|\.\d{3}/g, "") : sent;
}

function headerFields(header: string): { credential: string; signedHeaders: string; signature: string } {
  let credential: string | undefined;
  let signedHeaders: string | undefined;
  let signature: string | undefined;
  for (const field of header.slice(ALGORITHM_V4.length).split(",")) {
    const text = field.trim();
    const equals = text.indexOf("=");
    const value = text.slice(equals + 1);
    const name = text.slice(0, equals);
    if (name === "Credential") credential = value;
    else if (name === "SignedHeaders") signedHeaders = value;
    else if (name === "Signature") signature = value;
  }
  if (credential !== undefined && signedHeaders !== undefined && signature !== undefined)
    return { credential, signedHeaders, signature };
  const missing = credential === undefined ? "Credential" : signedHeaders === undefined ? "SignedHeaders" : "Signature";
  throw new S3Error("AuthorizationHeaderMalformed", {
    message:
      "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.",
    explanation: `The Authorization header has no ${missing}.`,
  });
}

function checkScopeDate(scope: CredentialScope, time: string): void {
  if (time.startsWith(scope.day)) return;
  throw new S3Error("AuthorizationHeaderMalformed", {
    message: "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.",
    explanation: `The credential is of ${scope.day}, the request of ${time.slice(0, 8)}.`,
  });
}

/** Every x-amz-* header, and host, must be among the signed ones: an unsigned one could have been added on the way. */
function checkSignedHeaders(request: WireRequest, signedHeaders: readonly string[]): void {
  const unsigned: string[] = [];
  for (const name of request.headers.names()) {
    if ((name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name)) unsigned.push(name);
  }
  if (unsigned.length === 0) return;
  throw new S3Error("AccessDenied", {
    message: "There were headers present in the request which were not signed",
    details: [["HeadersNotSigned", unsigned.join(", ")]],
    explanation: `SignedHeaders does not name ${unsigned.join(", ")}; sign them or leave them out.`,
  });
}
