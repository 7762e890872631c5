import assert from "node:assert/strict";
import {
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  renameSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { BlobId } from "../../../src/store/blobs/BlobEngine.ts";
import { BlobDamagedError } from "../../../src/store/blobs/BlobEngine.ts";
import { ChunkBuffer } from "../../../src/store/blobs/files/ChunkBuffers.ts";
import { DIRECT_BLOCK_SIZE_BYTES, DIRECT_MIN_SIZE_BYTES } from "../../../src/store/blobs/files/directWrites.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { FolderSync } from "../../../src/store/blobs/files/FolderSync.ts";
import type { Durability } from "../../../src/store/durability.ts";
import { lentBytes } from "../../../src/protocol/Payload.ts";
import { blobEngineSuite, collectIds, getBlob, patternBytes, putBlob } from "./blobs.suite.ts";

/** A chunk, and a block for what stands before it. */
const SMALLEST_BUFFER_SIZE_BYTES = 262_144 + 4096;

const folder = mkdtempSync(join(tmpdir(), "holdfast-blobs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  return join(folder, String(folders++));
}

function openEngine(path: string, run = "run1", durability: Durability = "written"): Promise<FileBlobEngine> {
  return FileBlobEngine.open({ path, durability, run });
}

function fileOf(path: string, id: BlobId): string {
  return join(path, ...id.split("-"));
}

blobEngineSuite("files, written", () => openEngine(newFolder()));
blobEngineSuite("files, synced", () => openEngine(newFolder(), "run1", "synced"));

test("FileBlobEngine: a large synced blob has the file of a written one, wherever it ends", async () => {
  const path = newFolder();
  const [synced, written] = [await openEngine(path, "run1", "synced"), await openEngine(newFolder())];
  for (const beyondBlock of [-1, 0, 1, DIRECT_BLOCK_SIZE_BYTES / 2]) {
    // A file of so many chunks ends at a block, or so many bytes beyond it.
    const chunks = 5;
    const fileSizeBytes = DIRECT_MIN_SIZE_BYTES + 16 * DIRECT_BLOCK_SIZE_BYTES + beyondBlock;
    const bytes = patternBytes(fileSizeBytes - 32 - 4 * chunks);
    const id = await putBlob(synced, bytes);
    assert.equal(statSync(fileOf(path, id)).size, fileSizeBytes);
    assert.equal(await synced.verify(id), bytes.length);
    assert.ok((await getBlob(synced, id, 0, bytes.length)).equals(bytes));
    assert.equal(await written.verify(await putBlob(written, bytes)), bytes.length);
  }
  await Promise.all([synced.close(), written.close()]);
});

test("FileBlobEngine: a blob whose file fills the last buffer is whole", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  // A header, two chunks and their checksums.
  const sizeBytes = SMALLEST_BUFFER_SIZE_BYTES - 32 - 2 * 4;
  const id = await putBlob(engine, patternBytes(sizeBytes));
  assert.equal(statSync(fileOf(path, id)).size, SMALLEST_BUFFER_SIZE_BYTES);
  assert.equal(await engine.verify(id), sizeBytes);
  await engine.close();
});

test("FileBlobEngine: a large synced blob that is given up amid a write leaves nothing", async () => {
  const path = newFolder();
  const engine = await openEngine(path, "run1", "synced");
  const writer = await engine.create(16 * DIRECT_MIN_SIZE_BYTES);
  for (let piece = 0; piece < 5; piece++) await writer.write(patternBytes(DIRECT_MIN_SIZE_BYTES));
  await writer.abort();
  assert.equal(existsSync(fileOf(path, writer.id)), false);
  await engine.close();
});

test("ChunkBuffer: its memory begins a page, so that direct writes take it", async (context) => {
  const file = await open(newFolder(), constants.O_WRONLY | constants.O_CREAT | (constants.O_DIRECT ?? 0)).catch(() => undefined);
  if (file === undefined || constants.O_DIRECT === undefined) return context.skip("there are no direct writes here");
  for (const sizeBytes of [DIRECT_BLOCK_SIZE_BYTES, 128 * DIRECT_BLOCK_SIZE_BYTES]) {
    const { bytes } = new ChunkBuffer(sizeBytes);
    assert.equal((await file.write(bytes, 0, sizeBytes, 0)).bytesWritten, sizeBytes);
  }
  await file.close();
});

test("FileBlobEngine: only its owner may read a blob's file and folders", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const id = await putBlob(engine, patternBytes(10));
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(path, id.split("-")[0]!)).mode & 0o777, 0o700);
  assert.equal(statSync(fileOf(path, id)).mode & 0o777, 0o600);
  await engine.close();
});

test("FileBlobEngine: any flipped byte of a file is found by reading and by verifying", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const sizeBytes = 300;
  const id = await putBlob(engine, patternBytes(sizeBytes));
  const whole = readFileSync(fileOf(path, id));
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(fileOf(path, id), damaged);
    await assert.rejects(getBlob(engine, id, 0, sizeBytes), BlobDamagedError, `byte ${at} on read`);
    await assert.rejects(engine.verify(id), BlobDamagedError, `byte ${at} on verify`);
  }
  writeFileSync(fileOf(path, id), whole);
  assert.equal(await engine.verify(id), sizeBytes);
  await engine.close();
});

test("FileBlobEngine: damage in a later chunk ends the read before a wrong byte is yielded", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const bytes = patternBytes(1024 * 1024);
  const id = await putBlob(engine, bytes);
  const damaged = readFileSync(fileOf(path, id));
  damaged[600_000]! ^= 1;
  writeFileSync(fileOf(path, id), damaged);
  let read = 0;
  await assert.rejects(async () => {
    for await (const chunk of await engine.open(id, 0, bytes.length)) {
      assert.ok(lentBytes(chunk).equals(bytes.subarray(read, read + chunk.length)));
      read += chunk.length;
    }
  }, BlobDamagedError);
  // The damage is in chunk 2, which is read together with chunk 1.
  assert.equal(read, 262_144);
  assert.deepEqual(await getBlob(engine, id, 0, 100), bytes.subarray(0, 100));
  await engine.close();
});

test("FileBlobEngine: a cut, a grown, a swapped and a missing file are damage", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const sizeBytes = 600_000;
  const [cut, grown, first, second] = [
    await putBlob(engine, patternBytes(sizeBytes, 1)),
    await putBlob(engine, patternBytes(sizeBytes, 2)),
    await putBlob(engine, patternBytes(sizeBytes, 3)),
    await putBlob(engine, patternBytes(sizeBytes, 4)),
  ];
  for (const left of [599_999, 262_144, 32, 31, 0]) {
    truncateSync(fileOf(path, cut), left);
    await assert.rejects(getBlob(engine, cut, 0, sizeBytes), BlobDamagedError);
    await assert.rejects(engine.verify(cut), BlobDamagedError);
  }
  writeFileSync(fileOf(path, grown), Buffer.alloc(1), { flag: "a" });
  await assert.rejects(engine.verify(grown), BlobDamagedError);
  copyFileSync(fileOf(path, first), fileOf(path, second));
  await assert.rejects(getBlob(engine, second, 0, sizeBytes), BlobDamagedError);
  rmSync(fileOf(path, first));
  await assert.rejects(engine.verify(first), BlobDamagedError);
  await engine.close();
});

test("FileBlobEngine: whole chunks in each other's place are damage", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const id = await putBlob(engine, patternBytes(2 * 262_144));
  const whole = readFileSync(fileOf(path, id));
  const stored = 262_144 + 4;
  writeFileSync(
    fileOf(path, id),
    Buffer.concat([whole.subarray(0, 32), whole.subarray(32 + stored), whole.subarray(32, 32 + stored)]),
  );
  await assert.rejects(getBlob(engine, id, 0, 1), BlobDamagedError);
  await assert.rejects(engine.verify(id), BlobDamagedError);
  await engine.close();
});

test("FileBlobEngine: several processes share a folder without meeting", async () => {
  const path = newFolder();
  const engines = await Promise.all([1, 2, 3].map(() => openEngine(path)));
  const ids = await Promise.all(
    engines.flatMap((engine) => [1, 2, 3, 4].map((seed) => putBlob(engine, patternBytes(100, seed)))),
  );
  assert.equal(new Set(ids).size, 12);
  for (const id of ids) assert.equal(await engines[0]!.verify(id), 100);
  // Each counts what came and went through it.
  assert.deepEqual(
    engines.map((engine) => engine.statistics()),
    engines.map(() => ({ blobs: 4, sizeBytes: 4 * 136 })),
  );
  for (const engine of engines) await engine.close();
});

test("FileBlobEngine: a run that ended cleanly leaves no suspects, one that was cut short leaves its own", async () => {
  const path = newFolder();
  const first = await openEngine(path, "run1");
  const settled = await putBlob(first, patternBytes(10));
  await first.close();
  const second = await openEngine(path, "run2");
  const doubtful = await putBlob(second, patternBytes(20));
  const unfinished = await second.create(100);
  await unfinished.write(patternBytes(50));
  // The second run ends here, without a word.
  const third = await openEngine(path, "run3");
  const sibling = await openEngine(path, "run3");
  await putBlob(sibling, patternBytes(30));
  const suspects = await collectIds(third.suspects());
  assert.equal(suspects.length, 2);
  assert.ok(suspects.includes(doubtful) && !suspects.includes(settled));
  await third.suspectsJudged();
  assert.deepEqual(await collectIds(third.suspects()), []);
  assert.equal((await collectIds(third.suspects({ all: true }))).length, 4);
  assert.equal(readdirSync(join(path, "open")).length, 1, "the sibling still fills its generation");
  await third.close();
  await sibling.close();
  await unfinished.abort();
  await second.close();
});

test("FileBlobEngine: a folder emptied by a run that was cut short goes at the next start, and none that is filled", async () => {
  const path = newFolder();
  const first = await openEngine(path, "run1");
  const id = await putBlob(first, patternBytes(10));
  await first.close();
  // Cut short: it is never closed.
  const second = await openEngine(path, "run2");
  await second.remove(id);
  const generation = id.split("-")[0]!;
  assert.ok(existsSync(join(path, generation)));
  const third = await openEngine(path, "run3");
  const sibling = await openEngine(path, "run3");
  const writer = await sibling.create(10);
  await third.suspectsJudged();
  assert.equal(existsSync(join(path, generation)), false);
  assert.ok(existsSync(join(path, writer.id.split("-")[0]!)));
  await writer.abort();
  await sibling.close();
  await third.close();
});

test("FileBlobEngine: a blob that is still written when the engine closes stays suspect, and is found by the next run", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const kept = await putBlob(engine, patternBytes(10));
  const writer = await engine.create(10);
  await writer.write(patternBytes(10));
  await engine.close();
  assert.equal((await writer.finish()).id, writer.id);
  const next = await openEngine(path, "run2");
  assert.deepEqual((await collectIds(next.suspects())).toSorted(), [kept, writer.id].toSorted());
  assert.equal(await next.verify(writer.id), 10);
  await next.close();
});

test("FileBlobEngine: blobs of earlier runs are counted once, beside what comes and goes", async () => {
  const path = newFolder();
  const earlier = await openEngine(path);
  const [kept, removed, removedLater] = [
    await putBlob(earlier, patternBytes(100)),
    await putBlob(earlier, patternBytes(100)),
    await putBlob(earlier, patternBytes(100)),
  ];
  await earlier.close();
  const [engine, other] = [await openEngine(path, "run2"), await openEngine(path, "run2")];
  await putBlob(other, patternBytes(100));
  const own = await putBlob(engine, patternBytes(200));
  const counting = engine.countEarlier(new AbortController().signal);
  // What goes while it is being counted is not counted, or is taken off.
  await engine.remove(removed);
  await engine.remove(own);
  assert.equal(await counting, true);
  assert.deepEqual(engine.statistics(), { blobs: 2, sizeBytes: 2 * 136 });
  await engine.remove(removedLater);
  await engine.remove(removedLater);
  assert.deepEqual(engine.statistics(), { blobs: 1, sizeBytes: 136 });
  assert.deepEqual(other.statistics(), { blobs: 1, sizeBytes: 136 });
  assert.equal(await engine.verify(kept), 100);
  for (const one of [engine, other]) await one.close();
});

test("FileBlobEngine: what cannot be counted can be removed", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const id = await putBlob(engine, patternBytes(100));
  renameSync(path, `${path}-away`);
  await assert.rejects(engine.countEarlier(new AbortController().signal), { code: "ENOENT" });
  renameSync(`${path}-away`, path);
  await engine.remove(id);
  assert.deepEqual(engine.statistics(), { blobs: 0, sizeBytes: 0 });
  await engine.close();
});

test("FileBlobEngine: counting ends early when it is told to, and what was not counted is never missed", async () => {
  const path = newFolder();
  const earlier = await openEngine(path);
  const id = await putBlob(earlier, patternBytes(100));
  await earlier.close();
  const engine = await openEngine(path, "run2");
  assert.equal(await engine.countEarlier(AbortSignal.abort()), false);
  await engine.remove(id);
  assert.deepEqual(engine.statistics(), { blobs: 0, sizeBytes: 0 });
  await engine.close();
});

test("FolderSync: who asks while a sync runs gets the next one, shared", async () => {
  const running: (() => void)[] = [];
  const folderSync = new FolderSync(() => new Promise((resolve) => running.push(resolve)));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const first = folderSync.synced();
  await turn();
  const [second, third] = [folderSync.synced(), folderSync.synced()];
  await turn();
  assert.equal(running.length, 1, "the second sync waits for the first");
  running[0]!();
  await first;
  await turn();
  assert.equal(running.length, 2);
  running[1]!();
  await Promise.all([second, third]);
  assert.equal(running.length, 2, "two askers, one sync");
});

test("FolderSync: a failed sync fails those it was for, not those after", async () => {
  let failing = true;
  const folderSync = new FolderSync(async () => {
    if (failing) throw new Error("the disk is broken");
  });
  await assert.rejects(folderSync.synced(), /broken/);
  failing = false;
  await folderSync.synced();
});
