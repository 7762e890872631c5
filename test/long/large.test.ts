import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { newFolder } from "../newFolder.ts";
import { BOUNDARY, fieldPart, filePart, FORM_TYPE, signedFields } from "../server/browserForms.ts";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import { fill, hashOf, PIECE_SIZE_BYTES, pieces } from "./largeContent.ts";
import { growth, LARGEST_GROWTH_BYTES } from "./residentMemory.ts";

const GIB = 1024 ** 3;
const PART_SIZE_BYTES = 64 * 1024 * 1024;
const BUCKET = "large";

async function downloadedHash(client: S3Client, Key: string): Promise<string> {
  const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const hash = createHash("sha1");
  for await (const bytes of answer.Body as Readable) hash.update(bytes as Buffer);
  return hash.digest("hex");
}

for (const sizeBytes of [GIB, 5 * GIB]) {
  const name = `${sizeBytes / GIB} GiB`;
  test(`PutObject, GetObject: ${name} goes up in one request and comes back whole, by range too, in bounded memory`, async (t) => {
    const data = newFolder(t);
    const server = await ServerProcess.start(data, { args: ["--workers", "1"] });
    t.after(() => server.stop());
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    // The first megabytes warm the server up: what grows afterwards grows with the object.
    const body = (size: number): Readable => Readable.from(pieces(size), { objectMode: false });
    for (let warm = 0; warm < 4; warm += 1) {
      await client.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: "warm", Body: body(PART_SIZE_BYTES), ContentLength: PART_SIZE_BYTES }),
      );
      await downloadedHash(client, "warm");
    }
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: "one", Body: body(sizeBytes), ContentLength: sizeBytes });
    const grownByPut = await growth(server.pid, () => client.send(put));
    const expected = hashOf(sizeBytes);
    let actual = "";
    const grownByGet = await growth(server.pid, async () => (actual = await downloadedHash(client, "one")));
    assert.equal(actual, expected);
    const last = await client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: "one", Range: `bytes=${sizeBytes - PIECE_SIZE_BYTES}-` }),
    );
    const tail = Buffer.from(await last.Body!.transformToByteArray());
    assert.ok(tail.equals(fill(Buffer.alloc(PIECE_SIZE_BYTES), sizeBytes - PIECE_SIZE_BYTES)));
    t.diagnostic(
      `memory grew by ${Math.round(grownByPut / 2 ** 20)} MiB uploading and ${Math.round(grownByGet / 2 ** 20)} MiB downloading`,
    );
    assert.ok(grownByPut < LARGEST_GROWTH_BYTES, `uploading grew memory by ${grownByPut} bytes`);
    assert.ok(grownByGet < LARGEST_GROWTH_BYTES, `downloading grew memory by ${grownByGet} bytes`);
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "one" }));
  });

  test(`CompleteMultipartUpload: ${name} goes up in parts and comes back whole, by part too`, async (t) => {
    const data = newFolder(t);
    const server = await ServerProcess.start(data, { args: ["--workers", "2"] });
    t.after(() => server.stop());
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const params = { Bucket: BUCKET, Key: "parts", Body: Readable.from(pieces(sizeBytes), { objectMode: false }) };
    await new Upload({ client, params, partSize: PART_SIZE_BYTES, queueSize: 2 }).done();
    assert.equal(await downloadedHash(client, "parts"), hashOf(sizeBytes));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "parts", PartNumber: 2 }));
    assert.equal(head.PartsCount, sizeBytes / PART_SIZE_BYTES);
    assert.equal(head.ContentLength, PART_SIZE_BYTES);
    const part = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "parts", PartNumber: 2, Range: undefined }));
    const bytes = Buffer.from(await part.Body!.transformToByteArray());
    assert.ok(bytes.subarray(0, PIECE_SIZE_BYTES).equals(fill(Buffer.alloc(PIECE_SIZE_BYTES), PART_SIZE_BYTES)));
  });
}

/** Sends a form with a file of so many bytes behind fields signed for this key; resolves with the answer's status. */
async function postFile(server: ServerProcess, key: string, sizeBytes: number): Promise<number> {
  const options = { ...TEST_KEYS, key, moreConditions: [["content-length-range", 0, sizeBytes]] };
  const [head, tail] = [
    Buffer.concat([
      ...signedFields(BUCKET, Date.now(), options).map(fieldPart),
      filePart({ content: "", name: "large" }).subarray(0, -2),
    ]),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ];
  const headers = { "Content-Type": FORM_TYPE, "Content-Length": head.length + sizeBytes + tail.length };
  const sent = request(`http://127.0.0.1:${server.port}/${BUCKET}`, { method: "POST", headers });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(inTurn([head], pieces(sizeBytes), [tail]), { objectMode: false }), sent);
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode!;
}

function* inTurn(...lists: readonly Iterable<Buffer>[]): Generator<Buffer> {
  for (const list of lists) yield* list;
}

test("PostObject: a browser's form with a file of 1 GiB is stored whole, in bounded memory", async (t) => {
  const server = await ServerProcess.start(newFolder(t), { args: ["--workers", "1"] });
  t.after(() => server.stop());
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  assert.equal(await postFile(server, "warm", PART_SIZE_BYTES), 204);
  const up = await growth(server.pid, async () => assert.equal(await postFile(server, "form", GIB), 204));
  t.diagnostic(`grew by ${(up / 1024 ** 2).toFixed(0)} MiB`);
  assert.ok(up < LARGEST_GROWTH_BYTES, `grew by ${up} bytes`);
  assert.equal(await downloadedHash(client, "form"), hashOf(GIB));
});
