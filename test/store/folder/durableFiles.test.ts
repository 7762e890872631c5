import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeFolder, writeDurably } from "../../../src/store/folder/durableFiles.ts";
import { openFilesBelow } from "../openFiles.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-durable-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
function newPath(): string {
  return join(scratch, String(folders++));
}

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

test("writeDurably: a file is on disk before it has its name, and its name before anybody is told", async (t) => {
  const parent = newPath();
  mkdirSync(parent);
  const path = join(parent, "file");
  const folder = await open(parent);
  const handles = Object.getPrototypeOf(folder) as FileHandle;
  await folder.close();
  const { sync } = handles;
  const synced: string[] = [];
  t.mock.method(handles, "sync", function (this: FileHandle): Promise<void> {
    synced.push(existsSync(path) ? readFileSync(path, "utf8") : "not there");
    return sync.call(this);
  });
  await writeDurably(path, "whole");
  assert.deepEqual(synced, ["not there", "whole"]);
  assert.deepEqual(readdirSync(parent), ["file"]);
  assert.deepEqual(openFilesBelow(parent), []);
});
