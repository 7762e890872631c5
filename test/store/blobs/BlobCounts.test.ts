import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";

/** More than are looked at between two rests. */
const MANY_BLOBS = 300;
const BLOB_SIZE_BYTES = 3;

const scratch = mkdtempSync(join(tmpdir(), "holdfast-counts-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** An engine beside generations of an earlier run, with so many blobs each. */
async function openBeside(name: string, blobs: readonly number[]): Promise<FileBlobEngine> {
  const path = join(scratch, name);
  for (const [index, count] of blobs.entries()) {
    const folder = join(path, `earlier${index}`);
    mkdirSync(folder, { recursive: true });
    for (let blob = 0; blob < count; blob++)
      writeFileSync(join(folder, blob.toString(16).padStart(3, "0")), Buffer.alloc(BLOB_SIZE_BYTES));
  }
  return FileBlobEngine.open({ path, durability: "written", run: "run2" });
}

const counted = (blobs: number) => ({ blobs, sizeBytes: blobs * BLOB_SIZE_BYTES });
const never = new AbortController().signal;

test("BlobCounts: each blob of each earlier generation is counted once, however many there are", async () => {
  const engine = await openBeside("many", [MANY_BLOBS, 0, 1]);
  assert.deepEqual(engine.statistics(), counted(0));
  assert.equal(await engine.countEarlier(never), true);
  assert.deepEqual(engine.statistics(), counted(MANY_BLOBS + 1));
  await engine.close();
});

test("BlobCounts: an abort amid a generation counts nothing of it, and those before it stay counted", async () => {
  const engine = await openBeside("aborted", [1, MANY_BLOBS]);
  const stop = new AbortController();
  const counting = engine.countEarlier(stop.signal);
  while (engine.statistics().blobs === 0) await new Promise(setImmediate);
  stop.abort();
  assert.equal(await counting, false);
  const { blobs } = engine.statistics();
  assert.ok(blobs === 1 || blobs === MANY_BLOBS, `${blobs} blobs`);
  await engine.remove("earlier0-000");
  await engine.remove("earlier1-000");
  assert.deepEqual(engine.statistics(), counted(blobs - 1));
  await engine.close();
});

test("BlobCounts: whatever goes while its generation is counted is counted out, and none is lost", async () => {
  const engine = await openBeside("removed", [40, 40]);
  const ids = Array.from({ length: 80 }, (_, blob) => `earlier${blob % 2}-${(blob >> 1).toString(16).padStart(3, "0")}`);
  const counting = engine.countEarlier(never);
  const removals = ids.slice(0, 20).map((id) => engine.remove(id));
  for (const id of ids.slice(20, 60)) {
    removals.push(engine.remove(id));
    await new Promise(setImmediate);
  }
  assert.equal(await counting, true);
  await Promise.all(removals);
  assert.deepEqual(engine.statistics(), counted(20));
  for (const id of ids) await engine.remove(id);
  assert.deepEqual(engine.statistics(), counted(0));
  await engine.close();
});

test("BlobCounts: a generation is not counted while a removal from it is under way", async (t) => {
  const engine = await openBeside("racing", [2, 2]);
  const { unlink } = fs;
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  // The system has removed the file, and is slow to say so.
  t.mock.method(fs, "unlink", (path: string) => unlink(path).then(() => gate));
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const counting = engine.countEarlier(never);
  const removals = [0, 1].map((generation) => engine.remove(`earlier${generation}-000`));
  // Time enough to count what is not waited for.
  setTimeout(openGate, 200);
  assert.equal(await counting, true);
  await Promise.all(removals);
  assert.deepEqual(engine.statistics(), counted(2));
  await engine.close();
});
