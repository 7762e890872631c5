import type { WireRequest } from "../../protocol/WireRequest.ts";

/**
 * The URL of a bucket or object, as the client addressed this server: by path or by host name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function urlOf(request: WireRequest, bucket: string, key = ""): string {
  const origin = `${request.secure ? "https" : "http"}://${request.headers.get("host") ?? "localhost"}`;
  const path = encodeURIComponent(key);
  return request.address.style === "virtual" ? `${origin}/${path}` : `${origin}/${bucket}/${path}`;
}

/**
 * The Amazon Resource Name of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
export function arnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}
