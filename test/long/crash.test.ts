import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
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
import { DataFolder } from "../../src/store/folder/dataFolder.ts";
import { answeringProcesses } from "../../bench/ownMemory.ts";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";
import { checkNames } from "../store/checkedStore.ts";
import { openUncheckedStore } from "../store/testStore.ts";
import { VersionWriter } from "./versionWriter.ts";

const CRASHES = Number(process.env["HOLDFAST_TEST_CRASHES"] ?? 300);
/**
 * However the server ended: nobody cleans up by hand, and whatever of it lives on must not be in the way. A goal, and told of: what a
 * machine is busy with besides does not fail the test before `ServerProcess` gives a start up, after half a minute.
 */
const START_GOAL_MS = 5_000;
const WRITERS = 32;
/** Beside them; each makes and deletes versions in a bucket of its own. */
const VERSION_WRITERS = 4;
const READERS = 16;
const SHORTEST_RUN_MS = 50;
const LONGEST_RUN_MS = 350;
/** Workers that were killed are replaced by then, on any machine. */
const REPLACED_WITHIN_MS = 30_000;
const POLL_INTERVAL_MS = 10;
/** A connection that was on its way to a worker which died is never answered; the others are, within this time or a little more. */
const ANSWERED_AFTER_KILL_MS = 2_000;
const START = { args: ["--workers", "2"] };
const SIZES_BYTES = [0, 1, 4_096, 65_536, 65_537, 300_000, 1_500_000];
const PART_SIZE_BYTES = 5 * 1024 * 1024;
const BUCKET = "crash";

/** What the server acknowledged: the hash of the newest bytes of each key, and of those written since without an answer. */
type Expected = Map<string, Set<string>>;

/** Whether a writer completes uploads. */
const isUploader = (writer: number): boolean => writer % 8 === 7;

/** What writers need. The signal says that a crash has come which not all of them feel: the others begin nothing new. */
interface Run {
  readonly client: S3Client;
  readonly expected: Expected;
  readonly signal: AbortSignal;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Passes the count on when a request was not answered; throws an answer that a crash does not explain. */
function unanswered(error: unknown, count: number): number {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  // A worker whose primary is gone still says so to whoever comes in that moment.
  if (status >= 400 && status !== 503) throw error;
  return count;
}

/** Writes until the server dies. A write without an answer may or may not have happened: both are right afterwards. */
async function writeUntilCrash({ client, expected, signal }: Run, writer: number): Promise<number> {
  for (let count = 0; ; count += 1) {
    if (signal.aborted) return count;
    const key = `writer-${writer}/${count % 5}`;
    const body = randomBytes(SIZES_BYTES[(writer + count) % SIZES_BYTES.length]!);
    const before = expected.get(key) ?? new Set(["absent"]);
    expected.set(key, new Set([...before, hash(body)]));
    try {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
    } catch (error) {
      return unanswered(error, count);
    }
    expected.set(key, new Set([hash(body)]));
  }
}

/** Completes multipart uploads until the server dies. */
async function uploadUntilCrash({ client, expected, signal }: Run, writer: number): Promise<number> {
  for (let count = 0; ; count += 1) {
    if (signal.aborted) return count;
    const Key = `multipart-${writer}/${count % 3}`;
    const parts = [randomBytes(PART_SIZE_BYTES), randomBytes(1_000)];
    const digest = hash(Buffer.concat(parts));
    const before = expected.get(Key) ?? new Set(["absent"]);
    expected.set(Key, new Set([...before, digest]));
    try {
      const creation = new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ChecksumAlgorithm: "CRC32" });
      const { UploadId } = await client.send(creation);
      const Parts = [];
      for (const [index, Body] of parts.entries()) {
        const upload = new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber: index + 1, Body });
        const part = await client.send(upload);
        Parts.push({ PartNumber: index + 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
      }
      const completion = new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } });
      await client.send(completion);
    } catch (error) {
      return unanswered(error, count);
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

/** Reads every key. What it finds holds from then on, unless the server lived on: it may still do what it did not answer. */
async function check(client: S3Client, expected: Expected, when: string, livedOn: boolean): Promise<void> {
  const left = [...expected];
  const read = async (): Promise<void> => {
    for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
      const [key, allowed] = entry;
      const actual = await found(client, key);
      assert.ok(allowed.has(actual), `${when}, ${key} holds ${actual}, not one of ${[...allowed].join(", ")}`);
      if (!livedOn) expected.set(key, new Set([actual]));
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
}

/** Looks at the folder of a stopped server: no blob without a record stays, no row without its object, and versions belong together. */
async function checkFolder(data: string): Promise<void> {
  const folder = await DataFolder.open(data);
  const metadata = await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "synced", mapSizeBytes: 2 ** 38 });
  const blobs = await FileBlobEngine.open({ path: folder.blobsPath, durability: "synced", run: folder.run });
  const store = await openUncheckedStore({ metadata, blobs });
  await checkNames(store);
  await blobs.close();
  await metadata.close();
  folder.close();
}

/** What is killed, in turn: one worker, whose place another takes; the primary, as somebody with `kill -9` does; or all, as in a power cut. */
const VICTIMS = ["a worker", "the primary", "everything"] as const;

/** Kills, and resolves with the server that goes on, and how long a new one took to start, in milliseconds. */
async function crash(server: ServerProcess, data: string, victim: (typeof VICTIMS)[number]): Promise<[ServerProcess, number]> {
  if (victim === "a worker") {
    const workers = answeringProcesses(server.pid);
    process.kill(workers[0]!, "SIGKILL");
    const isReplaced = (): boolean => answeringProcesses(server.pid).filter((pid) => !workers.includes(pid)).length > 0;
    const until = performance.now() + REPLACED_WITHIN_MS;
    while (!isReplaced()) {
      assert.ok(performance.now() < until, `no worker took the place of ${workers[0]}:\n${server.output}`);
      await sleep(POLL_INTERVAL_MS);
    }
    return [server, 0];
  }
  await (victim === "the primary" ? server.killPrimary() : server.kill());
  const startedAt = performance.now();
  return [await ServerProcess.start(data, START), performance.now() - startedAt];
}

test(`PutObject: of ${WRITERS} parallel writers, every acknowledged object and version survives ${CRASHES} kills, and no orphan stays`, async (t) => {
  const data = newFolder(t);
  const expected: Expected = new Map();
  let acknowledged = 0;
  let uploads = 0;
  let versionSteps = 0;
  const startsMs: number[] = [];
  let server = await ServerProcess.start(data, START);
  t.after(() => server.stop());
  await server.client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  const versionWriters = Array.from({ length: VERSION_WRITERS }, (_, writer) => new VersionWriter(`versions-${writer}`));
  for (let round = 0; round < CRASHES; round += 1) {
    const victim = VICTIMS[round % VICTIMS.length]!;
    const over = new AbortController();
    const run: Run = { client: server.client(), expected, signal: over.signal };
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      isUploader(writer) ? uploadUntilCrash(run, writer) : writeUntilCrash(run, writer),
    );
    const changes = versionWriters.map((writer) => writer.run(run.client, run.signal, unanswered));
    await sleep(SHORTEST_RUN_MS + Math.random() * (LONGEST_RUN_MS - SHORTEST_RUN_MS));
    const [next, startMs] = await crash(server, data, victim);
    server = next;
    startsMs.push(startMs);
    over.abort();
    const ended = Promise.all(writers);
    const changed = Promise.all(changes);
    if (victim === "a worker") await Promise.race([Promise.all([ended, changed]), sleep(ANSWERED_AFTER_KILL_MS)]);
    run.client.destroy();
    for (const [writer, count] of (await ended).entries()) {
      acknowledged += count;
      if (isUploader(writer)) uploads += count;
    }
    for (const count of await changed) versionSteps += count;
    const reader = server.client();
    const when = `after kill ${round + 1}, of ${victim}`;
    await check(reader, expected, when, victim === "a worker");
    await Promise.all(versionWriters.map((writer) => writer.check(reader, when, victim === "a worker")));
    reader.destroy();
  }
  assert.equal(await server.stop(), 0);
  await checkFolder(data);
  assert.ok(acknowledged >= CRASHES, `only ${acknowledged} writes were acknowledged`);
  assert.ok(uploads > 0, "no upload was completed");
  assert.ok(versionSteps > 0, "no change of versions was acknowledged");
  const late = startsMs.filter((startMs) => startMs > START_GOAL_MS).length;
  t.diagnostic(
    `${acknowledged} acknowledged writes, ${uploads} of them uploads, and ${versionSteps} changes of versions, over ${CRASHES} kills; slowest start ${Math.max(...startsMs).toFixed(0)} ms, ` +
      `${late} of them later than the goal of ${START_GOAL_MS} ms`,
  );
});
