import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { TEST_KEYS } from "../serverProcess.ts";
import { succeed } from "./commands.ts";
import { fixture, writeTree } from "./fixture.ts";

test("rclone: copy, check, move, sync back and purge make their full round, byte for byte", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const config = join(folder, "rclone.conf");
  const { accessKeyId, secretAccessKey } = TEST_KEYS;
  const remote = {
    type: "s3",
    provider: "Other",
    endpoint,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    region: "us-east-1",
  };
  await writeFile(
    config,
    `[holdfast]\n${Object.entries(remote)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join("")}`,
  );
  const rclone = (...args: string[]): Promise<string> =>
    succeed("/usr/bin/rclone", ["--config", config, ...args], { cwd: folder });
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
