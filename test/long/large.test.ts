import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
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
import { ServerProcess } from "../serverProcess.ts";

const GIB = 1024 ** 3;
const PIECE_SIZE_BYTES = 1024 * 1024;
const PART_SIZE_BYTES = 64 * 1024 * 1024;
const LARGEST_GROWTH_BYTES = 64 * 1024 * 1024;
const SAMPLE_INTERVAL_MS = 50;
const BUCKET = "large";

/** A stream of `sizeBytes` whose content depends on its position, so that a swapped or lost piece shows. */
function* pieces(sizeBytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE_SIZE_BYTES);
  for (let offset = 0; offset < sizeBytes; offset += PIECE_SIZE_BYTES)
    yield fill(Buffer.from(piece), offset).subarray(0, sizeBytes - offset);
}

function fill(piece: Buffer, offset: number): Buffer {
  for (let at = 0; at < piece.length; at += 4096) piece.writeDoubleLE(offset + at, at);
  return piece;
}

function hashOf(sizeBytes: number): string {
  const hash = createHash("sha1");
  for (const piece of pieces(sizeBytes)) hash.update(piece);
  return hash.digest("hex");
}

async function downloadedHash(client: S3Client, Key: string): Promise<string> {
  const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const hash = createHash("sha1");
  for await (const bytes of answer.Body as Readable) hash.update(bytes as Buffer);
  return hash.digest("hex");
}

/** Resident memory of the server's processes, in bytes. */
function residentBytes(root: number): number {
  const members = [root];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === root) members.push(Number(name));
    } catch {
      // The process ended meanwhile.
    }
  }
  return members.reduce(
    (sum, pid) => sum + 1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]),
    0,
  );
}

/** Runs work and tells by how much the server's own memory (file mappings aside) rose above where it began. */
async function growth(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentBytes(pid);
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, residentBytes(pid))), SAMPLE_INTERVAL_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return highest - before;
}

for (const sizeBytes of [GIB, 5 * GIB]) {
  const name = `${sizeBytes / GIB} GiB`;
  test(`PutObject, GetObject: ${name} goes up in one request and comes back whole, by range too, in bounded memory`, async (t) => {
    const data = await mkdtemp(join(tmpdir(), "holdfast-large-"));
    t.after(() => rm(data, { recursive: true, force: true }));
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
    const data = await mkdtemp(join(tmpdir(), "holdfast-large-"));
    t.after(() => rm(data, { recursive: true, force: true }));
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
