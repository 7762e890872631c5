import { commonHeaders, writeWithoutReading } from "../http/respond.ts";
import type { OwnAnswer } from "../Service.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Exchange, Outcome } from "./Exchange.ts";

/** Where S3 sends people who open its address in a browser. */
const WEBSITE = "https://aws.amazon.com/s3/";

/** What answers a request for one of the server's own paths, such as /-/health; `undefined` for all others. */
export function ownPath({ service, incoming }: Exchange): (() => Promise<OwnAnswer>) | undefined {
  const own = service.ownPaths.get(incoming.url ?? "");
  return own !== undefined && (incoming.method === "GET" || incoming.method === "HEAD") ? own : undefined;
}

/** Answers a request for one of the server's own paths. */
export async function answerOwn(exchange: Exchange, own: () => Promise<OwnAnswer>): Promise<Outcome> {
  const { status, contentType, body: text } = await own();
  const body = Buffer.from(text);
  await writeWithoutReading(exchange, { status, headers: ["Content-Type", contentType], body });
  return { status, errorCode: undefined, sentSizeBytes: exchange.incoming.method === "HEAD" ? 0 : body.length };
}

/** True for who asks for the list of buckets without signing. */
export function isUnsignedRoot(request: WireRequest): boolean {
  return (
    request.method === "GET" &&
    request.rawPath === "/" &&
    request.rawQuery === "" &&
    request.address.bucket === undefined &&
    !request.headers.has("authorization")
  );
}

/** Who asks for the list of buckets without signing is a person with a browser: S3 sends them to its website. */
export async function redirectToWebsite(exchange: Exchange): Promise<Outcome> {
  const headers = [...commonHeaders(exchange.ids), "Location", WEBSITE];
  await writeWithoutReading(exchange, { status: 307, headers, body: Buffer.alloc(0) });
  return { status: 307, errorCode: undefined, sentSizeBytes: 0 };
}
