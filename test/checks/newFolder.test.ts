import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { afterAllElse, newFolder } from "../newFolder.ts";

test("newFolder: a folder goes with its test, after what was started on it later has ended", async (t) => {
  let folder = "";
  await t.test("a test with a folder", (inner) => {
    folder = newFolder(inner);
    inner.after(async () => {
      await sleep(1);
      writeFileSync(join(folder, "written at the end"), "");
    });
  });
  assert.notEqual(folder, "");
  assert.equal(existsSync(folder), false);
});

test("afterAllElse: what is put off last is done first", async (t) => {
  const done: string[] = [];
  await t.test("a test that puts off two ends", (inner) => {
    afterAllElse(inner, () => void done.push("first"));
    afterAllElse(inner, () => void done.push("second"));
    inner.after(() => void done.push("at once"));
  });
  assert.deepEqual(done, ["at once", "second", "first"]);
});
