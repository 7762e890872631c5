import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findIndexProblem } from "../../../src/store/metadata/lmdb/indexFile.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { commit, openUncheckedStore } from "../testStore.ts";

const PAGE_SIZE_BYTES = 4096;
const SMALL_SIZE_BYTES = 500;
const LARGE_SIZE_BYTES = 20_000;
const ROWS = 150;
const KEPT_ROWS = 20;

const scratch = mkdtempSync(join(tmpdir(), "holdfast-index-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A closed index of some hundred pages, in a folder of this name; `free`: with the latest rows removed again. */
async function filledIndex(name: string, { free }: { readonly free: boolean }): Promise<string> {
  const path = join(scratch, name);
  const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
  const store = await openUncheckedStore({ metadata });
  const keys = Array.from({ length: ROWS }, (_, index) => Buffer.from(`row-${index}`));
  // Every second row lies in pages of its own.
  const rows = keys.map((key, index) => ({ key, value: Buffer.alloc(index % 2 === 0 ? SMALL_SIZE_BYTES : LARGE_SIZE_BYTES) }));
  await commit(store, rows.slice(0, KEPT_ROWS));
  await commit(store, rows.slice(KEPT_ROWS));
  if (free) {
    await commit(
      store,
      keys.slice(KEPT_ROWS).map((key) => ({ key, value: undefined })),
    );
    // What is written now goes into pages that have become free.
    for (let time = 0; time < 5; time += 1) await commit(store, rows.slice(0, KEPT_ROWS));
  }
  await metadata.close();
  return path;
}

/** A copy of an index that ends after this many bytes. */
function cutTo(path: string, sizeBytes: number): string {
  const copy = `${path}-cut`;
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(path, "data.mdb"), join(copy, "data.mdb"));
  truncateSync(join(copy, "data.mdb"), sizeBytes);
  return copy;
}

test("findIndexProblem: a whole index, and one that is still to be made, have none", async () => {
  assert.equal(await findIndexProblem(await filledIndex("whole", { free: false }), true), undefined);
  const empty = join(scratch, "empty");
  assert.equal(await findIndexProblem(empty, false), undefined);
  mkdirSync(empty);
  writeFileSync(join(empty, "data.mdb"), "");
  assert.equal(await findIndexProblem(empty, false), undefined);
});

test("findIndexProblem: an index that was there and is missing, empty, or something else is told", async () => {
  const path = join(scratch, "lost");
  assert.equal(await findIndexProblem(path, true), "is missing");
  mkdirSync(path);
  writeFileSync(join(path, "data.mdb"), "");
  assert.equal(await findIndexProblem(path, true), "is empty");
  for (const bytes of [Buffer.alloc(10), Buffer.alloc(3 * PAGE_SIZE_BYTES), Buffer.from("no index".repeat(1000))]) {
    writeFileSync(join(path, "data.mdb"), bytes);
    for (const wasThere of [true, false]) assert.match((await findIndexProblem(path, wasThere)) ?? "", /^is damaged: /);
  }
});

test("findIndexProblem: an index that was cut short is told, wherever it was cut", async () => {
  const path = await filledIndex("cut", { free: false });
  const { size } = statSync(join(path, "data.mdb"));
  for (const left of [size - 1, size - PAGE_SIZE_BYTES, size / 2, 10 * PAGE_SIZE_BYTES, 2 * PAGE_SIZE_BYTES]) {
    assert.match((await findIndexProblem(cutTo(path, Math.floor(left)), true)) ?? "", /^was cut short: /, `${left} of ${size}`);
  }
  for (const left of [PAGE_SIZE_BYTES + 10, PAGE_SIZE_BYTES, 100]) {
    assert.match((await findIndexProblem(cutTo(path, left), true)) ?? "", /^is damaged: /);
  }
});

test("findIndexProblem: a file that ends before pages which are free has none, and can be read", async () => {
  const path = await filledIndex("free", { free: true });
  const { size } = statSync(join(path, "data.mdb"));
  const cut = cutTo(path, size);
  let left = size;
  while ((await findIndexProblem(cut, true)) === undefined) truncateSync(join(cut, "data.mdb"), (left -= PAGE_SIZE_BYTES));
  left += PAGE_SIZE_BYTES;
  assert.ok(left < size, "nothing could be cut off");
  const metadata = await LmdbMetadataEngine.open({ path: cutTo(path, left), durability: "written", mapSizeBytes: 2 ** 28 });
  const everything = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 1000 };
  // A page that is not there would end this process.
  const rows = metadata.read({ keys: [], ranges: [everything] }).ranges[0]!;
  assert.equal(rows.length, KEPT_ROWS + 1);
  await metadata.close();
});

test("LmdbMetadataEngine: its files are their owner's alone", async () => {
  const path = join(scratch, "modes");
  const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
  for (const name of [".", "data.mdb", "lock.mdb"]) assert.equal(statSync(join(path, name)).mode & 0o077, 0, name);
  await metadata.close();
});
