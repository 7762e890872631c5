/** How a client addressed the server: what the URLs in answers are made of. */
export interface Endpoint {
  /** True over TLS. */
  readonly secure: boolean;
  /** With the port, if it is said; "localhost" where the request names none. */
  readonly host: string;
  /** Whether the bucket stands in the path or in the name of the host. */
  readonly addressStyle: "path" | "virtual";
  /** What the host name is below, with the port, where it is one of those that S3 has; `undefined` for any other. */
  readonly ownDomain?: string | undefined;
}

/**
 * The URL of a bucket or object, as the client addressed this server: by path or by host name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function urlOf({ secure, host, addressStyle }: Endpoint, bucket: string, key = ""): string {
  const origin = `${secure ? "https" : "http"}://${host}`;
  const path = encodeURIComponent(key);
  return addressStyle === "virtual" ? `${origin}/${path}` : `${origin}/${bucket}/${path}`;
}
