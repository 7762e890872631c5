import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../src/store/createStore.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { Store } from "../../src/store/Store.ts";
import {
  LATEST_TEST_TIME_MS,
  moveTestClock,
  RESET,
  SHOW,
  takeTestClock,
  testClock,
  TestClockError,
  testClockOffset,
} from "../../src/store/testClock.ts";
import type { TestStore } from "./testStore.ts";
import { openUncheckedStore } from "./testStore.ts";

/** A store with a test clock, and the store whose `nowMs` is real time. */
async function withTestClock(): Promise<{ store: Store; real: TestStore; metadata: MemoryMetadataEngine }> {
  const metadata = new MemoryMetadataEngine();
  const real = await openUncheckedStore({ metadata });
  return { store: createStore({ ...real, clock: testClock(metadata, real.clock) }), real, metadata };
}

test("testClock: it shows real time until it is moved, and runs on from there", async () => {
  const { store, real, metadata } = await withTestClock();
  assert.equal(store.clock(), real.nowMs);
  assert.equal(await moveTestClock(store, "", (nowMs) => nowMs + 1000), 1000);
  assert.equal(store.clock(), real.nowMs + 1000);
  assert.equal(store.realClock(), real.nowMs);
  real.nowMs += 50;
  assert.equal(store.clock(), real.nowMs + 1000);
  assert.equal(await moveTestClock(store, "", (nowMs) => nowMs + 1), 1001);
  assert.equal(await moveTestClock(store, "", () => 5), 5 - real.nowMs);
  assert.equal(store.clock(), 5);
  const { transact } = metadata;
  const commits: number[] = [];
  metadata.transact = (readSet, decide) =>
    transact.call(metadata, readSet, (found) => {
      const decision = decide(found);
      commits.push(decision.changes.length);
      return decision;
    }) as never;
  assert.equal(await moveTestClock(store, "", SHOW), 5 - real.nowMs);
  assert.deepEqual(commits, [0]);
  real.nowMs += 1;
  assert.equal(store.clock(), 6);
  assert.equal(await moveTestClock(store, "", RESET), 0);
  assert.equal(store.clock(), real.nowMs);
});

test("testClock: it stays between 1970 and 9999, and where it is when it cannot be moved", async () => {
  const { store, real } = await withTestClock();
  for (const timeMs of [-1, LATEST_TEST_TIME_MS, Number.NaN, Number.POSITIVE_INFINITY])
    await assert.rejects(
      moveTestClock(store, "", () => timeMs),
      TestClockError,
    );
  assert.equal(store.clock(), real.nowMs);
  await moveTestClock(store, "", () => LATEST_TEST_TIME_MS - 1);
  await moveTestClock(store, "", () => 0);
  assert.equal(store.clock(), 0);
});

test("testClock: it is moved for the run of a server that took it, keeps its place for the next, and is nobody else's", async () => {
  const { store, real } = await withTestClock();
  const first = "first";
  await assert.rejects(moveTestClock(store, first, SHOW), { name: "TestClockError", message: /--test-clock/ });
  assert.equal(await takeTestClock(store, first), 0);
  await moveTestClock(store, first, (nowMs) => nowMs + 1000);
  await assert.rejects(moveTestClock(store, "second", RESET), TestClockError);
  assert.equal(await takeTestClock(store, "second"), 1000);
  assert.equal(await testClockOffset(store), 1000);
  await assert.rejects(moveTestClock(store, first, RESET), TestClockError);
  assert.equal(store.clock(), real.nowMs + 1000);
});

test("testClock: a fork of a store begins with its clock, and goes its own way", async () => {
  const { store, real, metadata } = await withTestClock();
  await moveTestClock(store, "", (nowMs) => nowMs + 1000);
  const forked = metadata.fork();
  const fork = createStore({ ...real, metadata: forked, clock: testClock(forked, real.clock) });
  assert.equal(fork.clock(), real.nowMs + 1000);
  await moveTestClock(fork, "", RESET);
  assert.deepEqual([fork.clock(), store.clock()], [real.nowMs, real.nowMs + 1000]);
});
