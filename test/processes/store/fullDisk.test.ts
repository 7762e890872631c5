import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { StorageFullError } from "../../../src/errors/StorageFullError.ts";
import { AccessLog } from "../../../src/server/figures/AccessLog.ts";
import { Reserve } from "../../../src/store/folder/Reserve.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { COLLECT_INTERVAL_MS } from "../../../src/tasks/collect.ts";
import { newFolder } from "../../newFolder.ts";
import { ServerProcess } from "../../serverProcess.ts";
import { noSmallDisk, SmallDisk } from "../../SmallDisk.ts";

const DISK_SIZE_BYTES = 48 * 1024 * 1024;
/** What the tests leave of it for the index. */
const ROOM_BYTES = 4 * 1024 * 1024;
const VALUE_SIZE_BYTES = 1_000;
/** As large as an object in the index may be, about. */
const LARGE_VALUE_SIZE_BYTES = 65_000;

/** An index on a small disk, and what is in it: as many rows as there is room for. */
class FullIndex {
  readonly disk: SmallDisk;
  readonly reserve: Reserve;
  readonly engine: LmdbMetadataEngine;
  readonly keys: string[] = [];

  private constructor(disk: SmallDisk, reserve: Reserve, engine: LmdbMetadataEngine) {
    this.disk = disk;
    this.reserve = reserve;
    this.engine = engine;
  }

  static async fill(t: TestContext, disk: SmallDisk, valueSizeBytes = VALUE_SIZE_BYTES): Promise<FullIndex> {
    const reserve = new Reserve(disk.path, randomBytes);
    assert.equal(reserve.refill(), 0);
    const engine = await LmdbMetadataEngine.open({
      path: join(disk.path, "metadata"),
      durability: "written",
      mapSizeBytes: 2 ** 38,
      reserve,
    });
    const index = new FullIndex(disk, reserve, engine);
    t.after(() => engine.close());
    disk.fill(ROOM_BYTES);
    for (let isFull = false; !isFull;) {
      const some = Array.from({ length: 64 }, (_, count) => `row-${randomBytes(8).toString("hex")}-${count}`);
      const outcomes = await Promise.allSettled(some.map((key) => index.put(key, valueSizeBytes)));
      index.keys.push(...some.filter((_, at) => outcomes[at]!.status === "fulfilled"));
      isFull = outcomes.some(({ status }) => status === "rejected");
    }
    disk.fill();
    return index;
  }

  put(key: string, sizeBytes = VALUE_SIZE_BYTES): Promise<void> {
    return this.#change([key], Buffer.alloc(sizeBytes, key));
  }

  remove(...keys: string[]): Promise<void> {
    return this.#change(keys, undefined);
  }

  has(key: string): boolean {
    return this.engine.read({ keys: [Buffer.from(key)] }).values[0] !== undefined;
  }

  #change(keys: readonly string[], value: Buffer | undefined): Promise<void> {
    const changes = keys.map((key) => ({ key: Buffer.from(key), value }));
    return this.engine.transact({ keys: [] }, () => ({ changes, result: undefined }));
  }
}

test("LmdbMetadataEngine: on a full disk removals succeed beside writes that are refused", { skip: noSmallDisk }, async (t) => {
  const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
  if (disk === undefined) return;
  const index = await FullIndex.fill(t, disk);
  const [first, second, third] = index.keys as [string, string, string];
  const outcomes = await Promise.allSettled([
    index.put("large", 1_000_000),
    index.remove(first),
    index.put("larger", 2_000_000),
    index.put(second),
    index.remove(third),
  ]);
  const statuses = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.constructor : outcome.status));
  assert.deepEqual(statuses, [StorageFullError, "fulfilled", StorageFullError, "fulfilled", "fulfilled"]);
  assert.deepEqual(
    [first, second, third, "large", "larger"].map((key) => index.has(key)),
    [false, true, false, false, false],
  );
});

test(
  "LmdbMetadataEngine: a removal that needs more pages than are free has the reserve, which is made whole again",
  {
    skip: noSmallDisk,
  },
  async (t) => {
    const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
    if (disk === undefined) return;
    const index = await FullIndex.fill(t, disk);
    const scattered = index.keys.filter((_, at) => at % 3 === 0);
    const file = join(disk.path, "metadata", "data.mdb");
    const before = statSync(file).size;
    await index.remove(...scattered);
    assert.ok(scattered.every((key) => !index.has(key)));
    const grownBytes = statSync(file).size - before;
    assert.ok(grownBytes > 0, "the free pages were enough: this test shows nothing");
    // What was given and not used was taken back, but for a block.
    assert.ok(
      index.reserve.missingBytes > 0 && index.reserve.missingBytes <= grownBytes + 8_192,
      `${index.reserve.missingBytes}`,
    );
    assert.equal(index.reserve.leavesRoomFor(1), false);
    // The free pages of the index are reserve as well, so that writes have what is beyond.
    await index.put("written-again");
    disk.release();
    await index.put("written-later");
    assert.equal(index.reserve.missingBytes, 0);
  },
);

test("LmdbMetadataEngine: what one removal has freed on a full disk can be written at once", { skip: noSmallDisk }, async (t) => {
  const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
  if (disk === undefined) return;
  const index = await FullIndex.fill(t, disk, LARGE_VALUE_SIZE_BYTES);
  await assert.rejects(index.put("large", LARGE_VALUE_SIZE_BYTES), StorageFullError);
  await index.remove(...index.keys);
  await index.put("large", LARGE_VALUE_SIZE_BYTES);
  assert.ok(index.has("large"));
});

test(
  "FileBlobEngine: while the reserve lacks something, no blob is begun that would take it",
  { skip: noSmallDisk },
  async (t) => {
    const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
    if (disk === undefined) return;
    const reserve = new Reserve(disk.path, randomBytes);
    reserve.refill();
    const blobs = await FileBlobEngine.open({ path: join(disk.path, "blobs"), durability: "written", run: "run1", reserve });
    disk.fill();
    assert.ok(reserve.giveToCommit());
    await assert.rejects(blobs.create(1), StorageFullError);
    disk.release();
    await (await blobs.create(1)).abort();
    await blobs.close();
  },
);

test("FileBlobEngine: a full disk that refuses folders leaves no marks of them", { skip: noSmallDisk }, async (t) => {
  const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
  if (disk === undefined) return;
  const blobs = await FileBlobEngine.open({ path: join(disk.path, "blobs"), durability: "written", run: "run1" });
  disk.fill();
  if (disk.kind === "tmpfs") return t.skip("tmpfs always has room for a folder");
  for (let count = 0; count < 3; count += 1) await assert.rejects(blobs.create(1), StorageFullError);
  assert.deepEqual(readdirSync(join(disk.path, "blobs", "open")), []);
  disk.release();
  await (await blobs.create(1)).abort();
  await blobs.close();
});

test("Access log: on a full disk it waits, and goes on without a gap once there is room", { skip: noSmallDisk }, async (t) => {
  const disk = SmallDisk.mount(t, DISK_SIZE_BYTES);
  if (disk === undefined) return;
  mkdirSync(join(disk.path, "log"));
  const path = join(disk.path, "log", "access.log");
  const log = new AccessLog(path);
  const write = (requestId: number): void => log.write({ ...ENTRY, requestId: String(requestId), target: "x".repeat(100_000) });
  write(0);
  while ((readIfThere(path).match(/\n/g) ?? []).length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  // The next line is cut in its middle.
  disk.fill(30_000);
  for (let count = 1; count < 20; count += 1) {
    write(count);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  disk.release();
  await log.close();
  const ids = readIfThere(path)
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { requestId: string }).requestId);
  assert.deepEqual(
    ids,
    Array.from({ length: 20 }, (_, count) => String(count)),
  );
});

test("serve: a start, reads and a stop commit nothing", async (t) => {
  const data = newFolder(t);
  const run = async (use: (client: S3Client) => Promise<unknown>): Promise<Buffer> => {
    const server = await ServerProcess.start(data, { args: ["--workers", "2"] });
    const client = server.client();
    await use(client);
    // The collector has looked around meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 2 * COLLECT_INTERVAL_MS));
    client.destroy();
    assert.equal(await server.stop(), 0);
    return readFileSync(join(data, "metadata", "data.mdb"));
  };
  const Bucket = "bucket";
  const before = await run(async (client) => {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: "key", Body: Buffer.alloc(100_000) }));
  });
  const after = await run((client) => client.send(new ListObjectsV2Command({ Bucket })));
  assert.ok(after.equals(before));
});

const ENTRY = {
  time: "2026-03-01T12:00:00.000Z",
  remoteAddress: "127.0.0.1",
  method: "GET",
  operation: "GetObject",
  status: 200,
  errorCode: undefined,
  receivedSizeBytes: 0,
  sentSizeBytes: 3,
  milliseconds: 1.5,
  turnAroundMilliseconds: 0.5,
};

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
