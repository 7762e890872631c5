import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Bucket, ListBucketsRequest } from "../../protocol/generated/types.ts";
import { pageOfBuckets } from "../../store/objects/listing.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import { arnOf } from "../buckets/addresses.ts";
import { continuationToken, continuedPosition } from "./continuationTokens.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/** Most buckets of a page, and how many it shows when only other parameters are given. */
const MAX_BUCKETS_PER_PAGE = 10_000;

/** What a region's name looks like, of AWS's and of others that follow it. */
const REGION_FORM = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/**
 * Lists the caller's buckets by name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export const ListBuckets: Operation<"ListBuckets"> = operation({
  name: "ListBuckets",
  permissions: on.service("s3:ListAllMyBuckets"),
  resource: "service",
  async handle(input, context) {
    const { caller, region, store } = context;
    checkRegion(input.BucketRegion, region);
    const limit = bucketsLimit(input);
    const list = `buckets of ${caller.canonicalId}`;
    const token = input.ContinuationToken ?? "";
    const page = await pageOfBuckets(store, {
      ownerId: caller.canonicalId,
      prefix: input.Prefix ?? "",
      region: input.BucketRegion === "" ? undefined : input.BucketRegion,
      afterName: token === "" ? "" : positionOf(list, token),
      limit,
    });
    const last = page.buckets.at(-1);
    return {
      output: {
        Owner: { ID: caller.canonicalId },
        Buckets: page.buckets.map((bucket) => listedBucket(bucket, hasParameters(input))),
        ContinuationToken: page.more && last !== undefined ? continuationToken(list, last.name) : undefined,
        Prefix: input.Prefix,
      },
    };
  },
});

/** The list of buckets has an error of its own for a token it cannot read. */
function positionOf(list: string, token: string): string {
  const position = continuedPosition(list, token);
  if (position !== undefined) return position;
  throw new S3Error("MalformedContinuationToken", {
    explanation: `continuation-token is ${quoted(token)}, which is no token of this list; send the ContinuationToken of the page before, unchanged.`,
  });
}

/** S3 names the region only in answers to requests that use a parameter. */
function listedBucket(bucket: BucketRecord, withRegion: boolean): Bucket {
  return {
    Name: bucket.name,
    CreationDate: new Date(bucket.createdAtMs),
    ...(withRegion ? { BucketRegion: bucket.region } : {}),
    BucketArn: arnOf(bucket.name),
  };
}

function hasParameters(input: ListBucketsRequest): boolean {
  return [input.MaxBuckets, input.ContinuationToken, input.Prefix, input.BucketRegion].some((value) => value !== undefined);
}

/** Without any parameter S3 shows every bucket at once. */
function bucketsLimit(input: ListBucketsRequest): number {
  const asked = input.MaxBuckets;
  if (asked === undefined) return hasParameters(input) ? MAX_BUCKETS_PER_PAGE : Number.MAX_SAFE_INTEGER;
  if (asked >= 1 && asked <= MAX_BUCKETS_PER_PAGE) return asked;
  throw invalidArgument("max-buckets", String(asked), {
    message: `Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS_PER_PAGE}`,
    explanation: `max-buckets is ${asked}; it takes 1 to ${MAX_BUCKETS_PER_PAGE}, and without it up to ${MAX_BUCKETS_PER_PAGE} buckets are shown.`,
  });
}

function checkRegion(asked: string | undefined, region: string): void {
  if (asked === undefined || asked === "" || asked === region) return;
  if (REGION_FORM.test(asked)) {
    throw invalidArgument("bucket-region", undefined, {
      message: "Requests with bucket-region specified must be made to the corresponding regional endpoint",
      explanation: `bucket-region is ${quoted(asked)}, and this endpoint serves ${region}: send that, or leave it out.`,
    });
  }
  throw invalidArgument("bucket-region", undefined, {
    message: `Argument value ${asked} is not a valid AWS Region`,
    explanation: `bucket-region is ${quoted(asked)}. This endpoint serves the region ${region}: send that, or leave it out.`,
  });
}
