import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import type { BlobEngine, BlobId } from "../../../src/store/blobs/BlobEngine.ts";
import { BlobDamagedError } from "../../../src/store/blobs/BlobEngine.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { ClassedBlobEngine } from "../../../src/store/blobs/folders/ClassedBlobEngine.ts";
import { MemoryBlobEngine } from "../../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { newFolder } from "../../newFolder.ts";
import { blobEngineSuite, collectIds, getBlob, patternBytes, putBlob } from "./blobs.suite.ts";

const TAG = "cold0001";

/** An engine whose blobs all go into the folder of a class, whatever is said of them. */
class AlwaysCold extends ClassedBlobEngine {
  override create(expectedSizeBytes: number): ReturnType<BlobEngine["create"]> {
    return super.create(expectedSizeBytes, "GLACIER");
  }
}

function engines(Kind: typeof ClassedBlobEngine = ClassedBlobEngine) {
  const main = new MemoryBlobEngine();
  const cold = new MemoryBlobEngine();
  const both = new Kind(main, [{ tag: TAG, classes: ["GLACIER", "DEEP_ARCHIVE"], engine: cold }]);
  return { main, cold, both };
}

blobEngineSuite("classes, in the main place", async () => engines().both);
blobEngineSuite("classes, in a folder", async () => engines(AlwaysCold).both);

async function putAs(engine: BlobEngine, bytes: Buffer, storageClass: string): Promise<BlobId> {
  const writer = await engine.create(bytes.length, storageClass);
  assert.equal((await writer.finish()).id, writer.id);
  return writer.id;
}

test("ClassedBlobEngine: a class with a folder has its blobs there, and an id says so", async () => {
  const { main, cold, both } = engines();
  const standard = await putAs(both, patternBytes(0), "STANDARD");
  const glacier = await putAs(both, patternBytes(0), "GLACIER");
  const unsaid = await putBlob(both, patternBytes(10));
  assert.deepEqual(await collectIds(main.suspects({ all: true })), [standard, unsaid]);
  assert.ok(glacier.startsWith(`-${TAG}-`));
  assert.equal((await collectIds(cold.suspects({ all: true }))).length, 1);
  assert.deepEqual(await collectIds(both.suspects({ all: true })), [standard, unsaid, glacier]);
  const placed = ["STANDARD", "GLACIER", "DEEP_ARCHIVE"].map((name) => [
    both.isPlacedFor(standard, name),
    both.isPlacedFor(glacier, name),
  ]);
  assert.deepEqual(placed, [
    [true, false],
    [false, true],
    [false, true],
  ]);
  assert.deepEqual(await both.statistics(), { blobs: 3, sizeBytes: 10 });
  await both.remove(glacier);
  assert.deepEqual(await collectIds(cold.suspects({ all: true })), []);
});

test("ClassedBlobEngine: a blob of a folder that is not open is damage, and never another one's bytes", async () => {
  const { main, both } = engines();
  const id = await putBlob(main, patternBytes(10));
  const elsewhere = `-other001-${id}`;
  const isNamed = (error: unknown): boolean => error instanceof BlobDamagedError && error.blobId === elsewhere;
  await assert.rejects(both.open(elsewhere, 0, 10), isNamed);
  await assert.rejects(both.verify(elsewhere), isNamed);
  await assert.rejects(both.remove(elsewhere), isNamed);
});

test("ClassedBlobEngine: damage in a folder is told under the id that records name", async () => {
  const { both } = engines();
  const missing = `-${TAG}-000000000099`;
  await assert.rejects(both.verify(missing), (error: unknown) => {
    return error instanceof BlobDamagedError && error.blobId === missing && error.message.startsWith(`blob ${missing}: `);
  });
});

test("ClassedBlobEngine: ids of files in folders have 32 characters at most, and suspects of all folders are judged", async (t) => {
  const path = newFolder(t);
  const open = (run: string) =>
    Promise.all(["main", "cold"].map((name) => FileBlobEngine.open({ path: join(path, name), durability: "written", run }))).then(
      ([main, cold]) => new ClassedBlobEngine(main!, [{ tag: TAG, classes: ["GLACIER"], engine: cold! }]),
    );
  const before = await open("run1");
  const ids = [await putBlob(before, patternBytes(5)), await putAs(before, patternBytes(0), "GLACIER")];
  for (const id of ids) assert.match(id, /^[a-z0-9-]{1,32}$/);
  const engine = await open("run2");
  assert.deepEqual(await collectIds(engine.suspects()), ids);
  await engine.suspectsJudged();
  assert.deepEqual(await collectIds(engine.suspects()), []);
  assert.equal(await engine.countEarlier(AbortSignal.timeout(5_000)), true);
  assert.equal((await engine.statistics()).blobs, 2);
  assert.deepEqual(await getBlob(engine, ids[0]!, 0, 5), patternBytes(5));
  await engine.close();
  await before.close();
});
