import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { FileBlobEngine } from "../../src/store/blobs/files/FileBlobEngine.ts";
import { LmdbMetadataEngine } from "../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { deadBlobRow, namedBlobRow } from "../../src/store/records/blobRows.ts";
import { DataFolder } from "../../src/store/folder/dataFolder.ts";
import { ServerProcess } from "../serverProcess.ts";

const CRASHES = Number(process.env["HOLDFAST_TEST_CRASHES"] ?? 50);
/** However the server ended: nobody cleans up by hand, and whatever of it lives on must not be in the way. */
const STARTS_WITHIN_MS = 5_000;
const WRITERS = 32;
const LONGEST_RUN_MS = 600;
const SIZES_BYTES = [0, 1, 4_096, 65_536, 65_537, 300_000, 1_500_000];
const PART_SIZE_BYTES = 5 * 1024 * 1024;
const BUCKET = "crash";

/** What the server acknowledged: the hash of the newest bytes of each key, and of those written since without an answer. */
type Expected = Map<string, Set<string>>;

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes until the server dies. A write without an answer may or may not have happened: both are right afterwards. */
async function writeUntilCrash(client: S3Client, writer: number, expected: Expected): Promise<number> {
  for (let count = 0; ; count += 1) {
    const key = `writer-${writer}/${count % 5}`;
    const body = randomBytes(SIZES_BYTES[(writer + count) % SIZES_BYTES.length]!);
    const before = expected.get(key) ?? new Set(["absent"]);
    expected.set(key, new Set([...before, hash(body)]));
    try {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
    } catch {
      return count;
    }
    expected.set(key, new Set([hash(body)]));
  }
}

/** Completes multipart uploads until the server dies. */
async function uploadUntilCrash(client: S3Client, writer: number, expected: Expected): Promise<number> {
  for (let count = 0; ; count += 1) {
    const Key = `multipart-${writer}/${count % 3}`;
    const parts = [randomBytes(PART_SIZE_BYTES), randomBytes(1_000)];
    const digest = hash(Buffer.concat(parts));
    const before = expected.get(Key) ?? new Set(["absent"]);
    expected.set(Key, new Set([...before, digest]));
    try {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
      const Parts = [];
      for (const [index, Body] of parts.entries()) {
        const part = await client.send(new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber: index + 1, Body }));
        Parts.push({ PartNumber: index + 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
      }
      await client.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } }));
    } catch {
      return count;
    }
    expected.set(Key, new Set([digest]));
  }
}

async function found(client: S3Client, key: string): Promise<string> {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return hash(await answer.Body!.transformToByteArray());
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return "absent";
    throw error;
  }
}

/** Blobs in the folder of a stopped server that no record names, and that do not wait for their removal either. */
async function orphans(data: string): Promise<string[]> {
  const folder = await DataFolder.join(data);
  const metadata = await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "synced" });
  const blobs = await FileBlobEngine.open({ path: folder.blobsPath, durability: "synced", run: folder.run });
  const unnamed: string[] = [];
  for await (const id of blobs.suspects({ all: true })) {
    const { values } = metadata.read({ keys: [namedBlobRow(id).key, deadBlobRow(id).key] });
    if (values[0] === undefined && values[1] === undefined) unnamed.push(id);
  }
  await blobs.close();
  await metadata.close();
  return unnamed;
}

test(`PutObject: of ${WRITERS} parallel writers, every acknowledged object survives ${CRASHES} kills, and no orphan stays`, async (t) => {
  const data = await mkdtemp(join(tmpdir(), "holdfast-crash-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const expected: Expected = new Map();
  let acknowledged = 0;
  let slowestStartMs = 0;
  let server = await ServerProcess.start(data, { args: ["--workers", "2"] });
  await server.client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (let crash = 0; crash < CRASHES; crash += 1) {
    const client = server.client();
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writer % 8 === 7 ? uploadUntilCrash(client, writer, expected) : writeUntilCrash(client, writer, expected),
    );
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * LONGEST_RUN_MS));
    // Everything at once, as in a power cut, or the primary alone, as somebody with `kill -9` does.
    await (crash % 2 === 0 ? server.killPrimary() : server.kill());
    for (const count of await Promise.all(writers)) acknowledged += count;
    const startedAt = performance.now();
    server = await ServerProcess.start(data, { args: ["--workers", "2"] });
    const startMs = performance.now() - startedAt;
    assert.ok(startMs < STARTS_WITHIN_MS, `start ${crash + 1} took ${startMs.toFixed(0)} ms`);
    slowestStartMs = Math.max(slowestStartMs, startMs);
    const reader = server.client();
    for (const [key, allowed] of expected) {
      const actual = await found(reader, key);
      assert.ok(allowed.has(actual), `after crash ${crash + 1}, ${key} holds ${actual}, not one of ${[...allowed].join(", ")}`);
      expected.set(key, new Set([actual]));
    }
  }
  assert.equal(await server.stop(), 0);
  assert.deepEqual(await orphans(data), []);
  assert.ok(acknowledged >= CRASHES, `only ${acknowledged} writes were acknowledged`);
  t.diagnostic(`${acknowledged} acknowledged writes over ${CRASHES} crashes; slowest start ${slowestStartMs.toFixed(0)} ms`);
});
