import type { Endpoint } from "../RequestContext.ts";

/**
 * The URL of a bucket or object, as the client addressed this server: by path or by host name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function urlOf({ secure, host, addressStyle }: Endpoint, bucket: string, key = ""): string {
  const origin = `${secure ? "https" : "http"}://${host}`;
  const path = encodeURIComponent(key);
  return addressStyle === "virtual" ? `${origin}/${path}` : `${origin}/${bucket}/${path}`;
}

/**
 * The Amazon Resource Name of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
export function arnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}
