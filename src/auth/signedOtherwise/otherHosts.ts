import { quoted } from "../../errors/quoted.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";

/** A host that a client may have signed for, the path that goes with it where that is another one too, and what to tell it then. */
export interface OtherHost {
  readonly host: string;
  readonly path: string | undefined;
  readonly said: string;
}

/** Of the server's domains, no more are tried. */
const MAX_DOMAINS_TRIED = 4;

/** Where a proxy says by which name it was asked. */
const PROXY_HEADERS = ["x-forwarded-host", "x-original-host", "x-forwarded-server"] as const;

/** Names by which one machine, or one of its containers, is reached beside its own. */
const NEAR_NAMES = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal", "holdfast"] as const;

/** Where this server listens unless it is told otherwise. */
const USUAL_PORT = ":9000";

/** Hosts beside the one that arrived, for the canonical path `path` of a request to a server with these domains. */
export function* otherHosts(
  request: WireRequest,
  path: string,
  domains: readonly string[],
  region: string,
): Generator<OtherHost> {
  const host = request.headers.get("host") ?? "";
  for (const other of hosts(request, path, domains, region)) if (other.host !== host) yield other;
}

function* hosts(
  { headers, address }: WireRequest,
  path: string,
  domains: readonly string[],
  region: string,
): Generator<OtherHost> {
  const host = headers.get("host") ?? "";
  const { name, port } = parts(host);
  const like = (other: string, cause: string): OtherHost => {
    return {
      host: other,
      path: undefined,
      said: `It was signed for the host ${quoted(other)}, and ${quoted(host)} arrived: ${cause}`,
    };
  };
  const forwardedPort = headers.get("x-forwarded-port");
  for (const header of [...PROXY_HEADERS.map((each) => headers.get(each)), forwardedHost(headers.get("forwarded"))]) {
    const forwarded = header?.split(",", 1)[0]!.trim();
    if (forwarded === undefined || forwarded === "") continue;
    yield like(forwarded, PASS_ON);
    if (forwardedPort !== undefined) yield like(`${parts(forwarded).name}:${forwardedPort}`, PASS_ON);
  }
  for (const other of [name, `${name}:80`, `${name}:443`, name + USUAL_PORT]) yield like(other, PORT);
  yield like(host.toLowerCase(), "sign the very text that is sent.");
  for (const domain of domains.slice(0, MAX_DOMAINS_TRIED)) {
    const below = address.style === "virtual" ? `${address.bucket}.${domain}` : domain;
    yield like(below, PASS_ON);
    yield like(below + port, PASS_ON);
  }
  const bucket = address.bucket ?? "";
  const inHost = address.style === "virtual" ? path : behindBucket(path);
  for (const amazon of [`s3.${region}.amazonaws.com`, "s3.amazonaws.com"]) {
    yield like(amazon, OF_AMAZON);
    if (bucket !== "") yield { ...like(`${bucket}.${amazon}`, OF_AMAZON), path: inHost };
  }
  for (const near of NEAR_NAMES) {
    yield like(near + port, ONE_NAME);
    if (port !== USUAL_PORT) yield like(near + USUAL_PORT, ONE_NAME);
  }
  if (bucket !== "") yield* inOtherStyle(bucket, address.style, host, path);
}

/** The bucket in the host name where it arrived in the path, and the other way round. */
function* inOtherStyle(bucket: string, style: string, host: string, path: string): Generator<OtherHost> {
  const remedy =
    "Use one style in both places: forcePathStyle in the SDKs, addressing_style in boto3; and let no proxy move the bucket.";
  if (style === "virtual") {
    const other = host.slice(bucket.length + 1);
    yield {
      host: other,
      path: `/${bucket}${path}`,
      said: `It was signed for the host ${quoted(other)} with the bucket in the path, and the bucket arrived in the host name. ${remedy}`,
    };
    return;
  }
  yield {
    host: `${bucket}.${host}`,
    path: behindBucket(path),
    said: `It was signed for the host ${quoted(`${bucket}.${host}`)}, and the bucket arrived in the path. ${remedy}`,
  };
}

/** What is left of a path without its bucket. */
function behindBucket(path: string): string {
  const second = path.indexOf("/", 1);
  return second < 0 ? "/" : path.slice(second);
}

const OF_AMAZON = "it was made for Amazon S3. Give the client this server's address as its endpoint.";
const PASS_ON =
  "a proxy put its own in. Let it pass Host on (nginx: proxy_set_header Host $http_host), or the client sign for what arrives.";
const PORT =
  "the port belongs to it, unless it is the usual one of http or https. Sign the very text that is sent, and let proxies pass it on (nginx: $http_host, not $host).";
const ONE_NAME =
  "one name is signed and another one asked. Presign for the address that will be asked; in a URL that is made, it cannot be changed.";

function parts(host: string): { readonly name: string; readonly port: string } {
  const colon = host.lastIndexOf(":");
  const end = colon > host.lastIndexOf("]") ? colon : host.length;
  return { name: host.slice(0, end), port: host.slice(end) };
}

/** @see https://www.rfc-editor.org/rfc/rfc7239#section-5.3 */
function forwardedHost(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /(?:^|[;,])[ \t]*host="?([^";,]*)/i.exec(header)?.[1];
}
