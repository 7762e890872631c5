/**
 * The floor everything is measured against: `node:http` doing as little as any object server in Node must, with nothing kept, nothing
 * signed, nothing checked. It reads every body and hashes it (MD5, which ETags are made of), and answers with as many bytes as S3 would.
 *
 * `node bench/rawServer.ts` listens on a free port and prints it.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const SMALL = Buffer.alloc(4 * 1024, 7);
const LARGE_SIZE_BYTES = 64 * 1024 * 1024;
/** As large as S3's answers are: a page of 1,000 keys, one of 100 prefixes, an error. */
const PAGE_OF_KEYS = Buffer.alloc(300 * 1000, 32);
const PAGE_OF_PREFIXES = Buffer.alloc(70 * 100, 32);
const ERROR = Buffer.alloc(400, 32);
const RESULT = Buffer.from("<Result><UploadId>raw</UploadId></Result>");
const NOTHING = Buffer.alloc(0);
/** Made when it is first asked for: until then the memory of the floor is Node's own. */
let large: Buffer | undefined;

function bodyOf(request: IncomingMessage): Buffer {
  const url = request.url ?? "";
  if (request.method === "POST" || "x-amz-copy-source" in request.headers) return RESULT;
  if (request.method !== "GET" && request.method !== "HEAD") return NOTHING;
  if (url.includes("list-type=2")) return url.includes("delimiter=") ? PAGE_OF_PREFIXES : PAGE_OF_KEYS;
  if (url.includes("/missing/")) return ERROR;
  if (!url.includes("/large/")) return SMALL;
  return (large ??= Buffer.alloc(LARGE_SIZE_BYTES, 7));
}

function answer(request: IncomingMessage, response: ServerResponse, etag: string): void {
  const body = bodyOf(request);
  const status = body === ERROR ? 404 : request.method === "DELETE" ? 204 : 200;
  response.writeHead(status, status === 204 ? {} : { ETag: etag, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

const server = createServer((request, response) => {
  if (request.method !== "PUT" && request.method !== "POST") return answer(request, response, "");
  const md5 = createHash("md5");
  request.on("data", (bytes: Buffer) => md5.update(bytes));
  request.on("end", () => answer(request, response, `"${md5.digest("hex")}"`));
});

server.listen(0, "127.0.0.1", () => process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`));
process.on("SIGTERM", () => process.exit(0));
