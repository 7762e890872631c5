import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { attached } from "../../src/protocol/soap/attachments/writeMessage.ts";
import { newFolder } from "../newFolder.ts";
import { soapMessage } from "../server/soapMessages.ts";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import { hashOf, pieces } from "./largeContent.ts";
import { growth, LARGEST_GROWTH_BYTES } from "./residentMemory.ts";

const GIB = 1024 ** 3;
const WARM_SIZE_BYTES = 64 * 1024 * 1024;
const OBJECT = "<Bucket>large</Bucket><Key>one</Key>";
const ATTACHED = "<GetMetadata>true</GetMetadata><GetData>true</GetData><InlineData>false</InlineData>";
const ID = "1234567890ABCDEF";

/** Posts a body of known size, in pieces, and returns the answer, unread. */
async function post(port: number, contentType: string, sizeBytes: number, body: Readable): Promise<IncomingMessage> {
  const headers = { "Content-Type": contentType, "Content-Length": sizeBytes };
  const posted = request({ port, method: "POST", path: "/soap", headers });
  const answered = once(posted, "response") as Promise<[IncomingMessage]>;
  await pipeline(body, posted);
  const [answer] = await answered;
  assert.equal(answer.statusCode, 200);
  return answer;
}

for (const format of ["dime", "mime"] as const) {
  test(`SOAP: 1 GiB goes up and comes back beside a message in ${format.toUpperCase()}, in bounded memory`, async (t) => {
    const server = await ServerProcess.start(newFolder(t), { args: ["--workers", "1", "--soap-over-http"] });
    t.after(() => server.stop());
    const ask = (operation: string, elements: string): Buffer =>
      Buffer.from(soapMessage(operation, elements, Date.now(), TEST_KEYS));
    const put = async (sizeBytes: number): Promise<void> => {
      const envelope = ask("PutObject", `${OBJECT}<ContentLength>${sizeBytes}</ContentLength>`);
      const content = Readable.from(pieces(sizeBytes));
      const message = attached(format, envelope, { mediaType: "text/plain", body: { sizeBytes, source: content } }, "1.1", ID);
      assert.ok(!Buffer.isBuffer(message.body.source));
      (await post(server.port, message.contentType, message.body.sizeBytes, Readable.from(message.body.source))).resume();
    };
    const get = async (sizeBytes: number): Promise<string> => {
      const envelope = ask("GetObject", OBJECT + ATTACHED);
      const headers = { "Content-Type": "text/xml", Accept: format === "dime" ? "application/dime" : "multipart/related" };
      const [answer] = (await once(
        request({ port: server.port, method: "POST", path: "/soap", headers }).end(envelope),
        "response",
      )) as [IncomingMessage];
      assert.match(answer.headers["content-type"]!, format === "dime" ? /^application\/dime$/ : /^multipart\/related/);
      // The content is the last thing in the message, but for its end.
      const total = Number(answer.headers["content-length"]);
      const behind =
        format === "dime" ? 0 : Buffer.byteLength(`\r\n--holdfast-${answer.headers["x-amz-request-id"] as string}--\r\n`);
      const start = total - behind - sizeBytes;
      const hash = createHash("sha1");
      let offset = 0;
      for await (const bytes of answer as AsyncIterable<Buffer>) {
        hash.update(bytes.subarray(Math.max(0, start - offset), Math.max(0, total - behind - offset)));
        offset += bytes.length;
      }
      return hash.digest("hex");
    };
    (await post(server.port, "text/xml", ...whole(ask("CreateBucket", "<Bucket>large</Bucket>")))).resume();
    for (let warm = 0; warm < 4; warm += 1) {
      await put(WARM_SIZE_BYTES);
      await get(WARM_SIZE_BYTES);
    }
    const grownByPut = await growth(server.pid, () => put(GIB));
    let hash = "";
    const grownByGet = await growth(server.pid, async () => (hash = await get(GIB)));
    assert.equal(hash, hashOf(GIB));
    t.diagnostic(
      `memory grew by ${Math.round(grownByPut / 2 ** 20)} MiB going up and ${Math.round(grownByGet / 2 ** 20)} MiB coming back`,
    );
    assert.ok(grownByPut < LARGEST_GROWTH_BYTES, `going up grew memory by ${grownByPut} bytes`);
    assert.ok(grownByGet < LARGEST_GROWTH_BYTES, `coming back grew memory by ${grownByGet} bytes`);
  });
}

function whole(message: Buffer): [sizeBytes: number, body: Readable] {
  return [message.length, Readable.from([message])];
}
