import { createHash, createHmac } from "node:crypto";

/** Where the measured server is and how to sign for it. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How long the URLs of one run stay valid, in seconds. */
const EXPIRES_SECONDS = 86_400;

/**
 * Signs a request by query (SigV4, unsigned payload) so that a load client spends nothing on signatures while it measures.
 * Returns the request target: path and query.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presign(
  target: Target,
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  now: Date,
): string {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${target.region}/s3/aws4_request`;
  const parameters = {
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${target.accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(EXPIRES_SECONDS),
    "X-Amz-SignedHeaders": "host",
  };
  const canonicalQuery = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const canonical = [method, path, canonicalQuery, `host:${target.host}:${target.port}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, hash].join("\n");
  let key: Buffer = Buffer.from(`AWS4${target.secretAccessKey}`);
  for (const part of [day, target.region, "s3", "aws4_request"]) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return `${path}?${canonicalQuery}&X-Amz-Signature=${signature}`;
}
