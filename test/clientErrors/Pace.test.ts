import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../src/clientErrors/index.ts";
import type { PaceOptions, Turn } from "../../src/clientErrors/index.ts";

/** A pace by a clock that stands still until it is moved. */
function paceAt(options: PaceOptions = {}): { pace: Pace; clock: { now: number }; turns: (count: number) => Turn[] } {
  const clock = { now: 1_000_000 };
  const pace = new Pace({ ...options, now: () => clock.now });
  return { pace, clock, turns: (count) => Array.from({ length: count }, () => pace.take()) };
}

test("Pace: has no limit until the service asks for less", () => {
  const { pace, turns } = paceAt();
  assert.deepEqual(new Set(turns(1000).map(({ waitMs }) => waitMs)), new Set([0]));
  pace.succeed();
  assert.equal(pace.ratePerSecond, undefined);
});

test("Pace: a refusal halves the rate that was, and the next requests take turns at that rate", () => {
  const { pace, turns } = paceAt();
  const [first] = turns(20);
  pace.slowDown(first!);
  assert.equal(pace.ratePerSecond, 10);
  assert.deepEqual(
    turns(4).map(({ waitMs }) => waitMs),
    [100, 200, 300, 400],
  );
});

test("Pace: requests that were under way together are one reason to slow down, later ones are another", () => {
  const { pace, turns } = paceAt();
  for (const turn of turns(16)) pace.slowDown(turn);
  assert.equal(pace.ratePerSecond, 8);
  for (const turn of turns(2)) pace.slowDown(turn);
  assert.equal(pace.ratePerSecond, 4);
});

test("Pace: the rate is that of about the last second", () => {
  const { pace, clock, turns } = paceAt();
  turns(100);
  clock.now += 1000;
  const [turn] = turns(10);
  clock.now += 500;
  pace.slowDown(turn!);
  assert.equal(pace.ratePerSecond, (10 + 100 * 0.5) / 2);
  const later = paceAt();
  later.turns(100);
  later.clock.now += 10_000;
  later.pace.slowDown(later.turns(8)[0]!);
  assert.equal(later.pace.ratePerSecond, 4);
});

test("Pace: never gets slower than its least rate, and nobody waits longer than the longest wait", () => {
  const { pace, turns } = paceAt({ minRatePerSecond: 2, maxWaitMs: 3000 });
  for (let round = 0; round < 10; round++) pace.slowDown(pace.take());
  assert.equal(pace.ratePerSecond, 2);
  assert.equal(Math.max(...turns(100).map(({ waitMs }) => waitMs)), 3000);
});

test("Pace: grows by equal steps in each second of success, and ends at twice what it was", () => {
  const { pace, clock, turns } = paceAt();
  pace.slowDown(turns(100)[0]!);
  const rates: number[] = [];
  while (pace.ratePerSecond !== undefined) {
    const inSecond = Math.round(pace.ratePerSecond);
    for (let n = 0; n < inSecond; n++) pace.succeed();
    clock.now += 1000;
    rates.push(Math.round(pace.ratePerSecond ?? 0));
  }
  assert.deepEqual(rates.slice(0, 3), [59, 68, 78]);
  assert.ok(rates.length > 10 && rates.length < 20, `${rates.length} seconds`);
  assert.equal(pace.take().waitMs, 0);
});
