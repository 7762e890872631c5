import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { StorageFullError } from "../../../../src/errors/StorageFullError.ts";
import { FileBlobEngine } from "../../../../src/store/blobs/files/FileBlobEngine.ts";
import { newFolder } from "../../../newFolder.ts";
import { patternBytes, putBlob } from "../../../store/blobs/blobs.suite.ts";

const isRoot = process.getuid?.() === 0;

test(
  "FileBlobEngine: a full disk is StorageFullError, keeps nothing of that blob, and reads go on",
  { skip: !isRoot },
  async (t) => {
    const path = newFolder(t);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", path], { stdio: "ignore" });
    } catch {
      t.skip("mounting a small disk is not allowed here");
      return;
    }
    try {
      const engine = await FileBlobEngine.open({ path, durability: "synced", run: "run1" });
      const kept = await putBlob(engine, patternBytes(1024 * 1024));
      await assert.rejects(async () => {
        const writer = await engine.create(8 * 1024 * 1024);
        try {
          for (let count = 0; count < 8; count++) await writer.write(patternBytes(1024 * 1024));
          await writer.finish();
        } catch (error) {
          await writer.abort();
          throw error;
        }
      }, StorageFullError);
      assert.equal((await engine.statistics()).blobs, 1);
      assert.equal(await engine.verify(kept), 1024 * 1024);
      assert.equal(await engine.verify(await putBlob(engine, patternBytes(1024 * 1024))), 1024 * 1024);
      await engine.close();
    } finally {
      execFileSync("umount", ["-l", path]);
    }
  },
);
