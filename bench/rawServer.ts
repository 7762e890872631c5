/**
 * The floor everything is measured against: `node:http` doing as little as an object server must. PUT reads the body and hashes
 * it (MD5 and SHA-256), GET sends bytes of the size asked for in the path, LIST sends a fixed page.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const small = Buffer.alloc(4096, 7);
const large = Buffer.alloc(64 * 1024 * 1024, 7);

const server = createServer((request, response) => {
  const body = request.url?.includes("large") === true ? large : small;
  if (request.method === "PUT") {
    const md5 = createHash("md5");
    const sha256 = createHash("sha256");
    request.on("data", (bytes: Buffer) => {
      md5.update(bytes);
      sha256.update(bytes);
    });
    request.on("end", () => response.writeHead(200, { ETag: `"${md5.digest("hex")}"`, "Content-Length": 0 }).end());
    return;
  }
  response.writeHead(200, { "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
});

server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("listening\n"));
process.on("SIGTERM", () => process.exit(0));
