import { escapeXml } from "../../errors/escapeXml.ts";
import { packageVersion } from "../packageVersion.ts";
import { commonHeaders, writeWithoutReading } from "../http/respond.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Exchange, Outcome } from "./Exchange.ts";

/** Where S3 sends people who open its address in a browser. */
export const AMAZON_S3_SITE = "https://aws.amazon.com/s3/";

/** True for who asks for the list of buckets without signing: a person with a browser. */
export function isUnsignedRoot(request: WireRequest): boolean {
  return (
    (request.method === "GET" || request.method === "HEAD") &&
    request.rawPath === "/" &&
    request.rawQuery === "" &&
    request.address.bucket === undefined &&
    !request.headers.has("authorization")
  );
}

/** Answers a person with a browser. Who does not ask for HTML gets what S3 says: that its page is elsewhere. */
export async function welcome(exchange: Exchange, { headers, method, secure }: WireRequest): Promise<Outcome> {
  const wantsPage = headers.get("accept")?.includes("text/html") === true;
  const status = wantsPage ? 200 : 307;
  const own = wantsPage ? PAGE_HEADERS : ["Location", AMAZON_S3_SITE];
  const body = Buffer.from(wantsPage ? page(`${secure ? "https" : "http"}://${headers.get("host") ?? "localhost"}`) : "");
  const isSent = await writeWithoutReading(exchange, { status, headers: [...commonHeaders(exchange), ...own], body });
  return { status, errorCode: undefined, sentSizeBytes: isSent && method !== "HEAD" ? body.length : 0 };
}

/** The page loads nothing, and runs nothing. */
const PAGE_HEADERS = [
  ...["Content-Type", "text/html; charset=utf-8"],
  ...["Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"],
  ...["X-Content-Type-Options", "nosniff"],
  // Others at this address get the other answer.
  ...["Vary", "Accept"],
];

const STYLE = [
  ":root { color-scheme: light dark }",
  "body { font: 1.1rem/1.5 sans-serif; margin: 4rem auto; max-width: 42rem; padding: 0 1rem }",
  "pre { overflow-x: auto; padding: .7rem 1rem; border: 1px solid; border-radius: .3rem }",
].join("\n");

function page(address: string): string {
  const endpoint = escapeXml(address);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
<h1>Holdfast</h1>
<p>This is an object store, Holdfast ${escapeXml(packageVersion())}. Programs speak to it as they do to Amazon S3; there is nothing else to see for a browser here.</p>
<pre tabindex="0"><code>aws --endpoint-url ${endpoint} s3 ls</code></pre>
<p>Access keys come from who runs it. Objects that are public are read at <code>${endpoint}/BUCKET/KEY</code>.</p>
<p>Its documentation comes with the program: README.md and the pages in docs/, of which docs/configuration.md has all options and docs/errors.md all errors. <code>holdfast --help</code> shows the commands.</p>
</main>
</body>
</html>
`;
}
