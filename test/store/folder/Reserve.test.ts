import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs, { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { StorageFullError } from "../../../src/errors/StorageFullError.ts";
import { newFolder } from "../../newFolder.ts";
import { openFilesBelow } from "../openFiles.ts";
import { Reserve } from "../../../src/store/folder/Reserve.ts";

const MEBI = 1024 * 1024;
const WHOLE_SIZE_BYTES = 16 * MEBI;
const STEP_SIZE_BYTES = 2 * MEBI;
const LEFT_FOR_START_SIZE_BYTES = 256 * 1024;

/** A reserve on a disk that has room for it, and how large it is. */
function newReserve(t: TestContext): { reserve: Reserve; path: string; size: () => number } {
  const folder = newFolder(t);
  const path = join(folder, "reserve");
  return { reserve: new Reserve(folder, randomBytes), path, size: () => statSync(path).size };
}

function full(): NodeJS.ErrnoException {
  return Object.assign(new Error("no space left"), { code: "ENOSPC" });
}

test("Reserve: it is made, really taken from the disk, for its owner alone, and made again when it was removed", (t) => {
  const { reserve, path, size } = newReserve(t);
  assert.equal(reserve.missingBytes, WHOLE_SIZE_BYTES);
  assert.equal(reserve.refill(), 0);
  assert.deepEqual([size(), reserve.missingBytes], [WHOLE_SIZE_BYTES, 0]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(statSync(path).blocks * 512 >= WHOLE_SIZE_BYTES);
  rmSync(path);
  assert.equal(reserve.missingBytes, WHOLE_SIZE_BYTES);
  assert.equal(reserve.refill(), 0);
  assert.equal(size(), WHOLE_SIZE_BYTES);
});

test("Reserve: commits get it in steps, but for what a start needs", (t) => {
  const { reserve, path, size } = newReserve(t);
  assert.equal(reserve.giveToCommit(), false);
  assert.equal(existsSync(path), false);
  reserve.refill();
  assert.equal(reserve.giveToCommit(), true);
  assert.deepEqual([size(), reserve.missingBytes], [WHOLE_SIZE_BYTES - STEP_SIZE_BYTES, STEP_SIZE_BYTES]);
  let steps = 1;
  while (reserve.giveToCommit()) steps += 1;
  assert.deepEqual([steps, size()], [WHOLE_SIZE_BYTES / STEP_SIZE_BYTES, LEFT_FOR_START_SIZE_BYTES]);
  assert.equal(reserve.refill(), 0);
});

test("Reserve: a small file that finds no room gets all that is needed, and the reserve is whole afterwards", async (t) => {
  const { reserve, size } = newReserve(t);
  reserve.refill();
  while (reserve.giveToCommit());
  const sizes: number[] = [];
  const written = await reserve.help(async () => {
    sizes.push(size());
    if (sizes.length === 1) throw full();
    return "written";
  });
  assert.equal(written, "written");
  assert.deepEqual(sizes, [LEFT_FOR_START_SIZE_BYTES, 0]);
  assert.equal(reserve.missingBytes, 0);
});

test("Reserve: without room and without a reserve it is a full disk, and what failed for another reason is not tried again", async (t) => {
  const { reserve } = newReserve(t);
  let tries = 0;
  const failing = (error: Error) => (): Promise<void> => {
    tries += 1;
    return Promise.reject(error);
  };
  await assert.rejects(reserve.help(failing(full())), StorageFullError);
  assert.equal(tries, 1);
  reserve.refill();
  await assert.rejects(reserve.help(failing(full())), StorageFullError);
  assert.equal(tries, 5);
  await assert.rejects(reserve.help(failing(new Error("broken"))), /broken/);
  assert.equal(tries, 6);
});

test("Reserve: a file may be begun that leaves what it lacks", (t) => {
  const { reserve } = newReserve(t);
  assert.equal(reserve.leavesRoomFor(1), true);
  assert.equal(reserve.leavesRoomFor(Number.MAX_SAFE_INTEGER), false);
  reserve.refill();
  // A whole reserve is in nobody's way: whether there is room is the disk's to say.
  assert.equal(reserve.leavesRoomFor(Number.MAX_SAFE_INTEGER), true);
});

const PIECE_SIZE_BYTES = 256 * 1024;
const BLOCK_SIZE_BYTES = 4096;

/** From here to the end of the test the disk has this size, and writes are asked for by `write` first, which may throw. */
function pretendDisk(t: TestContext, disk: { sizeBytes: number; freeBytes: number }, write: (sizeBytes: number) => void): void {
  const { writeSync } = fs;
  t.mock.method(fs, "statfsSync", () => ({
    bsize: BLOCK_SIZE_BYTES,
    blocks: disk.sizeBytes / BLOCK_SIZE_BYTES,
    bavail: disk.freeBytes / BLOCK_SIZE_BYTES,
  }));
  t.mock.method(fs, "writeSync", (file: number, bytes: Buffer, offset: number, sizeBytes: number, position: number) => {
    write(sizeBytes);
    return writeSync(file, bytes, offset, sizeBytes, position);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

/** A disk that takes what fits, and nothing of what does not. */
function fillUp(disk: { freeBytes: number }): (sizeBytes: number) => void {
  return (sizeBytes) => {
    if (sizeBytes > disk.freeBytes) throw full();
    disk.freeBytes -= sizeBytes;
  };
}

for (const [diskSizeBytes, wholeSizeBytes] of [
  [128 * MEBI, WHOLE_SIZE_BYTES],
  [1024 * MEBI, WHOLE_SIZE_BYTES],
  [64 * MEBI, 8 * MEBI],
  [10 * MEBI, 5 * PIECE_SIZE_BYTES],
  [12 * MEBI - BLOCK_SIZE_BYTES, 5 * PIECE_SIZE_BYTES],
  [MEBI, 0],
] as const) {
  test(`Reserve: a disk of ${diskSizeBytes} bytes gives an eighth, in whole pieces, up to what is enough for any: ${wholeSizeBytes}`, (t) => {
    pretendDisk(t, { sizeBytes: diskSizeBytes, freeBytes: diskSizeBytes }, () => undefined);
    const { reserve, path } = newReserve(t);
    assert.equal(reserve.missingBytes, wholeSizeBytes);
    assert.equal(reserve.refill(), 0);
    assert.equal(existsSync(path) ? statSync(path).size : 0, wholeSizeBytes);
  });
}

test("Reserve: on a disk that is nearly full it takes all but the last block, and says what it lacks", (t) => {
  const disk = { sizeBytes: 128 * MEBI, freeBytes: 3 * PIECE_SIZE_BYTES + 9 * BLOCK_SIZE_BYTES + 100 };
  pretendDisk(t, disk, fillUp(disk));
  const { reserve, size } = newReserve(t);
  assert.equal(reserve.refill(), WHOLE_SIZE_BYTES - size());
  assert.equal(disk.freeBytes, 100);
  assert.equal(size(), 3 * PIECE_SIZE_BYTES + 9 * BLOCK_SIZE_BYTES);
});

test("Reserve: a file is grown to the size that is wanted, with bytes of chance behind those it has, if there is room", (t) => {
  const disk = { sizeBytes: 128 * MEBI, freeBytes: MEBI };
  pretendDisk(t, disk, fillUp(disk));
  const { reserve, path } = newReserve(t);
  const file = `${path}-other`;
  writeFileSync(file, "index");
  const sizeBytes = 2 * PIECE_SIZE_BYTES + 77;
  assert.equal(reserve.growFile(file, sizeBytes), true);
  const grown = readFileSync(file);
  assert.equal(grown.length, sizeBytes);
  assert.equal(grown.toString("latin1", 0, 5), "index");
  assert.ok(new Set(grown.subarray(5)).size > 200, "a file system that keeps what repeats only once would set nothing aside");
  for (const less of [sizeBytes, sizeBytes - 1, 0]) assert.equal(reserve.growFile(file, less), true);
  assert.equal(statSync(file).size, sizeBytes);
  assert.equal(reserve.growFile(file, 2 * MEBI), false);
  assert.deepEqual(openFilesBelow(file), []);
});

test("Reserve: a disk that fails is not a full one", (t) => {
  const disk = { sizeBytes: 128 * MEBI, freeBytes: MEBI };
  pretendDisk(t, disk, () => {
    throw Object.assign(new Error("broken"), { code: "EIO" });
  });
  const { reserve } = newReserve(t);
  assert.throws(() => reserve.refill(), { code: "EIO" });
});

test("Reserve: what it lacks is left to it to the last byte, and no more", (t) => {
  const disk = { sizeBytes: 16 * MEBI, freeBytes: 3 * MEBI };
  pretendDisk(t, disk, () => undefined);
  const { reserve } = newReserve(t);
  assert.equal(reserve.missingBytes, 2 * MEBI);
  assert.deepEqual([reserve.leavesRoomFor(MEBI), reserve.leavesRoomFor(MEBI + 1)], [true, false]);
});
