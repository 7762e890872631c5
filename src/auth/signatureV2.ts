import { createHmac } from "node:crypto";
import { quoted } from "../errors/quoted.ts";
import { invalidArgument } from "../errors/invalidArgument.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { AuthenticationOptions, Claim } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import { explainMismatch, signatureDoesNotMatch } from "./mismatch.ts";
import { unchainedPayload } from "./payloadSecurity.ts";
import { checkSkew, detailTime, parseEpochSeconds, parseTime, withoutDate } from "./requestTime.ts";
import { otherSecrets } from "./signedOtherwise/otherSecrets.ts";
import { signedOtherwiseV2 } from "./signedOtherwise/signedOtherwiseV2.ts";
import { equalInConstantTime } from "./signingKeys.ts";

/**
 * Query parameters that say what a request is about, and are therefore signed: every sub-resource, and what changes the answer's headers.
 * Exported for the test that holds them against the route table.
 */
export const SIGNED_PARAMETERS: ReadonlySet<string> = new Set(
  (
    "abac accelerate acl analytics annotation annotationName annotations attributes cors defaultObjectAcl delete encryption intelligent-tiering inventory " +
    "legal-hold lifecycle location logging metadataAnnotationTable metadataConfiguration metadataInventoryTable metadataJournalTable metadataTable metrics " +
    "notification object-lock ownershipControls partNumber policy policyStatus publicAccessBlock renameObject replication requestPayment " +
    "restore retention select select-type session storageClass tagging torrent uploadId uploads versionId versioning versions website " +
    "response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type " +
    "response-expires"
  ).split(" "),
);

/** Between name and value of a parameter while they are sorted. */
const SEPARATOR = "\0";

class ClaimV2 implements Claim {
  readonly version = "AWS";
  readonly #request: WireRequest;
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly #signature: string;
  /** What stands in the Date line. */
  readonly #date: string;
  readonly signedAtMs: number | undefined;

  /** `signedAtMs` is what a header says, and the query does not. */
  constructor(
    request: WireRequest,
    accessKeyId: string,
    signature: string,
    date: string,
    sessionToken: string | undefined,
    signedAtMs: number | undefined,
  ) {
    this.#request = request;
    this.accessKeyId = accessKeyId;
    this.sessionToken = sessionToken;
    this.#signature = signature;
    this.#date = date;
    this.signedAtMs = signedAtMs;
  }

  get authType(): Claim["authType"] {
    return this.signedAtMs === undefined ? "REST-QUERY-STRING" : "REST-HEADER";
  }

  prove(credential: Credential): PayloadSecurity {
    const { accessKeyId, secretAccessKey } = credential;
    const request = this.#request;
    const { address, rawPath } = request;
    const text = stringToSignV2(request, rawPath, this.#date);
    // A bucket asked for as /bucket is signed as /bucket/ by boto, and by others as it is sent.
    const isBucket = address.style === "path" && rawPath !== "/" && !rawPath.includes("/", 1);
    const isProven =
      this.#isOf(text, secretAccessKey) ||
      (isBucket && this.#isOf(stringToSignV2(request, `${rawPath}/`, this.#date), secretAccessKey));
    if (!isProven) {
      throw signatureDoesNotMatch({
        accessKeyId,
        stringToSign: text,
        signatureProvided: this.#signature,
        explanation: explainMismatch(request, this.#signedOtherwise(text, credential), "StringToSign"),
      });
    }
    return unchainedPayload(request.headers.get("x-amz-content-sha256"));
  }

  #signedOtherwise(text: string, credential: Credential): string | undefined {
    const isSigned = (other: string): boolean => this.#isOf(other, credential.secretAccessKey);
    const found = signedOtherwiseV2(this.#request, this.#date, stringToSignV2, isSigned);
    if (found !== undefined) return found;
    for (const [secret, said] of otherSecrets(credential)) if (this.#isOf(text, secret)) return said;
    return undefined;
  }

  #isOf(text: string, secretAccessKey: string): boolean {
    const expected = createHmac("sha1", secretAccessKey).update(text).digest("base64");
    return equalInConstantTime(expected, this.#signature);
  }
}

/**
 * What the Authorization header of version 2 claims: `AWS AccessKeyId:Signature`. Throws what is wrong with its form and time.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export function claimOfHeaderV2(request: WireRequest, header: string, options: AuthenticationOptions): Claim {
  const pair = header.slice("AWS ".length);
  if (pair.includes(" ")) {
    const message = "Authorization header is invalid -- one and only one ' ' (space) required";
    throw malformed(message, header, `It is ${quoted(header)}, and has the form: AWS key:signature.`);
  }
  const colon = pair.indexOf(":");
  if (colon < 0) {
    const message = "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature";
    throw malformed(message, header, `It is ${quoted(header)}, with no colon between access key and signature.`);
  }
  const amzDate = request.headers.get("x-amz-date");
  const sent = amzDate ?? request.headers.get("date") ?? "";
  const sentMs = parseTime(sent);
  if (sentMs === undefined) throw withoutDate(sent);
  checkSkew(sentMs, sent, options.nowMs, options.realClock);
  // x-amz-date is signed among the x-amz headers; its place for Date then stays empty.
  const date = amzDate === undefined ? sent : "";
  const sessionToken = request.headers.get("x-amz-security-token");
  return new ClaimV2(request, pair.slice(0, colon), pair.slice(colon + 1), date, sessionToken, sentMs);
}

/**
 * What the query of a URL presigned with version 2 claims: AWSAccessKeyId, Expires, Signature. Throws what is wrong with its form and time.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 */
export function claimOfQueryV2(request: WireRequest, options: AuthenticationOptions): Claim {
  const { headers, query } = request;
  const accessKeyId = query.get("AWSAccessKeyId");
  const signature = query.get("Signature");
  const expires = query.get("Expires");
  if (accessKeyId === undefined || signature === undefined || expires === undefined) {
    const missing = accessKeyId === undefined ? "AWSAccessKeyId" : signature === undefined ? "Signature" : "Expires";
    throw new S3Error("AccessDenied", {
      message: "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
      explanation: `The URL lacks ${missing}.`,
    });
  }
  const endMs = parseEpochSeconds(expires);
  if (endMs === undefined) {
    throw new S3Error("AccessDenied", {
      message: `Invalid date (should be seconds since epoch): ${expires}`,
      explanation: `Expires is ${quoted(expires)}; it takes a time in seconds since 1970, up to the year 9999.`,
    });
  }
  if (options.nowMs > endMs) {
    throw new S3Error("AccessDenied", {
      message: "Request has expired",
      details: [
        ["Expires", detailTime(endMs)],
        ["ServerTime", detailTime(options.nowMs)],
      ],
      explanation: `The URL was valid until ${detailTime(endMs)}; presign a new one.`,
    });
  }
  const sessionToken = headers.get("x-amz-security-token") ?? query.get("x-amz-security-token");
  return new ClaimV2(request, accessKeyId, signature, expires, sessionToken, undefined);
}

function malformed(message: string, header: string, explanation: string): S3Error {
  return invalidArgument("Authorization", header, { message, explanation });
}

/** The text version 2 signs. */
export function stringToSignV2(request: WireRequest, path: string, date: string): string {
  const { headers } = request;
  let text = `${request.method}\n${headers.get("content-md5") ?? ""}\n${headers.get("content-type") ?? ""}\n${date}\n`;
  for (const [name, value] of amzHeaders(request)) text += `${name}:${value.trim()}\n`;
  return text + canonicalResource(request, path);
}

/**
 * The x-amz-* headers by name, in order. Presigners of version 2 sign these headers as they do without a URL, and move them into its query:
 * one that is there counts as sent, unless it is sent as well.
 */
function amzHeaders({ headers, query }: WireRequest): [name: string, value: string][] {
  const found = new Map<string, string>();
  for (const name of headers.names()) if (name.startsWith("x-amz-")) found.set(name, headers.get(name)!);
  if (query.has("Signature")) {
    for (const { name, value } of query.pairs()) {
      const lower = name.toLowerCase();
      if (lower.startsWith("x-amz-") && !found.has(lower)) found.set(lower, value);
    }
  }
  return [...found.keys()].sort().map((name) => [name, found.get(name)!]);
}

/** Bucket of the host name, path, and the parameters that count, decoded. */
function canonicalResource({ address, query }: WireRequest, path: string): string {
  const resource = address.style === "virtual" ? `/${address.bucket}${path}` : path;
  const signed: string[] = [];
  for (const { name, value } of query.pairs()) {
    if (SIGNED_PARAMETERS.has(name)) signed.push(value === "" ? name : name + SEPARATOR + value);
  }
  return signed.length === 0 ? resource : `${resource}?${signed.sort().join("&").replaceAll(SEPARATOR, "=")}`;
}
