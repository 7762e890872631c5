import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { ServerProcess } from "../serverProcess.ts";
import { noSmallDisk, SmallDisk } from "../SmallDisk.ts";

const DISK_SIZE_BYTES = 64 * 1024 * 1024;
/** What the disk has room for, about. */
const ROOM_OBJECTS = 800;
const WRITERS = 8;
/** Read by a check, of all that are listed. */
const SAMPLE_OBJECTS = 100;
/** So many refusals in a row, and a writer takes the disk for full. */
const REFUSALS = 12;
const DELETED_AT_ONCE = 100;
/** The collector's grace for readers, and time enough for its rounds. */
const ROOM_WITHIN_MS = 60_000;
const WORKERS = ["--workers", "2"];
const BUCKET = "full";

/** A server on a disk of its own, with what it has acknowledged. */
class Store {
  readonly kept = new Set<string>();
  readonly refused = new Set<string>();
  readonly #data: string;
  readonly #sizeBytes: number;
  #server: ServerProcess;
  #client: S3Client;
  #isRunning = true;
  #written = 0;

  private constructor(data: string, sizeBytes: number, server: ServerProcess) {
    this.#data = data;
    this.#sizeBytes = sizeBytes;
    this.#server = server;
    this.#client = server.client();
  }

  static async start(data: string, sizeBytes: number): Promise<Store> {
    return new Store(data, sizeBytes, await ServerProcess.start(data, { args: WORKERS }));
  }

  get client(): S3Client {
    return this.#client;
  }

  async stop(): Promise<void> {
    this.#client.destroy();
    this.#isRunning = false;
    assert.equal(await this.#server.stop(), 0, this.#server.output);
  }

  /** Kills the server, unless it was stopped. */
  async kill(): Promise<void> {
    if (!this.#isRunning) return;
    this.#client.destroy();
    this.#isRunning = false;
    await this.#server.kill();
  }

  async startAgain(): Promise<void> {
    this.#server = await ServerProcess.start(this.#data, { args: WORKERS });
    this.#isRunning = true;
    this.#client = this.#server.client();
  }

  /** Puts one more object; resolves with whether there was room, and knows no other refusal. */
  async put(): Promise<boolean> {
    const key = `object-${String(this.#written++).padStart(6, "0")}`;
    try {
      await this.#client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: this.#bodyOf(key) }));
      this.kept.add(key);
      return true;
    } catch (error) {
      assert.ok(error instanceof S3ServiceException, String(error));
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], ["ServiceUnavailable", 503]);
      this.refused.add(key);
      return false;
    }
  }

  /** Puts objects until there is no room for any. */
  async fill(): Promise<void> {
    const write = async (): Promise<void> => {
      for (let refusals = 0; refusals < REFUSALS;) refusals = (await this.put()) ? 0 : refusals + 1;
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
  }

  async delete(count: number): Promise<void> {
    for (const key of [...this.kept].slice(0, count)) {
      await this.#client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
      this.kept.delete(key);
    }
  }

  async deleteTogether(count: number): Promise<void> {
    const keys = [...this.kept].slice(-count);
    const Objects = keys.map((Key) => ({ Key }));
    const { Errors } = await this.#client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    assert.deepEqual(Errors ?? [], []);
    for (const key of keys) this.kept.delete(key);
  }

  /** Every object that was acknowledged is there, those that are read are whole, and nothing else is there. */
  async check(): Promise<void> {
    const listed: string[] = [];
    for (let token: string | undefined, more = true; more; more = token !== undefined) {
      const page = await this.#client.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }));
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      token = page.NextContinuationToken;
    }
    assert.deepEqual(listed, [...this.kept].toSorted());
    const step = Math.ceil(listed.length / SAMPLE_OBJECTS);
    const left = listed.filter((_, index) => index % step === 0);
    const read = async (): Promise<void> => {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
        assert.ok(this.#bodyOf(key).equals(await Body!.transformToByteArray()), `${key} is not what was put`);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, read));
    const { ContentLength } = await this.#client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: listed[0]! }));
    assert.equal(ContentLength, this.#sizeBytes);
  }

  /** Resolves once writes are taken again. */
  async untilRoom(): Promise<void> {
    const deadlineMs = performance.now() + ROOM_WITHIN_MS;
    while (!(await this.put())) {
      assert.ok(performance.now() < deadlineMs, "there is still no room");
      await sleep(500);
    }
  }

  #bodyOf(key: string): Buffer {
    return Buffer.alloc(this.#sizeBytes, key);
  }
}

/** An upload with a part, and a bucket without objects: both are to go from a full disk. */
async function begin(client: S3Client): Promise<string> {
  for (const Bucket of [BUCKET, "empty"]) await client.send(new CreateBucketCommand({ Bucket }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: "upload" }));
  const part = { Bucket: BUCKET, Key: "upload", UploadId, PartNumber: 1 };
  await client.send(new UploadPartCommand({ ...part, Body: Buffer.alloc(1024 * 1024) }));
  return UploadId!;
}

for (const [what, sizeBytes] of [
  ["tiny objects", 1_000],
  ["small objects", 30_000],
  ["blobs", 1024 * 1024],
] as const) {
  test(
    `Full disk: with ${what} it reads, deletes, stops, starts, and writes again once there is room`,
    { skip: noSmallDisk },
    async (t) => {
      const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
      if (disk === undefined) return;
      const store = await Store.start(join(disk.path, "data"), sizeBytes);
      t.after(() => store.kill());
      const UploadId = await begin(store.client);
      disk.fill(ROOM_OBJECTS * sizeBytes);
      await store.fill();
      disk.fill();
      t.diagnostic(`${disk.kind}: ${store.kept.size} objects, ${disk.freeBytes} bytes free`);
      await store.check();

      // Whatever was full is so for the next start.
      await store.stop();
      disk.fill();
      await store.startAgain();
      await store.check();
      assert.equal(await store.put(), false);

      await store.kill();
      disk.fill();
      await store.startAgain();
      await store.check();
      await store.delete(2);
      await store.client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: "upload", UploadId }));
      await store.client.send(new DeleteBucketCommand({ Bucket: "empty" }));
      await store.deleteTogether(Math.min(DELETED_AT_ONCE, store.kept.size >> 1));
      await store.check();

      await store.untilRoom();
      await store.fill();
      await store.check();
      await store.kill();
      await store.startAgain();
      await store.check();
      await store.delete(1);
      disk.release();
      await store.untilRoom();
      await store.check();
      await store.stop();
    },
  );
}
