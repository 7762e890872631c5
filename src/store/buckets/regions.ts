import { CLASSIC_REGION } from "./buckets.ts";

/**
 * The regions of AWS's that began before 20 March 2019, a list that is closed: what reaches the wrong one of these is redirected, and what
 * reaches or wants one of the later is refused.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/UsingRouting.html
 */
const REDIRECTING: ReadonlySet<string> = new Set([
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1", "us-gov-west-1", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "cn-north-1", "cn-northwest-1"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
]);

/** Regions whose endpoints S3 writes with a hyphen, as all were before eu-central-1 (s3-eu-west-1). */
const HYPHENATED: ReadonlySet<string> = new Set([
  ...["us-west-1", "us-west-2", "us-gov-west-1", "sa-east-1", "eu-west-1"],
  ...["ap-northeast-1", "ap-southeast-1", "ap-southeast-2"],
]);

/** What a region of AWS's name looks like, and of others that follow it: us-east-1. */
const REGION_FORM = /^[a-z]{2}(?:-[a-z]+)+-\d+$/;

/** True for regions of AWS's that began after 20 March 2019. A name that AWS could not give is treated as an old region's. */
export function isLateRegion(region: string): boolean {
  return REGION_FORM.test(region) && !REDIRECTING.has(region);
}

/** The host name that S3 tells who asks for a bucket elsewhere. */
export function endpointOfBucket({ name, region }: { readonly name: string; readonly region: string }, domain: string): string {
  if (region === CLASSIC_REGION) return `${name}.s3.${domain}`;
  return `${name}.s3${HYPHENATED.has(region) ? "-" : "."}${region}.${domain}`;
}
