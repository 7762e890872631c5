import type { AnyOperation } from "../../operations/Operation.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { CLASSIC_REGION } from "../../store/buckets/buckets.ts";
import { endpointOfBucket, isLateRegion } from "../../store/buckets/regions.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Service } from "../Service.ts";
import { addressedBucket } from "./crossOrigin.ts";
import type { RequestLife } from "./RequestLife.ts";

/** For how long S3's global name may send requests for a new bucket to us-east-1, from where they are redirected. */
const NAME_SPREADS_MS = 24 * 60 * 60 * 1000;

/** The region of a request, as far as it is known before its signature is. */
export interface AskedRegion {
  /** Where its host leads; `undefined` for a host of every region, where the signature says it. */
  readonly region: string | undefined;
  /** What to sign for. */
  readonly expected: string;
  /** What it may be signed for as well. */
  readonly others: readonly string[];
}

/**
 * Which region a request is for. A regional host leads to its region; the global one to us-east-1, and with a bucket in the host name, as
 * the accelerated one, to the bucket's region. Every other host is the endpoint of whichever region a request is signed for.
 * Throws TemporaryRedirect for a bucket of which the global host does not know yet where it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export async function askedRegion(
  service: Service,
  request: WireRequest,
  operation: AnyOperation | undefined,
  nowMs: number,
): Promise<AskedRegion> {
  const { endpoint } = request;
  if (endpoint?.region !== undefined) return leadingTo(endpoint.region);
  const bucket = await addressedBucket(service, request);
  const home = bucket !== undefined && service.regions.includes(bucket.region) ? bucket.region : undefined;
  if (endpoint === undefined || endpoint.kind === "plain") {
    return { region: undefined, expected: home ?? service.region, others: service.regions };
  }
  const global = service.regions.includes(CLASSIC_REGION) ? CLASSIC_REGION : service.region;
  const isHostOfBucket = request.address.style === "virtual" && operation?.resource !== "service";
  if (bucket === undefined || home === undefined || home === global || !isHostOfBucket) return leadingTo(global);
  if (endpoint.kind === "accelerated") return leadingTo(home);
  if (isLateRegion(home) || operation?.toldEverywhere === true) return leadingTo(global);
  if (nowMs - bucket.createdAtMs < NAME_SPREADS_MS) throw notYetKnown(request, bucket, endpoint.domain);
  return leadingTo(home);
}

function leadingTo(region: string): AskedRegion {
  return { region, expected: region, others: [] };
}

function notYetKnown(request: WireRequest, bucket: BucketRecord, domain: string): S3Error {
  const endpoint = endpointOfBucket(bucket, domain);
  const target = request.rawPath + (request.rawQuery === "" ? "" : `?${request.rawQuery}`);
  return new S3Error("TemporaryRedirect", {
    details: [
      ["Endpoint", endpoint],
      ["Bucket", bucket.name],
    ],
    headers: { "x-amz-bucket-region": bucket.region, Location: `${request.secure ? "https" : "http"}://${endpoint}${target}` },
    explanation: `The bucket is in ${bucket.region} and less than a day old: the global host name leads to it after that. Until then use the region's.`,
  });
}

/**
 * S3's answer at the endpoint of one region for a bucket of another. It has no Location header, for the request must be signed anew.
 * Endpoints of regions that began after March 2019 neither redirect nor are redirected to.
 */
export function bucketElsewhere({ request, region: asked, regions }: RequestLife, bucket: BucketRecord): S3Error {
  const { name, region } = bucket;
  const headers = { "x-amz-bucket-region": region };
  const isServed = regions.includes(region);
  if (isServed && (isLateRegion(region) || isLateRegion(asked))) {
    return new S3Error("IllegalLocationConstraintException", {
      message: `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      headers,
      explanation: `The bucket is in ${region}, and this request is for ${asked}: send it to the endpoint of ${region}, signed for that.`,
    });
  }
  const endpoint = isServed && request.endpoint !== undefined ? endpointOfBucket(bucket, request.endpoint.domain) : undefined;
  return new S3Error("PermanentRedirect", {
    details: [
      ["Endpoint", endpoint ?? request.headers.get("host")],
      ["Bucket", name],
    ],
    headers,
    explanation: isServed
      ? `The bucket is in ${region}, and this request is for ${asked}: sign it for ${region}, and send it to an endpoint of that.`
      : `The bucket is in ${region}, and this server serves ${regions.join(", ")}: its operator can start it with --region ${region}.`,
  });
}
