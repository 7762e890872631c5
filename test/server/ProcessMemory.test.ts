import assert from "node:assert/strict";
import { test } from "node:test";
import { ownMemoryMiB } from "../../bench/ownMemory.ts";
import { collectAll, ProcessMemory } from "../../src/server/ProcessMemory.ts";

test("ProcessMemory: a process that was busy collects once, when it has nothing to do any more", () => {
  let cpuMs = 5_000;
  let collections = 0;
  const memory = new ProcessMemory(
    () => cpuMs,
    () => {
      collections += 1;
      cpuMs += 300;
    },
  );
  const collectionsAfter = (usedMs: number): number => {
    cpuMs += usedMs;
    memory.look();
    return collections;
  };
  assert.deepEqual([0, 100, 400].map(collectionsAfter), [0, 0, 0], "nothing was ever done");
  assert.deepEqual([401, 9_000].map(collectionsAfter), [0, 0], "it is busy");
  assert.deepEqual([100, 0, 100].map(collectionsAfter), [1, 1, 1], "its own work is none");
  assert.deepEqual([1_000, 0].map(collectionsAfter), [1, 2]);
});

test("ProcessMemory: a collection gives free pages back to the system", (context) => {
  if (ownMemoryMiB(process.pid) === undefined) return context.skip("the system does not say what a process has for itself");
  // More than a young generation holds survives, and dies old.
  let kept: unknown[] | undefined = Array.from({ length: 1_000_000 }, (_, index) => [index]);
  const full = ownMemoryMiB(process.pid)!;
  assert.equal(kept.length, 1_000_000);
  kept = undefined;
  collectAll();
  const given = full - ownMemoryMiB(process.pid)!;
  assert.ok(given > 30, `${given} MiB came back`);
  assert.equal("gc" in globalThis, false);
});
