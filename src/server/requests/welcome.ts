import { escapeXml } from "../../errors/escapeXml.ts";
import { commonHeaders, writeWithoutReading } from "../http/respond.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Exchange, Outcome } from "./Exchange.ts";

/** Where S3 sends people who open its address in a browser. */
export const AMAZON_S3_SITE = "https://aws.amazon.com/s3/";

/** True for who asks for the list of buckets without signing: a person with a browser. */
export function isUnsignedRoot(request: WireRequest): boolean {
  return (
    request.method === "GET" &&
    request.rawPath === "/" &&
    request.rawQuery === "" &&
    request.address.bucket === undefined &&
    !request.headers.has("authorization")
  );
}

/** Answers a person with a browser. Who does not ask for HTML gets what S3 says: that its page is elsewhere. */
export async function welcome(exchange: Exchange, { headers, secure }: WireRequest): Promise<Outcome> {
  const wantsPage = headers.get("accept")?.includes("text/html") === true;
  const status = wantsPage ? 200 : 307;
  const own = wantsPage ? PAGE_HEADERS : ["Location", AMAZON_S3_SITE];
  const body = Buffer.from(wantsPage ? page(`${secure ? "https" : "http"}://${headers.get("host") ?? "localhost"}`) : "");
  const isSent = await writeWithoutReading(exchange, { status, headers: [...commonHeaders(exchange), ...own], body });
  return { status, errorCode: undefined, sentSizeBytes: isSent ? body.length : 0 };
}

/** The page loads nothing, and runs nothing. */
const PAGE_HEADERS = [
  ...["Content-Type", "text/html; charset=utf-8"],
  ...["Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"],
  ...["X-Content-Type-Options", "nosniff"],
  // Others at this address get the other answer.
  ...["Vary", "Accept"],
];

function page(address: string): string {
  const endpoint = escapeXml(address);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Holdfast</title>
<style>body { font: 1.1rem/1.5 sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem } pre { overflow-x: auto }</style>
<h1>Holdfast</h1>
<p>This is an object store. Programs speak to it as they do to Amazon S3; there is nothing to see for a browser here.</p>
<pre>aws --endpoint-url ${endpoint} s3 ls</pre>
<p>Access keys come from who runs it. Objects that are public are read at ${endpoint}/BUCKET/KEY.</p>
</html>
`;
}
