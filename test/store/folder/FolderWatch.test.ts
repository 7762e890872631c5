import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { FolderWatch } from "../../../src/store/folder/FolderWatch.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-watch-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
function newPath(): string {
  return join(scratch, String(folders++));
}

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

/** A file system that answers each look at it as it is told, and says how often it was asked. */
class ScriptedLooks {
  asked = 0;
  answer: () => Promise<unknown>;

  constructor(t: TestContext) {
    const whole = { dev: 1n, ino: 2n };
    this.answer = async () => whole;
    t.mock.method(fs, "stat", () => {
      this.asked += 1;
      return this.answer();
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
  }

  /** Resolves once it was asked so many times more. */
  async askedAgain(times: number): Promise<void> {
    for (const before = this.asked; this.asked < before + times;) await turn();
  }
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

for (const code of ["ENOENT", "ENOTDIR"]) {
  test(`FolderWatch: what fails with ${code} is lost, and a disk that fails otherwise says nothing`, async (t) => {
    const looks = new ScriptedLooks(t);
    const told: string[] = [];
    await FolderWatch.start({ paths: ["data"], onLost: (path) => told.push(path), intervalMs: 1 });
    await looks.askedAgain(3);
    for (const harmless of ["EIO", "EACCES", "ESTALE"]) {
      looks.answer = failing(harmless);
      await looks.askedAgain(2);
    }
    assert.deepEqual(told, []);
    looks.answer = failing(code);
    while (told.length === 0) await turn();
    assert.deepEqual(told, ["data"]);
  });
}

test("FolderWatch: a file system that does not answer is not asked again until it does", async (t) => {
  const looks = new ScriptedLooks(t);
  const watch = await FolderWatch.start({ paths: ["data"], onLost: assert.fail, intervalMs: 1 });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const whole = await looks.answer();
  looks.answer = () => promise;
  await looks.askedAgain(1);
  const { asked } = looks;
  // Many times the interval.
  await new Promise((later) => setTimeout(later, 50));
  assert.equal(looks.asked, asked);
  resolve(whole);
  await looks.askedAgain(2);
  watch.stop();
});

test("FolderWatch: once it is stopped it tells nothing, not even of a look that is under way, and looks no more", async (t) => {
  const looks = new ScriptedLooks(t);
  const watch = await FolderWatch.start({ paths: ["data"], onLost: assert.fail, intervalMs: 1 });
  const { promise, reject } = Promise.withResolvers<unknown>();
  looks.answer = () => promise;
  await looks.askedAgain(1);
  watch.stop();
  reject(Object.assign(new Error("gone"), { code: "ENOENT" }));
  const { asked } = looks;
  await new Promise((later) => setTimeout(later, 50));
  assert.equal(looks.asked, asked);
});

test("FolderWatch: a watch that was stopped between two looks looks no more", async (t) => {
  const looks = new ScriptedLooks(t);
  const watch = await FolderWatch.start({ paths: ["data"], onLost: assert.fail, intervalMs: 1 });
  await looks.askedAgain(1);
  await turn();
  watch.stop();
  const { asked } = looks;
  await new Promise((later) => setTimeout(later, 50));
  assert.equal(looks.asked, asked);
});

test("FolderWatch: a file in the place of a folder above is a loss", async () => {
  const above = newPath();
  mkdirSync(join(above, "data"), { recursive: true });
  const { promise: lost, resolve: onLost } = Promise.withResolvers<string>();
  // The watch keeps no process alive.
  const alive = setTimeout(() => undefined, 10_000);
  await FolderWatch.start({ paths: [join(above, "data")], onLost, intervalMs: 1 });
  rmSync(above, { recursive: true });
  writeFileSync(above, "");
  assert.equal(await lost, join(above, "data"));
  clearTimeout(alive);
});

test("FolderWatch: what is not there cannot be watched", async () => {
  await assert.rejects(FolderWatch.start({ paths: [scratch, newPath()], onLost: assert.fail }), { code: "ENOENT" });
});
