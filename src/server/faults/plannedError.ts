import { catalogueEntry } from "../../errors/catalogue.ts";
import type { ErrorCode } from "../../errors/ErrorCode.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { FaultRule } from "../../faults/FaultRule.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { PlannedFullError } from "./diskStores.ts";
import { claimedAccessKeyId } from "../requests/claimedAccessKeyId.ts";

/** An error that a rule wants: an answer like any other, and nothing that the operator must hear of. */
export class PlannedError extends S3Error {}

/** Whether something was thrown because a rule says so: nothing failed then. */
export function isPlanned(cause: unknown): boolean {
  return cause instanceof PlannedError || cause instanceof PlannedFullError;
}

/** An error of a code as S3 would answer this very request with it. `message` in place of S3's own. */
export function plannedError(exchange: Exchange, rule: FaultRule, code: ErrorCode, message?: string): PlannedError {
  if (code === "PermanentRedirect") return plannedRedirect(exchange, rule, 301);
  if (code === "TemporaryRedirect") return plannedRedirect(exchange, rule, 307);
  const entry = catalogueEntry(code);
  const values = new RequestValues(exchange);
  return new PlannedError(code, {
    message: message ?? entry.message.replace(/\{(\w+)\}/g, (_, name: string) => values.of(name) ?? "…"),
    details: entry.details.map((name) => [name, values.of(name)] as const),
    headers: values.headersOf(code),
    explanation: explanationOf(rule),
  });
}

/** S3's redirect to an endpoint; by default to where the request was sent, so that a client which follows arrives. */
export function plannedRedirect(exchange: Exchange, rule: FaultRule, status: 301 | 307, endpoint?: string): PlannedError {
  const values = new RequestValues(exchange);
  const { secure, rawPath, rawQuery } = exchange.life!.sentRequest;
  const host = endpoint ?? exchange.life!.host;
  const location = `${secure ? "https" : "http"}://${host}${rawPath}${rawQuery === "" ? "" : `?${rawQuery}`}`;
  const code = status === 301 ? "PermanentRedirect" : "TemporaryRedirect";
  return new PlannedError(code, {
    details: [
      ["Endpoint", host],
      ["Bucket", values.of("Bucket")],
    ],
    // A permanent one has none: the request is to be signed anew.
    headers: { ...values.headersOf(code), ...(status === 307 && { Location: location }) },
    explanation: explanationOf(rule),
  });
}

/** Says of an error that it is none of the store's. */
export function explanationOf({ id, stage }: FaultRule): string {
  const done = stage === "afterCommit" ? "what was asked for was done before" : "nothing was done";
  return `This error was planned: the fault rule "${id}" of this server asked for it; ${done}.`;
}

/** Methods S3 knows, in the order in which its Allow headers name them. */
const METHODS = ["HEAD", "DELETE", "POST", "GET", "PUT"];

/** Codes whose answers name the bucket's region in a header. */
const TELL_REGION: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["PermanentRedirect", "TemporaryRedirect"] as const),
  "IllegalLocationConstraintException",
]);

/** What stands in this request for the names of details. Those that nothing of it fits are left out. */
class RequestValues {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  of(name: string): string | undefined {
    const { life, service, routed } = this.#exchange;
    const { sentRequest: sent } = life!;
    const { address, headers, query } = (routed?.operation === undefined ? undefined : routed.request) ?? life!.request;
    switch (name) {
      case "Key":
        return address.key;
      case "Bucket":
      case "BucketName":
      case "TargetBucket":
        return address.bucket;
      case "Method":
        return sent.method;
      case "ResourceType":
        return address.key !== undefined ? "OBJECT" : address.bucket !== undefined ? "BUCKET" : "SERVICE";
      case "URI":
        return sent.rawPath;
      case "UploadId":
        return query.get("uploadId");
      case "PartNumber":
      case "PartNumberRequested":
        return query.get("partNumber");
      case "VersionId":
        return query.get("versionId");
      case "RangeRequested":
        return headers.get("range");
      case "StorageClass":
      case "StorageClassRequested":
        return headers.get("x-amz-storage-class");
      case "Content-MD5":
        return headers.get("content-md5");
      case "ProposedSize":
      case "Size":
        return headers.get("x-amz-decoded-content-length") ?? headers.get("content-length");
      case "Condition":
        return CONDITIONS.find((condition) => headers.has(condition.toLowerCase()));
      case "AWSAccessKeyId":
        return claimedAccessKeyId(sent);
      case "RequestTime":
        return headers.get("x-amz-date") ?? query.get("X-Amz-Date") ?? headers.get("date");
      case "ServerTime":
        return new Date(life!.nowMs).toISOString().replace(/\.\d+Z$/, "Z");
      case "MaxAllowedSkewMilliseconds":
        return "900000";
      case "Endpoint":
        return life!.host;
      case "Region":
      case "expected":
        return service.region;
      case "region":
      case "RequestedRegion":
        return life!.region;
      default:
        return undefined;
    }
  }

  headersOf(code: ErrorCode): Readonly<Record<string, string>> {
    const { life } = this.#exchange;
    const region = life!.bucket?.region;
    return {
      ...(code === "MethodNotAllowed" && { Allow: METHODS.filter((method) => method !== life!.method).join(", ") }),
      ...(TELL_REGION.has(code) && { "x-amz-bucket-region": region ?? life!.region }),
    };
  }
}

const CONDITIONS = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];
