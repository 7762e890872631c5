import assert from "node:assert/strict";
import { test } from "node:test";
import { LockWarden } from "../../src/server/LockWarden.ts";
import type { WriteLockHolder } from "../../src/store/metadata/WriteLockHolder.ts";

const holder = (pid: number, isHolding = (): boolean => true): WriteLockHolder => ({
  pid,
  program: "node x.ts",
  stopped: false,
  heldMs: 1_000,
  isHolding,
});

function wardenOf(ended: boolean | undefined) {
  const said: string[] = [];
  const asked: (number | undefined)[] = [];
  const warden = new LockWarden({
    say: (_, what) => said.push(what),
    endIfSilent: async (pid) => (asked.push(pid), ended),
  });
  return { warden, said, asked };
}

test("LockWarden: a worker that was ended is said, with what it did", async () => {
  const { warden, said } = wardenOf(true);
  await warden.judge(holder(7));
  assert.deepEqual(said, ["a worker process that held the index's write lock said nothing and is ended"]);
});

test("LockWarden: somebody else's process is named, and not every second", async () => {
  const { warden, said } = wardenOf(undefined);
  for (let second = 0; second < 3; second += 1) await warden.judge(holder(7));
  assert.deepEqual(said, ["the index's write lock is held by process 7 (node x.ts); it is free once that process ends"]);
});

test("LockWarden: who has given the lock back meanwhile is not named, and one is judged at a time", async () => {
  const { warden, said, asked } = wardenOf(false);
  await Promise.all([warden.judge(holder(7, () => false)), warden.judge(holder(8))]);
  assert.deepEqual([said, asked], [[], [7]]);
});
