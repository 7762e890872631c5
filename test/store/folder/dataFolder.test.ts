import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeFolder } from "../../../src/store/folder/durableFiles.ts";
import { FolderWatch } from "../../../src/store/folder/FolderWatch.ts";
import { DataFolder, DataFolderFormatError, DataFolderInUseError } from "../../../src/store/folder/dataFolder.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-data-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
function newPath(): string {
  return join(scratch, String(folders++));
}

test("DataFolder: a new folder gets its layout, for its owner alone", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path);
  assert.deepEqual(readdirSync(path).sort(), ["format", "holder.json", "lock"]);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  for (const name of ["format", "holder.json", "lock"]) assert.equal(statSync(join(path, name)).mode & 0o077, 0, name);
  assert.match(folder.run, /^[0-9a-z]+$/);
  folder.close();
});

test("DataFolder: the first user's keys are kept, and only their owner may read them", async () => {
  const path = newPath();
  const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "a secret" };
  const first = await DataFolder.open(path);
  assert.equal(await first.credentials(), undefined);
  await first.keepCredentials(keys);
  first.close();
  const second = await DataFolder.open(path);
  assert.deepEqual(await second.credentials(), keys);
  assert.equal(statSync(join(path, "credentials.json")).mode & 0o777, 0o600);
  writeFileSync(join(path, "credentials.json"), "{}");
  await assert.rejects(second.credentials(), DataFolderFormatError);
  second.close();
});

test("DataFolder: a second server in the same process is refused", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path);
  await assert.rejects(DataFolder.open(path), DataFolderInUseError);
  folder.close();
  (await DataFolder.open(path)).close();
});

test("DataFolder: who has let go of it does not seem to hold it, and leaves alone what is in its place", async () => {
  const path = newPath();
  const first = await DataFolder.open(path);
  renameSync(path, `${path}-moved`);
  const second = await DataFolder.open(path);
  first.close();
  assert.ok(existsSync(join(path, "holder.json")));
  second.close();
  assert.ok(!existsSync(join(path, "holder.json")));
});

test("DataFolder: it remembers that it held a store, and finds traces of one that an older version left", async () => {
  const path = newPath();
  const heldStore = async (): Promise<boolean> => {
    const folder = await DataFolder.open(path);
    folder.close();
    return (await DataFolder.join(path)).heldStore && folder.heldStore;
  };
  assert.equal(await heldStore(), false);
  assert.equal(await heldStore(), false);
  const folder = await DataFolder.open(path);
  await folder.noteStore();
  folder.close();
  assert.equal(await heldStore(), true);
  for (const [name, trace] of Object.entries({
    "credentials.json": "{}",
    "holder.json": JSON.stringify({ pid: 1, host: "h", startedAt: "t", run: "r", endpoint: "http://127.0.0.1:9000" }),
  })) {
    writeFileSync(join(path, "format"), JSON.stringify({ format: 1 }));
    rmSync(join(path, "credentials.json"), { force: true });
    writeFileSync(join(path, name), trace);
    const older = await DataFolder.open(path);
    assert.equal(older.heldStore, true, name);
    await older.noteStore();
    older.close();
    rmSync(join(path, name), { force: true });
    assert.equal(await heldStore(), true, name);
  }
});

test("makeFolder: every folder that is new is synced into its parent", async () => {
  const parent = newPath();
  mkdirSync(parent);
  const synced: string[] = [];
  const sync = async (folder: string): Promise<void> => void synced.push(folder);
  await makeFolder(join(parent, "a", "b", "c"), sync);
  assert.deepEqual(synced, [join(parent, "a", "b"), join(parent, "a"), parent]);
  await makeFolder(join(parent, "a", "d"), sync);
  assert.deepEqual(synced.slice(3), [join(parent, "a")]);
  await makeFolder(join(parent, "a", "d"), sync);
  assert.equal(synced.length, 4);
});

for (const [what, change] of [
  ["removed", (path: string) => rmSync(path, { recursive: true })],
  ["replaced", (path: string) => (renameSync(path, `${path}-before`), mkdirSync(path))],
] as const) {
  test(`FolderWatch: what is ${what} is told once`, async () => {
    const [kept, lost] = [newPath(), newPath()];
    for (const path of [kept, lost]) mkdirSync(path);
    const told: string[] = [];
    const heard = new Promise<void>((resolve) => {
      const onLost = (path: string): void => (told.push(path), resolve());
      void FolderWatch.start({ paths: [kept, lost], onLost, intervalMs: 5 }).then(() => change(lost));
    });
    // The watch keeps no process alive.
    const alive = setTimeout(() => undefined, 10_000);
    await heard;
    await new Promise((resolve) => setTimeout(resolve, 50));
    clearTimeout(alive);
    assert.deepEqual(told, [lost]);
  });
}

test("DataFolder: every process of a run has its name, the next run another", async () => {
  const path = newPath();
  const first = await DataFolder.open(path);
  assert.equal((await DataFolder.join(path)).run, first.run);
  first.close();
  const second = await DataFolder.open(path);
  assert.notEqual(second.run, first.run);
  assert.equal((await DataFolder.join(path)).run, second.run);
  second.close();
});

test("DataFolder: a folder with other files in it is refused and left alone", async () => {
  const path = newPath();
  mkdirSync(path);
  writeFileSync(join(path, "thesis.txt"), "");
  await assert.rejects(DataFolder.open(path), /not a Holdfast data folder.*thesis\.txt/);
  assert.deepEqual(readdirSync(path), ["thesis.txt"]);
  await assert.rejects(DataFolder.join(path), DataFolderFormatError);
  await assert.rejects(DataFolder.join(newPath()), DataFolderFormatError);
});

test("DataFolder: a first start that was cut short is begun again", async () => {
  const path = newPath();
  mkdirSync(path);
  for (const name of ["lock", "format.new"]) writeFileSync(join(path, name), "");
  (await DataFolder.open(path)).close();
  assert.ok(existsSync(join(path, "format")));
});

test("DataFolder: a layout of another version, or a damaged one, is refused with a remedy", async () => {
  const path = newPath();
  (await DataFolder.open(path)).close();
  writeFileSync(join(path, "format"), JSON.stringify({ format: 99 }));
  await assert.rejects(DataFolder.open(path), /layout 99.*newer/);
  writeFileSync(join(path, "format"), "\0\0");
  await assert.rejects(DataFolder.open(path), /damaged/);
  writeFileSync(join(path, "format"), JSON.stringify({ format: 1 }));
  (await DataFolder.open(path)).close();
});
