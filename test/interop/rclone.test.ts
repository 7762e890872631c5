import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { succeed } from "./commands.ts";
import { fixture, writeTree } from "./fixture.ts";
import { rcloneOf } from "./rclone.ts";

test("rclone: copy, check, move, sync back and purge make their full round, byte for byte", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const rclone = await rcloneOf(endpoint, folder);
  const tree = await writeTree(folder);
  await rclone("mkdir", "holdfast:rclone");
  await rclone("copy", "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", tree, "holdfast:rclone/tree");
  await rclone("check", "--download", tree, "holdfast:rclone/tree");
  await rclone("moveto", "holdfast:rclone/tree/dir/large.bin", "holdfast:rclone/tree/dir/moved.bin");
  await rclone("moveto", "holdfast:rclone/tree/dir/moved.bin", "holdfast:rclone/tree/dir/large.bin");
  await rclone("sync", "holdfast:rclone/tree", join(folder, "back"));
  await succeed("diff", ["-r", tree, join(folder, "back")]);
  assert.match(await rclone("lsf", "-R", "holdfast:rclone"), /tree\/dir\/sub dir\/ümlaut\+plus\.bin/);
  await rclone("purge", "holdfast:rclone");
});

test("rclone: a bucket with versioning shows what its files were, as they are listed or as they were at a time, until they are cleaned up", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const rclone = await rcloneOf(endpoint, folder);
  const local = join(folder, "local");
  const write = async (content: string): Promise<string> => {
    await mkdir(local, { recursive: true });
    await writeFile(join(local, "file"), content);
    return await rclone("copy", local, "holdfast:versions/dir");
  };
  await rclone("mkdir", "holdfast:versions");
  assert.equal(await rclone("backend", "versioning", "holdfast:versions"), "Unversioned\n");
  assert.equal(await rclone("backend", "versioning", "holdfast:versions", "Enabled"), "Enabled\n");
  await write("first");
  // S3's times are those of whole seconds; by them rclone tells what was there.
  await setTimeout(1100);
  const between = new Date().toISOString();
  await setTimeout(1100);
  await write("second one");
  await rclone("deletefile", "holdfast:versions/dir/file");
  assert.equal(await rclone("lsf", "-R", "holdfast:versions"), "");
  const older = (await rclone("lsf", "--s3-versions", "holdfast:versions/dir")).trim().split("\n");
  assert.equal(older.length, 2);
  for (const name of older) assert.match(name, /^file-v\d{4}-\d\d-\d\d-\d{6}-000$/);
  await rclone("copy", "--s3-version-at", between, "holdfast:versions/dir", join(folder, "then"));
  assert.equal(await readFile(join(folder, "then", "file"), "utf8"), "first");
  await rclone("copy", "--s3-versions", "holdfast:versions/dir", join(folder, "all"));
  const contents = await Promise.all(older.map((name) => readFile(join(folder, "all", name), "utf8")));
  assert.deepEqual(contents.toSorted(), ["first", "second one"]);
  await write("the last");
  assert.equal(await rclone("backend", "versioning", "holdfast:versions", "Suspended"), "Suspended\n");
  await rclone("backend", "cleanup-hidden", "holdfast:versions");
  assert.equal(await rclone("lsf", "-R", "--files-only", "--s3-versions", "holdfast:versions"), "dir/file\n");
  await rclone("purge", "holdfast:versions");
});
