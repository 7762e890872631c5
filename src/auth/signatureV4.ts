import { hash } from "node:crypto";
import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { AuthenticationOptions, Claim } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import type { CanonicalParts } from "./canonicalRequest.ts";
import { canonicalParts, canonicalText } from "./canonicalRequest.ts";
import { ChainedSignatures } from "./ChainedSignatures.ts";
import type { CredentialScope } from "./credentialScope.ts";
import { parseHeaderScope, parseQueryScope } from "./credentialScope.ts";
import { explainMismatch, signatureDoesNotMatch } from "./mismatch.ts";
import { declaredPayload, hasSignedChunks, unchainedPayload } from "./payloadSecurity.ts";
import { checkQueryTime } from "./presignedTime.ts";
import { basicTime, checkSkew, parseBasicTime, parseTime, withoutDate } from "./requestTime.ts";
import { otherSecrets } from "./signedOtherwise/otherSecrets.ts";
import { signedOtherwiseV4 } from "./signedOtherwise/signedOtherwiseV4.ts";
import type { SigningKey } from "./signingKeys.ts";
import { equalInConstantTime, newSigningKeyV4, signingKeyV4 } from "./signingKeys.ts";

/** The name of the signature in Authorization headers and X-Amz-Algorithm. */
export const ALGORITHM_V4 = "AWS4-HMAC-SHA256";

const PAYLOAD_HASH_HEADER = "x-amz-content-sha256";

/** What a request of version 4 says of its signature. */
interface SignatureV4 {
  /** With the headers that were signed. */
  readonly request: WireRequest;
  readonly scope: CredentialScope;
  readonly signedHeaders: ReadonlySet<string>;
  readonly signature: string;
  /** The request's time, YYYYMMDD'T'HHMMSS'Z'. */
  readonly time: string;
  /** What stands for the body in what is signed: a hash, or a word in its place. */
  readonly payloadHash: string;
  readonly payload: PayloadSecurity;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  /** Of the server. */
  readonly domains: readonly string[];
}

class ClaimV4 implements Claim {
  readonly version = ALGORITHM_V4;
  readonly #signed: SignatureV4;

  constructor(signed: SignatureV4) {
    this.#signed = signed;
  }

  get accessKeyId(): string {
    return this.#signed.scope.accessKeyId;
  }

  get authType(): Claim["authType"] {
    return this.#signed.presigned ? "REST-QUERY-STRING" : "REST-HEADER";
  }

  get signedAtMs(): number | undefined {
    return parseBasicTime(this.#signed.time);
  }

  get region(): string {
    return this.#signed.scope.region;
  }

  get sessionToken(): string | undefined {
    return this.#signed.sessionToken;
  }

  prove(credential: Credential): PayloadSecurity {
    const { accessKeyId, secretAccessKey } = credential;
    const { request, scope, signedHeaders, signature, time, payloadHash, payload, presigned } = this.#signed;
    const parts = canonicalParts(request, signedHeaders, payloadHash, presigned);
    const canonical = canonicalText(parts);
    const signingKey = signingKeyV4(accessKeyId, secretAccessKey, scope.day, scope.region);
    const stringToSign = this.#stringToSign(canonical);
    const expected = signingKey.sign(stringToSign);
    if (!equalInConstantTime(expected, signature)) {
      const found = this.#signedOtherwise(parts, signingKey) ?? this.#signedWithOtherSecret(stringToSign, credential);
      throw signatureDoesNotMatch({
        accessKeyId,
        stringToSign,
        signatureProvided: signature,
        canonicalRequest: canonical,
        explanation: explainMismatch(request, found, "CanonicalRequest"),
      });
    }
    if (!hasSignedChunks(payload)) return payload;
    const chain = { accessKeyId, signingKey, seedSignature: expected, time, scope: scope.text };
    return { ...payload, chunks: new ChainedSignatures(chain) };
  }

  #stringToSign(canonical: string): string {
    const { time, scope } = this.#signed;
    return `${ALGORITHM_V4}\n${time}\n${scope.text}\n${hash("sha256", canonical)}`;
  }

  #signedOtherwise(parts: CanonicalParts, signingKey: SigningKey): string | undefined {
    const { request, scope, signature, domains } = this.#signed;
    return signedOtherwiseV4(request, parts, { domains, region: scope.region }, (canonical) =>
      equalInConstantTime(signingKey.sign(this.#stringToSign(canonical)), signature),
    );
  }

  #signedWithOtherSecret(stringToSign: string, credential: Credential): string | undefined {
    const { scope, signature } = this.#signed;
    for (const [secret, said] of otherSecrets(credential)) {
      const key = newSigningKeyV4(secret, scope.day, scope.region);
      if (equalInConstantTime(key.sign(stringToSign), signature)) return said;
    }
    return undefined;
  }
}

/**
 * What the Authorization header of version 4 claims. Throws what is wrong with its form, time, scope and signed headers, in S3's order.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export function claimOfHeaderV4(request: WireRequest, header: string, options: AuthenticationOptions): Claim {
  const payloadHash = request.headers.get(PAYLOAD_HASH_HEADER);
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", {
      message: "Missing required header for this request: x-amz-content-sha256",
      explanation:
        "Signature Version 4 signs the body's SHA-256; send it in x-amz-content-sha256, or the word UNSIGNED-PAYLOAD. Older versions of curl need it from you: -H x-amz-content-sha256:UNSIGNED-PAYLOAD",
    });
  }
  const payload = declaredPayload(payloadHash);
  const time = headerTime(request, options);
  const fields = headerFields(header);
  const scope = parseHeaderScope(fields.credential, options);
  checkScopeDate(scope, time);
  const signedHeaders = namesIn(fields.signedHeaders);
  checkSignedHeaders(request, signedHeaders);
  const sessionToken = request.headers.get("x-amz-security-token");
  const { signature } = fields;
  return new ClaimV4({
    ...{ request, scope, signedHeaders, signature, time, payloadHash, payload, sessionToken, presigned: false },
    domains: options.domains ?? [],
  });
}

/**
 * What the query of a presigned URL of version 4 claims; `signed` has the headers that were moved there. Throws what is wrong with its form, time, scope and signed headers, in S3's order.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function claimOfQueryV4(request: WireRequest, options: AuthenticationOptions, signed: WireRequest): Claim {
  const { headers, query } = request;
  const parameters = queryParameters(request);
  const time = checkQueryTime(parameters["X-Amz-Date"], parameters["X-Amz-Expires"], options.nowMs);
  const scope = parseQueryScope(parameters["X-Amz-Credential"], options, time);
  const signedHeaders = namesIn(parameters["X-Amz-SignedHeaders"]);
  checkSignedHeaders(request, signedHeaders);
  const sentHash = headers.get(PAYLOAD_HASH_HEADER);
  const hashInQuery = query.get("X-Amz-Content-Sha256");
  const payload = unchainedPayload(sentHash ?? hashInQuery);
  // Who presigned may have known nothing of a header that is not signed; the body has to be what it says all the same.
  const signedHash = signedHeaders.has(PAYLOAD_HASH_HEADER) ? sentHash : undefined;
  const payloadHash = signedHash ?? hashInQuery ?? "UNSIGNED-PAYLOAD";
  const sessionToken = headers.get("x-amz-security-token") ?? query.get("X-Amz-Security-Token");
  const signature = parameters["X-Amz-Signature"];
  return new ClaimV4({
    request: signed,
    scope,
    signedHeaders,
    signature,
    time,
    payloadHash,
    payload,
    sessionToken,
    presigned: true,
    domains: options.domains ?? [],
  });
}

const REQUIRED_PARAMETERS = [
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-Date",
  "X-Amz-SignedHeaders",
  "X-Amz-Expires",
] as const;

type RequiredParameters = Record<(typeof REQUIRED_PARAMETERS)[number], string>;

/** The six parameters of a presigned URL, the algorithm checked. Throws AuthorizationQueryParametersError, UnsupportedSignature. */
function queryParameters({ query }: WireRequest): RequiredParameters {
  const algorithm = query.get("X-Amz-Algorithm");
  if (algorithm?.startsWith("AWS4-ECDSA-P256-SHA256") === true) {
    throw new S3Error("UnsupportedSignature", {
      explanation: "Signature Version 4A is not available in this store; presign with AWS4-HMAC-SHA256.",
    });
  }
  if (algorithm !== undefined && algorithm !== ALGORITHM_V4) {
    const message = 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"';
    throw queryError(message, `X-Amz-Algorithm is ${quoted(algorithm)}; presign with AWS4-HMAC-SHA256.`);
  }
  if (algorithm === undefined) throw missingParameter("X-Amz-Algorithm");
  const parameters: Partial<RequiredParameters> = {};
  for (const name of REQUIRED_PARAMETERS) {
    const value = query.get(name);
    if (value === undefined) throw missingParameter(name);
    parameters[name] = value;
  }
  return parameters as RequiredParameters;
}

function missingParameter(name: string): S3Error {
  return queryError(
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, " +
      "X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    `The URL lacks ${name}.`,
  );
}

function queryError(message: string, explanation: string): S3Error {
  return new S3Error("AuthorizationQueryParametersError", { message, explanation });
}

/** The time of a request signed by header, as YYYYMMDD'T'HHMMSS'Z'. Throws AccessDenied and RequestTimeTooSkewed. */
function headerTime(request: WireRequest, { nowMs, realClock }: AuthenticationOptions): string {
  const sent = request.headers.get("x-amz-date") ?? request.headers.get("date") ?? "";
  const basicMs = parseBasicTime(sent);
  const sentMs = basicMs ?? parseTime(sent);
  if (sentMs === undefined) throw withoutDate(sent);
  checkSkew(sentMs, sent, nowMs, realClock);
  return basicMs === undefined ? basicTime(sentMs) : sent;
}

/** The three fields of an Authorization header of version 4. Throws AuthorizationHeaderMalformed. */
export function headerFields(header: string): { credential: string; signedHeaders: string; signature: string } {
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
    explanation: `The Authorization header has no ${missing}; sign the request again.`,
  });
}

/**
 * The names of signed headers, each once: a header whose name came ten thousand times would be signed as often, and a short request become
 * hundreds of megabytes.
 */
export function namesIn(list: string): ReadonlySet<string> {
  return new Set(list.split(";"));
}

function checkScopeDate(scope: CredentialScope, time: string): void {
  if (time.startsWith(scope.day)) return;
  throw new S3Error("AuthorizationHeaderMalformed", {
    message: "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.",
    explanation: `The credential is of ${quoted(scope.day)}, and the request of ${time.slice(0, 8)}; sign both for one day.`,
  });
}

/**
 * Every x-amz-* header, and host, must be among the signed ones: an unsigned one could have been added on the way. The hash of the body is
 * no such header: where it counts, it is signed in a line of its own.
 */
function checkSignedHeaders(request: WireRequest, signedHeaders: ReadonlySet<string>): void {
  const unsigned: string[] = [];
  for (const name of request.headers.names()) {
    if (name !== "host" && (!name.startsWith("x-amz-") || name === PAYLOAD_HASH_HEADER)) continue;
    if (!signedHeaders.has(name)) unsigned.push(name);
  }
  if (unsigned.length === 0) return;
  throw new S3Error("AccessDenied", {
    message: "There were headers present in the request which were not signed",
    details: [["HeadersNotSigned", unsigned.join(", ")]],
    explanation: `SignedHeaders does not name ${quoted(unsigned.join(", "))}; sign these headers or leave them out.`,
  });
}
