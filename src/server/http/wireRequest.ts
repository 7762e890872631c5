import type { IncomingMessage } from "node:http";
import { S3Error } from "../../errors/S3Error.ts";
import type { Address, HeaderLines, WireRequest } from "../../protocol/WireRequest.ts";
import { encodedWords } from "../../protocol/rest/encodedWords.ts";
import { HeaderList } from "../../protocol/HeaderList.ts";
import { decodeForm, QueryList } from "../../protocol/QueryList.ts";
import type { OwnNames } from "./hostNames.ts";
import { meaningOfHost } from "./hostNames.ts";
import type { Sender } from "./TrustedProxies.ts";
import { connectionSender, tlsVersionOf } from "./TrustedProxies.ts";

/** Below these domains, what stands before them in the host name is a bucket. */
export const BUILT_IN_DOMAINS: readonly string[] = ["localhost"];

/** All header lines of a request together, as S3 counts them. */
export const MAX_HEADER_SECTION_SIZE_BYTES = 8_192;
/** What each line has beside its name and value: a colon, a space, a line break. */
const HEADER_LINE_OVERHEAD_BYTES = 4;

/** S3's answer to more header lines than it reads. */
export function headerSectionTooLarge(): S3Error {
  return new S3Error("RequestHeaderSectionTooLarge", {
    details: [["MaxSizeAllowed", String(MAX_HEADER_SECTION_SIZE_BYTES)]],
    explanation: `The header lines of a request come to ${MAX_HEADER_SECTION_SIZE_BYTES} bytes at most.`,
  });
}

function checkHeaderSection(rawHeaders: readonly string[]): void {
  let sizeBytes = (rawHeaders.length / 2) * HEADER_LINE_OVERHEAD_BYTES;
  for (const text of rawHeaders) sizeBytes += text.length;
  if (sizeBytes > MAX_HEADER_SECTION_SIZE_BYTES) throw headerSectionTooLarge();
}

/**
 * A request as the other rooms see it, as `sender` sent it, to a server that has `names`.
 * Throws InvalidURI for addresses that do not decode, BadRequest for targets that are none, RequestHeaderSectionTooLarge.
 */
export function wireRequest(
  incoming: IncomingMessage,
  names: OwnNames,
  sender: Sender = connectionSender(incoming.socket),
): WireRequest {
  const target = originForm(incoming.url ?? "/");
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  checkHeaderSection(incoming.rawHeaders);
  const headers = new HeaderList(incoming.rawHeaders);
  if (headers.get("host") === undefined && incoming.httpVersion !== "1.0") {
    throw new S3Error("BadRequest", { explanation: "The request has no Host header." });
  }
  const { bucket, endpoint, isWebsite } = meaningOfHost(headers.get("host") ?? "", names);
  return {
    method: incoming.method ?? "GET",
    rawPath,
    rawQuery,
    headers,
    query: new QueryList(rawQuery),
    address: addressOf(rawPath, bucket, isWebsite),
    endpoint,
    secure: sender.secure,
    tlsVersion: () => (sender.isForwarded ? undefined : tlsVersionOf(incoming.socket)),
    httpVersion: incoming.httpVersion,
    remoteAddress: sender.address,
    body: incoming,
    trailers: () => new HeaderList(incoming.rawTrailers),
  };
}

/** The path and query of a target; proxies send it with scheme and host before. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const absolute = /^https?:\/\/[^/?]*/i.exec(target);
  if (absolute !== null) {
    const rest = target.slice(absolute[0].length);
    return rest.startsWith("/") ? rest : `/${rest}`;
  }
  if (target === "*") return "/";
  throw new S3Error("BadRequest", { explanation: "The request's target is neither a path nor an address." });
}

function addressOf(rawPath: string, bucket: string | undefined, isWebsite: boolean): Address {
  if (isWebsite) return { style: "website", bucket, key: keyOf(rawPath.slice(1)) };
  if (bucket !== undefined) return { style: "virtual", bucket, key: keyOf(rawPath.slice(1)) };
  const end = rawPath.indexOf("/", 1);
  const first = end < 0 ? rawPath.slice(1) : rawPath.slice(1, end);
  if (first === "" && end < 0) return { style: "path", bucket: undefined, key: undefined };
  return { style: "path", bucket: decodeForm(first), key: end < 0 ? undefined : keyOf(rawPath.slice(end + 1)) };
}

function keyOf(rawKey: string): string | undefined {
  return rawKey === "" ? undefined : decodeForm(rawKey);
}

/**
 * Whether a path leads above its bucket, or above the buckets, as file names would: at some place more ".." stand before it than names.
 * S3 keeps such segments in keys, and takes the address for a broken one only there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function climbsOut({ bucket = "", key = "" }: Address): boolean {
  if (bucket === "..") return true;
  if (!key.includes("..")) return false;
  let depth = 0;
  for (const segment of key.split("/")) {
    if (segment === "..") depth -= 1;
    else if (segment !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Parameters of presigned URLs that belong to the signature and are no headers. */
const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set([
  ...["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature"],
  ...["x-amz-security-token", "x-amz-content-sha256"],
]);

/** The headers besides x-amz-… that S3 obeys in the query of version 4; it does not read what describes a body there, such as Content-Type. */
const CONDITIONS: ReadonlySet<string> = new Set(["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]);

/**
 * Presigners move headers into the query: there, `x-amz-acl=…` or `If-None-Match=*` means what the header would. A header that is sent as
 * well counts more, and of a parameter that is repeated the first.
 * User metadata there is UTF-8, which a header carries as encoded words only.
 */
export function withHoistedHeaders(request: WireRequest): WireRequest {
  const counts = request.rawQuery === "" ? undefined : hoistingOf(request);
  if (counts === undefined) return request;
  let headers: HeaderList | undefined;
  for (const { name, value } of request.query.pairs()) {
    const lower = name.toLowerCase();
    if (!counts(lower) || (headers ?? request.headers).has(lower)) continue;
    headers ??= copyOf(request.headers);
    headers.add(lower, lower.startsWith("x-amz-meta-") ? encodedWords(value) : value);
  }
  return headers === undefined ? request : { ...request, headers };
}

/** Which parameters count as headers, by lower-case name; `undefined` when the URL is not presigned. */
function hoistingOf({ query }: WireRequest): ((name: string) => boolean) | undefined {
  if (query.has("X-Amz-Algorithm")) {
    const signedHeaders = new Set(query.get("X-Amz-SignedHeaders")?.split(";"));
    return (name) => isHoistedByV4(name) && (!isChecksum(name) || signedHeaders.has(name));
  }
  // Version 2 signs every one of them as the header it was, and no conditions.
  return query.has("AWSAccessKeyId") ? isAmazonHeader : undefined;
}

function isHoistedByV4(name: string): boolean {
  return (isAmazonHeader(name) && !SIGNATURE_PARAMETERS.has(name)) || CONDITIONS.has(name);
}

function isAmazonHeader(name: string): boolean {
  return name.startsWith("x-amz-");
}

/**
 * S3 does not read checksums of a body from a query unless they are named as signed headers, and must not: SDKs presign without knowing
 * the body, and put the checksum of an empty one there.
 */
function isChecksum(name: string): boolean {
  return name.startsWith("x-amz-checksum-") || name === "x-amz-sdk-checksum-algorithm";
}

function copyOf(headers: HeaderLines): HeaderList {
  const copy = new HeaderList([]);
  for (const name of headers.names()) for (const value of headers.all(name)) copy.add(name, value);
  return copy;
}
