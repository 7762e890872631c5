import type { CorsQuestion } from "../../operations/settings/corsRules.ts";
import { corsHeaders, findCorsRules } from "../../operations/settings/corsRules.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { isPossibleBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Service } from "../Service.ts";
import type { Exchange } from "./Exchange.ts";

/**
 * Finds what the addressed bucket's CORS rules tell the web page that sends a request, if one does: its answer will tell it whatever
 * becomes of the request, for without that a page is not even told of an error.
 */
export async function readCorsRules(exchange: Exchange, request: WireRequest): Promise<void> {
  const question = corsQuestion(request);
  const bucket = question && (await addressedBucket(exchange.service, request));
  const rules = bucket && (await findCorsRules(exchange.service.store, bucket));
  if (question !== undefined && rules !== undefined) exchange.corsHeaders = corsHeaders(rules, question);
}

/**
 * What a request with an Origin asks; `undefined` for one without. A method and headers that it asks for, as preflights do, count in place
 * of its own, whatever the request is.
 */
export function corsQuestion({ headers, method }: Pick<WireRequest, "headers" | "method">): CorsQuestion | undefined {
  const origin = headers.get("origin");
  // What a client sends empty is as good as not sent.
  if (origin === undefined || origin === "") return undefined;
  return {
    origin,
    method: headers.get("access-control-request-method") ?? method,
    headers: (headers.get("access-control-request-headers") ?? "")
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ""),
  };
}

/** The bucket that a request addresses, before anything else is known of it; `undefined` where there is none. */
export function addressedBucket({ store }: Service, { address: { bucket } }: WireRequest): Soon<BucketRecord | undefined> {
  return bucket !== undefined && isPossibleBucketName(bucket) ? findBucket(store, bucket) : undefined;
}
