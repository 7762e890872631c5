import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/**
 * Bodies that come in several packets: the server takes each as one piece, and gives the memory of all but the small ones back when it asks
 * for the next one. Who kept a piece would store nothing in its place.
 */

/** Time for the server to take a packet before the next one comes. */
const BETWEEN_PACKETS_MS = 10;

/** Letters that nobody can guess, and that are the same in each run. */
function letters(sizeBytes: number): Buffer {
  let text = "";
  for (let block = 0; text.length < sizeBytes; block += 1) text += createHash("sha512").update(String(block)).digest("hex");
  return Buffer.from(text.slice(0, sizeBytes));
}

/** Sends a request whose body comes in packets of these sizes, and what is left in a last one. */
async function sendInPackets(answers: AnswerServer, asked: Asked, sizesBytes: readonly number[]) {
  using connection = await answers.connect();
  const bytes = answers.wireBytes(answers.signed(asked, "header"));
  let sent = 0;
  for (const sizeBytes of [bytes.indexOf("\r\n\r\n") + 4, ...sizesBytes, bytes.length]) {
    await connection.send(bytes.subarray(sent, sent + sizeBytes));
    sent += sizeBytes;
    await pause(BETWEEN_PACKETS_MS);
  }
  return await connection.answer();
}

/** An unsigned body in one chunk, and a trailer. */
function chunked(content: Buffer): Pick<Asked, "headers" | "body"> {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(content));
  const trailer = `\r\n0\r\nx-amz-checksum-crc32:${value.toString("base64")}\r\n\r\n`;
  return {
    headers: {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-trailer": "x-amz-checksum-crc32",
      "x-amz-decoded-content-length": String(content.length),
    },
    body: Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from(trailer)]),
  };
}

/** Bodies, and the packets they come in: some below the size from which memory is given back by hand, some above it. */
const BODIES: readonly (readonly [sizeBytes: number, packets: readonly number[]])[] = [
  [20_000, [17_000]],
  [20_000, [3_000]],
  [33_333, [16_384, 16_384]],
  [50_000, [20_000, 1, 20_000]],
  [65_536, [30_000, 30_000]],
  [65_536, [5_000, 17_000, 5_000, 17_000]],
  [65_537, [30_000, 30_000]],
  [150_000, [60_000, 5_000, 60_000]],
];

for (const [sizeBytes, packets] of BODIES) {
  const content = letters(sizeBytes);
  const inPackets = `${sizeBytes} bytes in packets of ${packets.join(", ")} and the rest`;
  const read = async (answers: AnswerServer): Promise<string> =>
    (await answers.send({ method: "GET", path: "/bucket/pieces" }, "header")).body;

  for (const [how, { headers, body }] of [
    ["", { headers: {}, body: content }],
    [", framed as chunks,", chunked(content)],
  ] as const) {
    test(`PutObject: ${inPackets}${how} are read back byte by byte`, async () => {
      await using answers = await AnswerServer.startEmpty();
      const asked: Asked = { method: "PUT", path: "/bucket/pieces", headers, body };
      const answer = await sendInPackets(answers, asked, packets);
      assert.equal(answer.headers.get("etag"), `"${createHash("md5").update(content).digest("hex")}"`);
      assert.ok((await read(answers)) === content.toString(), "other bytes are stored than were sent");
    });
  }

  test(`UploadPart: ${inPackets} are read back byte by byte`, async () => {
    await using answers = await AnswerServer.startEmpty();
    const begun = await answers.send({ method: "POST", path: "/bucket/pieces", query: { uploads: "" } }, "header");
    const uploadId = element(begun, "UploadId")!;
    const asked: Asked = { method: "PUT", path: "/bucket/pieces", query: { partNumber: "1", uploadId }, body: content };
    const etag = (await sendInPackets(answers, asked, packets)).headers.get("etag");
    const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    const completion: Asked = { method: "POST", path: "/bucket/pieces", query: { uploadId }, body: document };
    assert.equal((await answers.send(completion, "header")).status, 200);
    assert.ok((await read(answers)) === content.toString(), "other bytes are stored than were sent");
  });
}

test("DeleteObjects: a document in several packets is read whole", async () => {
  await using answers = await AnswerServer.startEmpty();
  const keys = Array.from({ length: 800 }, (_, index) => `key-${String(index).padStart(4, "0")}`);
  const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("");
  const body = `<Delete>${objects}</Delete>`;
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  const asked: Asked = { method: "POST", path: "/bucket", query: { delete: "" }, headers, body };
  const answer = await sendInPackets(answers, asked, [17_000, 2_000]);
  assert.deepEqual(
    [...answer.body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key),
    keys,
  );
});
