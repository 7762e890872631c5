import { createHmac } from "node:crypto";
import { S3Error } from "../errors/S3Error.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import { invalidAccessKeyId, signatureDoesNotMatch } from "./mismatch.ts";
import { securityWithoutChunks } from "./payloadSecurity.ts";
import { checkSkew, detailTime, parseBasicTime } from "./requestTime.ts";
import { equalInConstantTime } from "./signingKeys.ts";
import { callerOf } from "./signatureV4.ts";

/** Query parameters that name what a request is about, and are therefore signed. */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  ...[
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
  ],
  ...["lifecycle", "location", "logging", "metrics", "notification", "object-lock", "ownershipControls", "partNumber", "policy"],
  ...[
    "policyStatus",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "select-type",
    "tagging",
  ],
  ...["torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website"],
  ...["response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language"],
  ...["response-content-type", "response-expires"],
]);

const EPOCH_SECONDS = /^-?\d{1,12}$/;

function authorizationError(message: string, header: string, explanation: string): S3Error {
  return new S3Error("InvalidArgument", {
    message,
    details: [
      ["ArgumentName", "Authorization"],
      ["ArgumentValue", header],
    ],
    explanation,
  });
}

/**
 * Authenticates a request by its Authorization header of version 2: `AWS AccessKeyId:Signature`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export async function authenticateHeaderV2(
  request: WireRequest,
  header: string,
  options: AuthenticationOptions,
): Promise<Authentication> {
  const fields = header.split(" ");
  if (fields.length !== 2) {
    throw authorizationError(
      "Authorization header is invalid -- one and only one ' ' (space) required",
      header,
      "It has the form: AWS key:signature.",
    );
  }
  const [accessKeyId, signature] = splitOnce(fields[1]!, ":");
  if (signature === undefined) {
    const message = "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature";
    throw authorizationError(message, header, "There is no colon between access key and signature.");
  }
  const amzDate = request.headers.get("x-amz-date");
  const sent = amzDate ?? request.headers.get("date");
  const requestMs = sent === undefined ? Number.NaN : (parseBasicTime(sent) ?? Date.parse(sent));
  if (sent === undefined || Number.isNaN(requestMs)) {
    throw new S3Error("AccessDenied", {
      message: "AWS authentication requires a valid Date or x-amz-date header",
      explanation: "A signed request says when it was signed, in Date or x-amz-date.",
    });
  }
  checkSkew(requestMs, sent, options.nowMs);
  // x-amz-date is signed among the x-amz headers; its place for Date then stays empty.
  return verify(request, { accessKeyId, signature, date: amzDate === undefined ? sent : "" }, options);
}

/**
 * Authenticates a request by its query: AWSAccessKeyId, Expires, Signature.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 */
export async function authenticateQueryV2(request: WireRequest, options: AuthenticationOptions): Promise<Authentication> {
  const accessKeyId = request.query.get("AWSAccessKeyId");
  const signature = request.query.get("Signature");
  const expires = request.query.get("Expires");
  if (accessKeyId === undefined || signature === undefined || expires === undefined) {
    throw new S3Error("AccessDenied", {
      message: "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
      explanation: "A URL presigned with version 2 has all three.",
    });
  }
  if (!EPOCH_SECONDS.test(expires)) {
    throw new S3Error("AccessDenied", {
      message: `Invalid date (should be seconds since epoch): ${expires}`,
      explanation: "Expires is a time in seconds since 1970.",
    });
  }
  const endMs = Number(expires) * 1000;
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
  return verify(request, { accessKeyId, signature, date: expires }, options);
}

interface Signed {
  readonly accessKeyId: string;
  readonly signature: string;
  /** What stands in the Date line. */
  readonly date: string;
}

async function verify(request: WireRequest, signed: Signed, options: AuthenticationOptions): Promise<Authentication> {
  const credential = await options.credentials.find(signed.accessKeyId);
  if (credential === undefined) throw invalidAccessKeyId(signed.accessKeyId);
  const text = stringToSign(request, signed.date);
  const expected = createHmac("sha1", credential.secretAccessKey).update(text).digest("base64");
  if (!equalInConstantTime(expected, signed.signature)) {
    throw signatureDoesNotMatch({
      accessKeyId: signed.accessKeyId,
      stringToSign: text,
      signatureProvided: signed.signature,
      explanation:
        "The access key exists. Either its secret is another one, or the client signed another request than arrived: compare StringToSign.",
    });
  }
  return { caller: callerOf(credential), payload: securityWithoutChunks(request.headers.get("x-amz-content-sha256")) };
}

/** The text version 2 signs. */
function stringToSign(request: WireRequest, date: string): string {
  const { headers } = request;
  const lines = [request.method, headers.get("content-md5") ?? "", headers.get("content-type") ?? "", date];
  const amz = headers
    .names()
    .filter((name) => name.startsWith("x-amz-"))
    .toSorted()
    .map((name) => `${name}:${headers.get(name)!.trim()}\n`);
  return `${lines.join("\n")}\n${amz.join("")}${canonicalResource(request)}`;
}

function canonicalResource(request: WireRequest): string {
  const { address, query } = request;
  const bucket = address.style === "virtual" ? `/${address.bucket}` : "";
  const signed = query
    .pairs()
    .filter(({ name }) => SIGNED_PARAMETERS.has(name))
    .map(({ name, value }) => (value === "" ? name : `${name}=${value}`))
    .toSorted();
  return `${bucket}${request.rawPath}${signed.length === 0 ? "" : `?${signed.join("&")}`}`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
