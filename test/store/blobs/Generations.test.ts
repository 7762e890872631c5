import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { BlobId } from "../../../src/store/blobs/BlobEngine.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { BLOBS_PER_GENERATION, Generations, SETTLING_TIME_MS } from "../../../src/store/blobs/files/Generations.ts";
import { StorageFullError } from "../../../src/errors/StorageFullError.ts";
import { openFilesBelow } from "../openFiles.ts";
import { collectIds, patternBytes, putBlob } from "./blobs.suite.ts";

const NOW_MS = 1_800_000_000_000;
/** Folders are looked at when blobs went from so many. */
const SWEEP_AFTER_GENERATIONS = 16;

const scratch = mkdtempSync(join(tmpdir(), "holdfast-generations-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => join(scratch, String(folders++));

const openEngine = (path: string, run = "run1"): Promise<FileBlobEngine> =>
  FileBlobEngine.open({ path, durability: "written", run, clock: () => NOW_MS });

const generationOf = (id: BlobId): string => id.split("-")[0]!;
const numberOf = (id: BlobId): string => id.split("-")[1]!;
const marksIn = (path: string): string[] => readdirSync(join(path, "open")).toSorted();

/** Gives out places of the present generation, and each is given up at once. */
async function useUp(generations: Generations, count: number): Promise<string> {
  let generation = "";
  for (let used = 0; used < count; used++) {
    const place = await generations.allocate();
    assert.ok(used === 0 || generationOf(place.id) === generation);
    generation = generationOf(place.id);
    place.ended();
  }
  return generation;
}

test("Generations: a full one loses its mark once it has settled, and its folder with its last blob", async () => {
  const path = newFolder();
  let nowMs = NOW_MS;
  const generations = await Generations.open({ path, durability: "written", run: "run1", clock: () => nowMs });
  const first = await generations.allocate();
  writeFileSync(first.path, "a blob");
  const generation = generationOf(first.id);
  assert.equal(await useUp(generations, BLOBS_PER_GENERATION - 1), generation);
  // It rests from the end of the last one on.
  nowMs += SETTLING_TIME_MS;
  first.ended();
  nowMs += SETTLING_TIME_MS;
  const second = await useUp(generations, BLOBS_PER_GENERATION);
  assert.notEqual(second, generation);
  assert.deepEqual(marksIn(path), [`${generation}.run1`, `${second}.run1`].toSorted(), "a commit may still be on its way");
  nowMs += 1;
  const third = await useUp(generations, 1);
  assert.deepEqual(marksIn(path), [`${second}.run1`, `${third}.run1`].toSorted());
  await generations.sweep([generation]);
  assert.ok(existsSync(first.path));
  rmSync(first.path);
  await generations.sweep([generation]);
  assert.equal(existsSync(join(path, generation)), false);
  await generations.close();
  assert.deepEqual(readdirSync(path), ["open"]);
  assert.deepEqual(marksIn(path), []);
});

test("Generations: a full one in which a blob is still written is not settled, however long that takes", async () => {
  const path = newFolder();
  let nowMs = NOW_MS;
  const generations = await Generations.open({ path, durability: "written", run: "run1", clock: () => nowMs });
  const place = await generations.allocate();
  await useUp(generations, BLOBS_PER_GENERATION - 1);
  nowMs += 2 * SETTLING_TIME_MS;
  await useUp(generations, BLOBS_PER_GENERATION);
  assert.ok(marksIn(path).includes(`${generationOf(place.id)}.run1`));
  place.ended();
  nowMs += 2 * SETTLING_TIME_MS;
  await useUp(generations, 1);
  assert.ok(!marksIn(path).includes(`${generationOf(place.id)}.run1`));
  await generations.close();
});

test("FileBlobEngine: processes and runs that begin in one moment fill generations of their own, each marked once", async () => {
  const path = newFolder();
  const engines = await Promise.all(["run1", "run1", "run2"].map((run) => openEngine(path, run)));
  const generations: string[] = [];
  for (const engine of engines) generations.push(generationOf(await putBlob(engine, patternBytes(10))));
  assert.equal(new Set(generations).size, 3);
  assert.deepEqual(marksIn(path), ["run1", "run1", "run2"].map((run, index) => `${generations[index]}.${run}`).toSorted());
  for (const engine of engines) await engine.close();
  assert.deepEqual(marksIn(path), []);
});

test("FileBlobEngine: blobs are numbered in three hexadecimal digits, from the first one on", async () => {
  const engine = await openEngine(newFolder());
  const numbers: string[] = [];
  for (let count = 0; count < 18; count++) numbers.push(numberOf(await putBlob(engine, patternBytes(1))));
  assert.deepEqual([numbers[0], numbers[9], numbers[10], numbers[17]], ["000", "009", "00a", "011"]);
  await engine.close();
});

test("FileBlobEngine: a name that is nearly a blob's removes nothing and reads nothing", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const id = await putBlob(engine, patternBytes(10));
  for (const near of [`${id}0`, `x/${id}`, ` ${id}`, id.toUpperCase(), `${id}/`]) {
    await engine.remove(near);
    await assert.rejects(engine.verify(near), { name: "BlobDamagedError", message: /no blob of this engine has such a name$/ });
  }
  assert.equal(await engine.verify(id), 10);
  await engine.close();
});

test("FileBlobEngine: files of others beside the blobs are no blobs, are not counted, and stay", async () => {
  const path = newFolder();
  const earlier = await openEngine(path);
  const id = await putBlob(earlier, patternBytes(10));
  await earlier.close();
  const strangers = [
    "notes",
    join("open", "README"),
    join("open", "a.b.c"),
    join(generationOf(id), "000.tmp"),
    join(generationOf(id), "0000"),
  ];
  for (const name of strangers) writeFileSync(join(path, name), "not ours");
  const engine = await openEngine(path, "run2");
  assert.deepEqual(await collectIds(engine.suspects()), []);
  assert.deepEqual(await collectIds(engine.suspects({ all: true })), [id]);
  assert.equal(await engine.countEarlier(new AbortController().signal), true);
  assert.deepEqual(engine.statistics(), { blobs: 1, sizeBytes: 46 });
  await engine.suspectsJudged();
  for (const name of strangers) assert.ok(existsSync(join(path, name)), name);
  await engine.close();
});

test("FileBlobEngine: a start that judges before anything is written can be written to", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  await engine.suspectsJudged();
  assert.equal(await engine.verify(await putBlob(engine, patternBytes(10))), 10);
  await engine.close();
});

test("FileBlobEngine: a generation that is empty, but still filled by another process, stays", async () => {
  const path = newFolder();
  const [engine, sibling] = [await openEngine(path), await openEngine(path)];
  const writer = await sibling.create(10);
  await writer.abort();
  await engine.suspectsJudged();
  const next = await putBlob(sibling, patternBytes(10));
  assert.equal(generationOf(next), generationOf(writer.id));
  assert.equal(await engine.verify(next), 10);
  for (const one of [engine, sibling]) await one.close();
});

test("FileBlobEngine: a mark whose generation was never made has no suspects, and goes once they are judged", async () => {
  const path = newFolder();
  mkdirSync(join(path, "open"), { recursive: true });
  writeFileSync(join(path, "open", "abc.run0"), "");
  const engine = await openEngine(path);
  assert.deepEqual(await collectIds(engine.suspects()), []);
  await engine.suspectsJudged();
  assert.deepEqual(marksIn(path), []);
  await engine.close();
});

test("FileBlobEngine: what keeps a generation from being read is an error, not an end of suspects", async () => {
  const path = newFolder();
  mkdirSync(join(path, "open"), { recursive: true });
  writeFileSync(join(path, "open", "abc.run0"), "");
  writeFileSync(join(path, "abc"), "a file where a folder was");
  const engine = await openEngine(path);
  await assert.rejects(collectIds(engine.suspects()), { code: "ENOTDIR" });
  await engine.close();
});

test("FileBlobEngine: what keeps a blob from being removed is an error, and it stays counted", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const id = await putBlob(engine, patternBytes(10));
  rmSync(join(path, generationOf(id)), { recursive: true });
  writeFileSync(join(path, generationOf(id)), "a file where a folder was");
  await assert.rejects(engine.remove(id), { code: "ENOTDIR" });
  assert.deepEqual(engine.statistics(), { blobs: 1, sizeBytes: 46 });
  rmSync(join(path, generationOf(id)));
  await engine.close();
});

test("FileBlobEngine: a folder that is gone under it is an error for every write", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  rmSync(path, { recursive: true });
  for (let time = 0; time < 2; time++) await assert.rejects(engine.create(10), { code: "ENOENT" });
});

test("FileBlobEngine: a file in a blob's place is not written over, and does not keep its generation marked", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  const generation = generationOf(await putBlob(engine, patternBytes(10)));
  writeFileSync(join(path, generation, "001"), "here already");
  await assert.rejects(engine.create(10), { code: "EEXIST" });
  assert.equal(numberOf(await putBlob(engine, patternBytes(10))), "002");
  await engine.close();
  assert.deepEqual(marksIn(path), []);
});

test("FileBlobEngine: a blob for which the reserve leaves no room is refused before anything is made", async () => {
  const path = newFolder();
  const reserve = { leavesRoomFor: (sizeBytes: number): boolean => sizeBytes <= 100 };
  const engine = await FileBlobEngine.open({ path, durability: "written", run: "run1", reserve });
  await assert.rejects(engine.create(101), (error) => error instanceof StorageFullError && error.place === path);
  assert.deepEqual(readdirSync(path), ["open"]);
  assert.equal(await engine.verify(await putBlob(engine, patternBytes(100))), 100);
  await engine.close();
});

test("FileBlobEngine: folders that were emptied go while it runs, once there are many, and at its end those that are left", async () => {
  const path = newFolder();
  const ids: BlobId[] = [];
  for (let count = 0; count <= SWEEP_AFTER_GENERATIONS; count++) {
    const earlier = await openEngine(path);
    ids.push(await putBlob(earlier, patternBytes(1)));
    await earlier.close();
  }
  const left = (): number => readdirSync(path).length - ["open"].length;
  const engine = await openEngine(path, "run2");
  for (const id of ids.slice(0, SWEEP_AFTER_GENERATIONS - 1)) await engine.remove(id);
  assert.equal(left(), SWEEP_AFTER_GENERATIONS + 1);
  await engine.remove(ids.at(-2)!);
  assert.equal(left(), 1);
  await engine.remove(ids.at(-1)!);
  assert.equal(left(), 1);
  await engine.close();
  assert.equal(left(), 0);
});

test("FileBlobEngine: a closed engine has no file open", async () => {
  const path = newFolder();
  const engine = await openEngine(path);
  await putBlob(engine, patternBytes(10));
  // Written again at its front, for another size was forecast.
  const writer = await engine.create(10);
  await writer.write(patternBytes(20));
  await writer.finish();
  await engine.close();
  assert.deepEqual(openFilesBelow(path), []);
});
