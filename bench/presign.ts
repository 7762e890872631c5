import { createHash, createHmac } from "node:crypto";

/** Where a measured server is and how to sign for it. */
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
 * Signs a request by query (SigV4, unsigned payload) so that a load client spends nothing on signatures while it measures. `headers`
 * are signed as well, names in lower case; the host always is. Returns the request target: path and query.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presign(
  target: Target,
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  now: Date,
  headers: Readonly<Record<string, string>> = {},
): string {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${target.region}/s3/aws4_request`;
  const signed = Object.entries({ ...headers, host: `${target.host}:${target.port}` }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(";");
  const parameters = {
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${target.accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(EXPIRES_SECONDS),
    "X-Amz-SignedHeaders": names,
  };
  const canonicalQuery = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const canonicalHeaders = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  const canonical = [method, path, canonicalQuery, canonicalHeaders, names, "UNSIGNED-PAYLOAD"].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  let key: Buffer = Buffer.from(`AWS4${target.secretAccessKey}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return `${path}?${canonicalQuery}&X-Amz-Signature=${signature}`;
}
