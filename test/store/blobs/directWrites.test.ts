import assert from "node:assert/strict";
import { constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { DirectWrites } from "../../../src/store/blobs/files/directWrites.ts";
import { openFilesBelow } from "../openFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-direct-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = (): string => join(folder, String(files++));

test("DirectWrites: where the first file takes no block it is removed, and no other is tried", async () => {
  let tries = 0;
  const direct = new DirectWrites(async () => {
    tries += 1;
    return false;
  });
  const path = newPath();
  assert.equal(await direct.create(path), undefined);
  assert.equal(existsSync(path), false);
  assert.equal(await direct.create(path), undefined);
  assert.ok(tries <= 1, `${tries} tries`);
});

test("DirectWrites: a disk that fails at the first block is an error, leaves no file, and is tried again", async () => {
  let isFailing = true;
  const direct = new DirectWrites(async () => {
    if (isFailing) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    return true;
  });
  const path = newPath();
  const outcome = await direct.create(path).catch((error: NodeJS.ErrnoException) => error.code);
  // Without direct writes, nothing is tried.
  assert.ok(outcome === "ENOSPC" || outcome === undefined, String(outcome));
  assert.equal(existsSync(path), false);
  isFailing = false;
  const file = await direct.create(path);
  assert.equal(file === undefined, outcome === undefined);
  await file?.close();
});

test("DirectWrites: a file that exists is not opened again", async () => {
  const path = newPath();
  writeFileSync(path, "here already");
  const file = await new DirectWrites().create(path).catch((error: NodeJS.ErrnoException) => error.code);
  // Without direct writes, nothing is tried.
  assert.ok(file === "EEXIST" || file === undefined, String(file));
  assert.equal(readFileSync(path, "utf8"), "here already");
});

test("DirectWrites: nobody but the server's user may read its files", async () => {
  const path = newPath();
  const file = await new DirectWrites(async () => true).create(path);
  // Without direct writes, nothing is made.
  assert.equal(file === undefined ? 0o600 : (await file.stat()).mode & 0o777, 0o600);
  await file?.close();
});

const failing = (code: string) => (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));

/** From here to the end of the test direct files are opened by `openDirect`, others as ever. Says how often. */
function openDirectBy(t: TestContext, openDirect: (path: string) => Promise<unknown>): () => number {
  const { open } = fs;
  let tries = 0;
  t.mock.method(fs, "open", (path: string, flags: number, mode: number) => {
    if ((flags & constants.O_DIRECT) === 0) return open(path, flags, mode);
    tries += 1;
    return openDirect(path);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return () => tries;
}

// Elsewhere nothing is tried.
if (constants.O_DIRECT !== undefined) {
  for (const code of ["EINVAL", "ENOTSUP", "EOPNOTSUPP"]) {
    test(`DirectWrites: a file system that answers ${code} has none, be it at the opening or at the first block, and is asked once`, async (t) => {
      for (const openDirect of [
        // Some have made the file by then.
        (path: string) => fs.writeFile(path, "").then(failing(code)),
        async (path: string) => Object.assign(await fs.open(path, "wx"), { write: failing(code) }) satisfies FileHandle,
      ]) {
        const tries = openDirectBy(t, openDirect);
        const direct = new DirectWrites();
        for (let time = 0; time < 2; time++) {
          const path = newPath();
          assert.equal(await direct.create(path), undefined);
          assert.equal(existsSync(path), false);
        }
        assert.equal(tries(), 1);
        assert.deepEqual(openFilesBelow(folder), []);
        t.mock.restoreAll();
      }
    });
  }

  test("DirectWrites: a disk that fails at the first block is no file system without them", async (t) => {
    const tries = openDirectBy(t, async (path) => Object.assign(await fs.open(path, "wx"), { write: failing("EIO") }));
    const direct = new DirectWrites();
    for (let time = 0; time < 2; time++) await assert.rejects(direct.create(newPath()), { code: "EIO" });
    assert.equal(tries(), 2);
    assert.deepEqual(openFilesBelow(folder), []);
  });

  test("DirectWrites: what cannot be opened for another reason is an error, also once they were found", async (t) => {
    let openDirect: (path: string) => Promise<unknown> = (path) => fs.open(path, "wx");
    openDirectBy(t, (path) => openDirect(path));
    const direct = new DirectWrites();
    const file = await direct.create(newPath());
    assert.ok(file !== undefined);
    await file.close();
    openDirect = failing("EACCES");
    await assert.rejects(direct.create(newPath()), { code: "EACCES" });
  });
}
