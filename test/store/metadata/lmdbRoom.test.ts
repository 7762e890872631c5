import assert from "node:assert/strict";
import fs, { mkdtempSync, rmSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { StorageFullError } from "../../../src/errors/StorageFullError.ts";
import type { LmdbOptions } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";

/** What the index takes of a disk that pretends to be nearly full; `test/processes/store/fullDisk.test.ts` fills a real one. */
const BLOCK_SIZE_BYTES = 4096;
const MEBI = 1024 * 1024;
const ROOMY_SIZE_BYTES = 64 * MEBI;
const NEARLY_FULL_SIZE_BYTES = 16 * MEBI;
const LOOKED_AT_LEAST_EACH_MS = 100;
/** What a commit needs for itself, and for each change beside its bytes. */
const [COMMIT_SIZE_BYTES, CHANGE_SIZE_BYTES] = [128 * 1024, 2 * 4096];
/** What may come from the reserve: a row of bookkeeping. */
const LEAN_GROWTH_BYTES = 48;

const scratch = mkdtempSync(join(tmpdir(), "holdfast-room-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A reserve and a disk that are as full as they are told to be, and what an index has asked of them. */
class PretendedRoom implements NonNullable<LmdbOptions["reserve"]> {
  missingBytes = 0;
  /** The file cannot be made larger than this. */
  room = Infinity;
  /** How much larger it can be for each gift, of so many. */
  giftBytes = MEBI;
  gifts = 0;
  freeBytes = ROOMY_SIZE_BYTES - BLOCK_SIZE_BYTES;
  failure: Error | undefined;
  refills = 0;
  given = 0;
  readonly asked: { readonly path: string; readonly sizeBytes: number }[] = [];

  refill(): number {
    this.refills += 1;
    if (this.failure !== undefined) throw this.failure;
    return this.missingBytes;
  }

  growFile(path: string, sizeBytes: number): boolean {
    this.asked.push({ path, sizeBytes });
    return sizeBytes <= this.room;
  }

  giveToCommit(): boolean {
    if (this.given === this.gifts) return false;
    this.given += 1;
    this.room += this.giftBytes;
    return true;
  }
}

interface PretendedIndex {
  readonly engine: LmdbMetadataEngine;
  readonly room: PretendedRoom;
  /** Commits a value of this size, or, without a size, a removal. */
  readonly change: (key: string, sizeBytes?: number) => Promise<unknown>;
  readonly has: (key: string) => boolean;
}

async function openIndex(t: TestContext): Promise<PretendedIndex> {
  const room = new PretendedRoom();
  t.mock.method(fs, "statfsSync", () => ({ bsize: BLOCK_SIZE_BYTES, bavail: room.freeBytes / BLOCK_SIZE_BYTES }));
  syncBuiltinESMExports();
  const path = mkdtempSync(join(scratch, "index-"));
  const engine = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 30, reserve: room });
  t.after(async () => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
    await engine.close();
  });
  const change = (key: string, sizeBytes?: number): Promise<unknown> =>
    engine.transact({ keys: [] }, () => ({
      changes: [{ key: Buffer.from(key), value: sizeBytes === undefined ? undefined : Buffer.alloc(sizeBytes, key) }],
      result: undefined,
    }));
  const has = (key: string): boolean => engine.read({ keys: [Buffer.from(key)] }).values[0] !== undefined;
  return { engine, room, change, has };
}

/** So long nobody looks again after there was room. */
const untilLookedAgain = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOKED_AT_LEAST_EACH_MS));

test("LmdbMetadataEngine: on a disk with room nobody counts what commits need, and it is looked at again and again", async (t) => {
  const { room, change } = await openIndex(t);
  room.freeBytes = ROOMY_SIZE_BYTES;
  await change("a", 10);
  await change("b", 10);
  assert.deepEqual([room.asked.length, room.refills <= 2], [0, true]);
  room.freeBytes -= BLOCK_SIZE_BYTES;
  await untilLookedAgain();
  await change("c", 10);
  assert.equal(room.asked.length, 1);
  // A reserve that is not whole is as good as a full disk.
  room.freeBytes = ROOMY_SIZE_BYTES;
  await untilLookedAgain();
  room.missingBytes = 1;
  room.room = 0;
  await assert.rejects(change("d", 100), StorageFullError);
});

test("LmdbMetadataEngine: before a commit its file is given the room that its changes need, each key's last one", async (t) => {
  const { engine, room } = await openIndex(t);
  const needOf = async (changes: readonly (readonly [key: string, sizeBytes?: number])[]): Promise<number> => {
    const { sizeBytes } = engine.statistics();
    room.asked.length = 0;
    await engine.transact({ keys: [] }, () => ({
      changes: changes.map(([key, size]) => ({
        key: Buffer.from(key, "latin1"),
        value: size === undefined ? undefined : Buffer.alloc(size),
      })),
      result: undefined,
    }));
    assert.equal(room.asked.length, 1);
    return room.asked[0]!.sizeBytes - sizeBytes - COMMIT_SIZE_BYTES;
  };
  assert.equal(await needOf([]), 0);
  assert.equal(await needOf([["\xfe", 100]]), CHANGE_SIZE_BYTES + 101);
  // Of what is removed, a share.
  assert.equal(await needOf([["\xfe"]]), CHANGE_SIZE_BYTES + 1);
  assert.equal(await needOf([["\xff\xfe", 5118]]), CHANGE_SIZE_BYTES + 5120);
  assert.equal(await needOf([["\xff\xfe", 10]]), CHANGE_SIZE_BYTES + 12 + 5120 / 512);
  assert.equal(await needOf([["a", 1], ["\xfe", 2], ["a", 300], ["\xff"], ["b"]]), 4 * CHANGE_SIZE_BYTES + 301 + 3);
  const { path, sizeBytes } = room.asked[0]!;
  assert.ok(statSync(path).size <= sizeBytes);
});

test("LmdbMetadataEngine: decisions that wait together have room together, or each for itself where there is not enough", async (t) => {
  const { engine, room, change, has } = await openIndex(t);
  await Promise.all(["a", "b", "c", "d"].map((key) => change(key, 1_000)));
  const { sizeBytes } = engine.statistics();
  const alone = COMMIT_SIZE_BYTES + CHANGE_SIZE_BYTES + MEBI / 8;
  room.room = sizeBytes + alone;
  room.asked.length = 0;
  const outcomes = await Promise.allSettled([
    change("e", 100),
    change("a"),
    change("f", MEBI),
    change("g", 100),
    change("b", 10),
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.name : outcome.status)),
    ["fulfilled", "fulfilled", "StorageFullError", "fulfilled", "fulfilled"],
  );
  assert.deepEqual(["e", "a", "f", "g", "b"].map(has), [true, false, false, true, true]);
  // First all of them were weighed.
  assert.ok(room.asked[0]!.sizeBytes > sizeBytes + 5 * COMMIT_SIZE_BYTES + MEBI);
});

test("LmdbMetadataEngine: with the reserve no row gets larger by more than bookkeeping takes, and it is taken only as far as needed", async (t) => {
  const { room, change, has } = await openIndex(t);
  await change("kept", 1_000);
  await change("gone", 1_000);
  room.room = 0;
  room.giftBytes = MEBI / 4;
  room.gifts = 100;
  await assert.rejects(change("large", LEAN_GROWTH_BYTES - 4), StorageFullError);
  await assert.rejects(change("kept", 1_000 + LEAN_GROWTH_BYTES + 1), StorageFullError);
  assert.equal(room.given, 0);
  await change("lease", LEAN_GROWTH_BYTES - 5);
  assert.ok(room.given > 0 && room.given <= 3, `${room.given} gifts`);
  await change("kept", 1_000 + LEAN_GROWTH_BYTES);
  await change("gone");
  assert.deepEqual(["large", "lease", "kept", "gone"].map(has), [false, true, true, false]);
});

test("LmdbMetadataEngine: what makes the index no larger is tried where even the reserve is used up", async (t) => {
  const { room, change, has } = await openIndex(t);
  await change("gone", 1_000);
  room.room = 0;
  room.gifts = 1;
  room.giftBytes = 1;
  await change("gone");
  assert.deepEqual([room.given, has("gone")], [1, false]);
});

test("LmdbMetadataEngine: what was given and not used goes back into the reserve, and only then", async (t) => {
  const { room, change } = await openIndex(t);
  await change("kept", 1_000);
  room.room = 0;
  room.gifts = 1;
  room.missingBytes = MEBI;
  room.refills = 0;
  await change("kept", 10);
  const { refills } = room;
  room.missingBytes = 0;
  room.room = 0;
  room.refills = 0;
  await change("kept", 10);
  assert.equal(refills - room.refills, 1);
});

test("LmdbMetadataEngine: pages that are free in the index are room for what makes it larger, beside what the reserve lacks", async (t) => {
  const { engine, room, change, has } = await openIndex(t);
  for (let row = 0; row < 8; row++) await change(`row${row}`, MEBI);
  const { sizeBytes } = engine.statistics();
  for (let row = 0; row < 8; row++) await change(`row${row}`);
  // Pages of a commit come free one commit later.
  for (let time = 0; time < 3; time++) await change("time", 10);
  room.room = sizeBytes;
  room.gifts = 100;
  room.missingBytes = 6 * MEBI;
  await change("fits", MEBI / 2);
  assert.equal(has("fits"), true);
  room.missingBytes = 9 * MEBI;
  await assert.rejects(change("more", 1_000), StorageFullError);
  room.missingBytes = 0;
  await assert.rejects(change("more", 5 * MEBI), StorageFullError);
  assert.equal(has("more"), false);
});

test("LmdbMetadataEngine: pages that hold rows are no room, whether rows share a page or fill many", async (t) => {
  for (const [rows, sizeBytes] of [
    [2_000, 1_500],
    [8, MEBI / 2],
  ] as const) {
    const { engine, room, change } = await openIndex(t);
    const changes = Array.from({ length: rows }, (_, row) => ({ key: Buffer.from(`row${row}`), value: Buffer.alloc(sizeBytes) }));
    await engine.transact({ keys: [] }, () => ({ changes, result: undefined }));
    room.room = engine.statistics().sizeBytes;
    room.gifts = 100;
    room.missingBytes = 2 * MEBI;
    await assert.rejects(change("more", 1_000), StorageFullError, `${rows} rows`);
  }
});

test("LmdbMetadataEngine: what LMDB and the system call full is StorageFullError, and what they call otherwise is not", async (t) => {
  const { room, change, has } = await openIndex(t);
  const failWith = async (code: unknown): Promise<unknown> => {
    room.failure = Object.assign(new Error("as LMDB says it"), { code });
    return change("key", 10).then(
      () => assert.fail("it was committed"),
      (failure: unknown) => failure,
    );
  };
  for (const code of [28, 122, 27, -30_792, -30_788]) {
    const failure = await failWith(code);
    assert.ok(failure instanceof StorageFullError, String(code));
    assert.equal(failure.cause, room.failure);
  }
  // EIO is what LMDB makes of a write that was cut short.
  for (const [freeBytes, isFull] of [
    [NEARLY_FULL_SIZE_BYTES, false],
    [NEARLY_FULL_SIZE_BYTES - BLOCK_SIZE_BYTES, true],
  ] as const) {
    room.freeBytes = freeBytes;
    const failure = await failWith(5);
    assert.equal(failure instanceof StorageFullError, isFull, `${freeBytes}`);
  }
  for (const code of [undefined, 13, -30_796]) assert.equal(await failWith(code), room.failure, String(code));
  room.failure = undefined;
  assert.equal(has("key"), false);
  await change("key", 10);
  assert.equal(has("key"), true);
});
