import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { TestServer } from "../server/TestServer.ts";

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);
export const NOW = "Sun, 01 Mar 2026 12:00:00 GMT";

/** Lets everybody read what is in the bucket, but for what lies in "private/". */
const PUBLIC: string = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", NotResource: "arn:aws:s3:::bucket/private/*" }],
});

/** What a visitor says beside the path. */
export interface VisitOptions {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What differs from run to run, put back to its name. */
export interface SiteAnswer {
  /** With what stands behind it. */
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A bucket called "bucket" that is a website with an index document "index.html", public but for "private/". */
export class SiteServer {
  readonly server: TestServer;

  private constructor(server: TestServer) {
    this.server = server;
  }

  /** With a page for each key, whose text is the key's. */
  static async start(t: TestContext, keys: readonly string[], options: TestServerOptions = {}): Promise<SiteServer> {
    const server = await TestServer.start({ clock: () => NOW_MS, ...options });
    t.after(() => server[Symbol.asyncDispose]());
    const site = new SiteServer(server);
    const { status } = await server.request("DELETE", "/bucket", { query: { publicAccessBlock: "" } });
    assert.equal(status, 204);
    await site.set("policy", PUBLIC);
    await site.configure("");
    for (const key of keys) await site.put(key, `page ${key}`);
    return site;
  }

  /** Puts a setting of a bucket. */
  async set(name: string, body: string, bucket = "bucket"): Promise<void> {
    const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
    const answer = await this.server.request("PUT", `/${bucket}`, { query: { [name]: "" }, headers, body });
    assert.ok(answer.status < 300, answer.body);
  }

  /** Makes the bucket a website with an index document and what stands beside it. */
  async configure(beside: string): Promise<void> {
    const index = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";
    await this.set("website", `<WebsiteConfiguration>${index}${beside}</WebsiteConfiguration>`);
  }

  /** Puts an object, whose type is that of pages unless said. */
  async put(key: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    const path = `/bucket/${key.split("/").map(encodeURIComponent).join("/")}`;
    // A presigned URL carries Amazon's own headers in its query.
    const isAmazons = ([name]: readonly [string, string]): boolean => name.startsWith("x-amz-");
    const query = Object.fromEntries(Object.entries(headers).filter(isAmazons));
    const others = Object.fromEntries(Object.entries(headers).filter((header) => !isAmazons(header)));
    const answer = await this.server.request("PUT", path, { query, headers: { "Content-Type": "text/html", ...others }, body });
    assert.equal(answer.status, 200, answer.body);
    return answer;
  }

  get host(): string {
    return `bucket.s3-website.localhost:${this.server.port}`;
  }

  /** Asks for a path as a browser does. */
  async visit(path: string, options: VisitOptions = {}): Promise<RawAnswer> {
    const { method = "GET", host = this.host, headers = {}, body = "" } = options;
    using connection = await this.server.connect();
    const length = body === "" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    await connection.sendHead(`${method} ${path}`, { Host: host, ...length, ...headers });
    await connection.send(body);
    return await connection.answer({ toHead: method === "HEAD" });
  }

  /** The same, without what differs from run to run. */
  async answer(path: string, options: VisitOptions = {}): Promise<SiteAnswer> {
    return this.masked(await this.visit(path, options));
  }

  /** An answer without what differs from run to run. */
  masked(answer: RawAnswer): SiteAnswer {
    const varying = new Map([
      [answer.headers.get("x-amz-request-id")!, "{requestId}"],
      [answer.headers.get("x-amz-id-2")!, "{hostId}"],
      [`:${this.server.port}`, ""],
    ]);
    let text = JSON.stringify({
      status: `${answer.status} ${answer.reason}`,
      headers: Object.fromEntries(answer.headers),
      body: answer.body,
    });
    for (const [found, name] of varying) text = text.replaceAll(found, name);
    const { headers, ...rest } = JSON.parse(text) as SiteAnswer;
    const { date, "x-amz-id-2": hostId, "x-amz-request-id": requestId, server, ...others } = headers;
    assert.match(date!, / GMT$/);
    assert.deepEqual([hostId, requestId, server], ["{hostId}", "{requestId}", "AmazonS3"]);
    return { headers: others, ...rest };
  }
}

/** The page that S3 tells an error on. */
export function errorPage(title: string, facts: readonly string[], documentFacts?: readonly string[]): string {
  const list = (items: readonly string[]): string => `<ul>\n${items.map((item) => `<li>${item}</li>\n`).join("")}</ul>\n`;
  const failed = "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n";
  return (
    `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n` +
    list([...facts, "RequestId: {requestId}", "HostId: {hostId}"]) +
    (documentFacts === undefined ? "" : failed + list(documentFacts)) +
    "<hr/>\n</body>\n</html>\n"
  );
}

/** Compares an answer with a page that tells an error, to the byte. */
export function assertErrorPage(
  { status, headers, body }: SiteAnswer,
  title: string,
  facts: readonly string[],
  more: { readonly headers?: Readonly<Record<string, string>>; readonly documentFacts?: readonly string[] } = {},
): void {
  assert.equal(body, errorPage(title, facts, more.documentFacts));
  const { "content-length": length, ...others } = headers;
  assert.match(length!, /^\d+$/);
  assert.deepEqual([status, others], [title, { "content-type": "text/html; charset=utf-8", ...more.headers }]);
}

/** What an error page says of a key that is not there. */
export function noSuchKey(key: string): string[] {
  return ["Code: NoSuchKey", "Message: The specified key does not exist.", `Key: ${key}`];
}

export const DENIED: readonly string[] = ["Code: AccessDenied", "Message: Access Denied"];

/** The headers that tell of such a key. */
export function noSuchKeyHeaders(key: string): Record<string, string> {
  return {
    "x-amz-error-code": "NoSuchKey",
    "x-amz-error-message": "The specified key does not exist.",
    "x-amz-error-detail-key": key,
  };
}
