import { isIP } from "node:net";
import type { ErrorCode } from "../../errors/ErrorCode.ts";
import { quoted } from "../../errors/quoted.ts";
import { amended, S3Error } from "../../errors/S3Error.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import { rest } from "../../protocol/rest/rest.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { noSuchBucket } from "../../store/buckets/buckets.ts";
import type { Exchange } from "./Exchange.ts";

/** What is answered where a bucket stands in a host name that the server does not know, and the first piece of a key was taken for the bucket. */
const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["NoSuchBucket", "InvalidBucketName", "MethodNotAllowed"]);

/** Refusals of who asks, which say nothing of what was asked. */
const CODES_OF_SIGNATURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidToken", "ExpiredToken", "RequestTimeTooSkewed"] as const),
  ...(["AuthorizationHeaderMalformed", "AuthorizationQueryParametersError"] as const),
]);

/** Statuses of what is refused of the service as a whole: hardly anybody means to ask it for more than its list of buckets. */
const STATUSES_OF_SERVICE: ReadonlySet<number> = new Set([400, 403, 404, 405]);

/** The same of a bucket that is to be made, for which a key was taken. */
const STATUSES_OF_NEW_BUCKETS: ReadonlySet<number> = new Set([400, 403, 409]);

/** Names that could begin with a bucket: labels with a dot between them, and of no more characters than a name may have. */
const HOST_NAME = /^(?=[^:]{1,253}(?::|$))([a-z0-9_-]+)\.([a-z0-9._-]+)/i;

/** Of the server's domains, no more are shown. */
const MAX_DOMAINS_SHOWN = 3;

/**
 * The error, which says also what the server made of the host name, where that may be why: a name that is below none of the domains and could
 * begin with a bucket. Said here, in one place, for no operation knows how it was addressed.
 */
export function toldOfUnknownHost(error: ServiceError, { dialect, life, request, service }: Exchange): ServiceError {
  if (request === undefined || dialect !== rest || !(error instanceof S3Error) || !mayBeOfHost(error, request)) return error;
  // The addressed bucket is there: what is wrong is something else, such as the source of a copy.
  if (life?.bucket !== undefined) return error;
  const unknown = unknownHostOf(request);
  if (unknown === undefined) return error;
  const { name, first, domain } = unknown;
  const domains = service.domains.slice(0, MAX_DOMAINS_SHOWN).join(", ");
  const sentence =
    `The host name ${quoted(name)} is below none of this server's domains (${domains}), so the bucket was looked ` +
    `for in the path. If ${quoted(first)} is meant as the bucket, start the server with --domain ${domain}, or let the client put the ` +
    "bucket into the path (forcePathStyle, addressing_style path).";
  return amended(error, { explanation: error.explanation === undefined ? sentence : `${error.explanation} ${sentence}` });
}

/**
 * Refuses a list of objects where no bucket is addressed, at a host name that is none of the server's: S3 takes such a name for the bucket's own.
 * As a list of buckets, which it would be otherwise, it looks to clients like that of an empty bucket. Throws NoSuchBucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingCustomURLs
 */
export function refuseListAtUnknownHost(request: WireRequest): void {
  if (request.rawQuery === "" || request.address.bucket !== undefined || !request.query.has("list-type")) return;
  const unknown = unknownHostOf(request);
  if (unknown !== undefined) throw noSuchBucket(unknown.name);
}

/** The host name of a request, where it could begin with a bucket and is below none of the server's domains; and its parts. */
function unknownHostOf({ address, endpoint, headers }: WireRequest): UnknownHost | undefined {
  if (endpoint !== undefined || address.style !== "path") return undefined;
  const found = HOST_NAME.exec(headers.get("host") ?? "");
  if (found === null || isIP(found[0]) !== 0) return undefined;
  return { name: found[0], first: found[1]!, domain: found[2]! };
}

interface UnknownHost {
  /** Without the port. */
  readonly name: string;
  /** What may be meant as the bucket. */
  readonly first: string;
  /** What stands behind it. */
  readonly domain: string;
}

function mayBeOfHost({ code, status }: S3Error, { address, method, rawQuery }: WireRequest): boolean {
  if (CODES_OF_SIGNATURES.has(code)) return false;
  if (address.bucket === undefined) return STATUSES_OF_SERVICE.has(status);
  const makesBucket = method === "PUT" && address.key === undefined && rawQuery === "";
  return CODES.has(code) || (makesBucket && STATUSES_OF_NEW_BUCKETS.has(status));
}
