import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { collectAll } from "../../../src/server/ProcessMemory.ts";
import { CHUNK_SIZE_BYTES } from "../../../src/store/blobs/files/blobFormat.ts";
import type { ChunkBuffer } from "../../../src/store/blobs/files/ChunkBuffers.ts";
import { ChunkBuffers } from "../../../src/store/blobs/files/ChunkBuffers.ts";

const LARGE = 64 * CHUNK_SIZE_BYTES;

function chunksIn({ bytes }: ChunkBuffer): number {
  return Math.floor(bytes.length / CHUNK_SIZE_BYTES);
}

test("ChunkBuffers: the more bodies are under way, the fewer chunks each takes at once, and none more than it needs", () => {
  const buffers = new ChunkBuffers();
  const taken: [number, boolean][] = [];
  for (let users = 1; users <= 33; users += 1) {
    buffers.enter();
    if ([1, 2, 3, 8, 9, 32, 33].includes(users)) taken.push([chunksIn(buffers.take(LARGE)), buffers.isCrowded]);
  }
  assert.deepEqual(taken, [
    [8, false],
    [8, false],
    [4, false],
    [4, false],
    [2, false],
    [2, false],
    [1, true],
  ]);
  const few = new ChunkBuffers();
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((chunks) => chunksIn(few.take(chunks * CHUNK_SIZE_BYTES))),
    [1, 1, 2, 4, 4, 8],
  );
});

test("ChunkBuffers: a buffer that was given back is used again, and a full collection frees those that wait for that", async () => {
  const buffers = new ChunkBuffers();
  const isUsedAgain = (): boolean => {
    const first = buffers.take(LARGE);
    buffers.giveBack(first);
    const second = buffers.take(LARGE);
    buffers.giveBack(second);
    return first === second;
  };
  assert.ok(isUsedAgain());
  const waiting = new WeakRef(buffers.take(LARGE));
  buffers.giveBack(waiting.deref()!);
  // What a weak reference has shown lives to the end of the turn.
  await turn();
  collectAll();
  assert.equal(waiting.deref(), undefined);
  assert.ok(isUsedAgain());
});

test("ChunkBuffers: while bodies are under way no collection takes a buffer that waits; once they are gone, one does", async () => {
  const buffers = new ChunkBuffers();
  const [leave, leaveToo] = [buffers.enter(), buffers.enter()];
  const waiting = new WeakRef(buffers.take(LARGE));
  buffers.giveBack(waiting.deref()!);
  leave();
  await turn();
  collectAll();
  assert.notEqual(waiting.deref(), undefined);
  leaveToo();
  await turn();
  collectAll();
  assert.equal(waiting.deref(), undefined);
});

test("ChunkBuffers: those that wait are as many as the bodies under way need, of each size, and fewer when bodies end", () => {
  const buffers = new ChunkBuffers();
  /** How many of so many buffers are used again after they were given back. */
  const reused = (count: number): number => {
    const take = (): ChunkBuffer[] => Array.from({ length: count }, () => buffers.take(4 * CHUNK_SIZE_BYTES));
    const first = new Set(take());
    for (const buffer of first) buffers.giveBack(buffer);
    const second = take();
    for (const buffer of second) buffers.giveBack(buffer);
    return second.filter((buffer) => first.has(buffer)).length;
  };
  const leaves = Array.from({ length: 8 }, () => buffers.enter());
  assert.equal(reused(20), 10);
  const before = new Set(Array.from({ length: 10 }, () => buffers.take(4 * CHUNK_SIZE_BYTES)));
  for (const buffer of before) buffers.giveBack(buffer);
  for (const leave of leaves.slice(0, 5)) leave();
  const after = Array.from({ length: 10 }, () => buffers.take(4 * CHUNK_SIZE_BYTES));
  assert.equal(after.filter((buffer) => before.has(buffer)).length, 5);
});
