import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FaultChance, FaultSubject } from "../../src/faults/FaultRule.ts";
import { readFaultRule } from "../../src/faults/readFaultRule.ts";
import { budgetOf, draw, strikes } from "../../src/faults/strikes.ts";

/** Which of so many matches of a rule are struck. */
function struckOf(chance: FaultChance, matches: number, id = "rule"): number[] {
  const rule = { ...readFaultRule({ action: { kind: "delay", delayMs: 1 }, chance }), id };
  const struck: number[] = [];
  for (let matchNumber = 1; matchNumber <= matches; matchNumber++)
    if (strikes(rule, { matchNumber, struck: struck.length, passed: 0 })) struck.push(matchNumber);
  return struck;
}

test("strikes: without a chance, every match is struck", () => {
  assert.deepEqual(struckOf({}, 3), [1, 2, 3]);
});

test("strikes: nth, every and times choose, and together all of them have to", () => {
  assert.deepEqual(struckOf({ nth: [5, 2] }, 6), [2, 5]);
  assert.deepEqual(struckOf({ every: 3 }, 9), [3, 6, 9]);
  assert.deepEqual(struckOf({ times: 2 }, 9), [1, 2]);
  assert.deepEqual(struckOf({ every: 2, times: 2 }, 9), [2, 4]);
  assert.deepEqual(struckOf({ every: 2, nth: [3, 4] }, 9), [4]);
});

test("strikes: the same seed strikes the same matches, and another seed or id others", () => {
  const chance = { probability: 0.5, seed: 1 };
  assert.deepEqual(struckOf(chance, 200), struckOf(chance, 200));
  assert.notDeepEqual(struckOf(chance, 200), struckOf({ ...chance, seed: 2 }, 200));
  assert.notDeepEqual(struckOf(chance, 200), struckOf(chance, 200, "other"));
});

/** The first six bytes of SHA-256 of "1 InternalError-1 N" as a number of 48 bits, less than a fifth of 2^48. */
const DRAWN = [10, 13, 17];

test("strikes: what a seed draws never changes", () => {
  assert.deepEqual(struckOf({ probability: 0.2, seed: 1 }, 20, "InternalError-1"), DRAWN);
});

test("draw: numbers are from 0 up to 1, and spread evenly", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), fc.nat(), (seed, id, matchNumber) => {
      const drawn = draw(seed, id, matchNumber);
      assert.ok(drawn >= 0 && drawn < 1);
    }),
  );
  const RUNS = 10_000;
  for (const probability of [0.05, 0.5, 0.9]) {
    const share = struckOf({ probability, seed: 42 }, RUNS).length / RUNS;
    assert.ok(Math.abs(share - probability) < 0.02, `${share} of ${probability}`);
  }
});

test("strikes: a higher probability strikes all that a lower one does", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (seed, one, other) => {
        const fewer = struckOf({ probability: Math.min(one, other), seed }, 30);
        const more = struckOf({ probability: Math.max(one, other), seed }, 30);
        assert.ok(fewer.every((matchNumber) => more.includes(matchNumber)));
      },
    ),
    { numRuns: 50 },
  );
});

test("strikes: slowDown strikes what goes beyond its budget, and a budget of 0 everything", () => {
  const slowDown = (requestsPerSecond: number, passed: number): boolean =>
    strikes(
      { ...readFaultRule({ action: { kind: "slowDown", requestsPerSecond } }), id: "s" },
      { matchNumber: 9, struck: 0, passed },
    );
  assert.ok(!slowDown(2, 1));
  assert.ok(slowDown(2, 2));
  assert.ok(slowDown(0, 0));
});

test("budgetOf: budgets are for each prefix, or bucket, or the rule", () => {
  const subject = (bucket: string, key: string | undefined, prefix?: string): FaultSubject => ({
    operation: "GetObject",
    method: "GET",
    bucket,
    key,
    prefix,
    accessKeyId: undefined,
    partNumber: undefined,
    nowMs: 0,
  });
  const budget = (per: string | undefined, of: FaultSubject): string | undefined =>
    budgetOf(readFaultRule({ action: { kind: "slowDown", requestsPerSecond: 1, ...(per !== undefined && { per }) } }), of);
  const same = (per: string | undefined, one: FaultSubject, other: FaultSubject): boolean =>
    budget(per, one) === budget(per, other);
  for (const per of ["prefix", undefined]) {
    assert.ok(same(per, subject("b", "a/1"), subject("b", "a/2")));
    assert.ok(same(per, subject("b", "a/1"), subject("b", undefined, "a/")));
    assert.ok(!same(per, subject("b", "a/1"), subject("b", "a/b/1")));
    assert.ok(!same(per, subject("b", "a/1"), subject("c", "a/1")));
  }
  assert.ok(same("bucket", subject("b", "a/1"), subject("b", "c/1")));
  assert.ok(!same("bucket", subject("b", "a/1"), subject("c", "a/1")));
  assert.ok(same("rule", subject("b", "a/1"), subject("c", "d/1")));
  assert.match(budget("bucket", subject("b", "k"))!, /^[0-9a-f]{16}$/);
  assert.equal(budgetOf(readFaultRule({ action: { kind: "delay", delayMs: 1 } }), subject("b", "k")), undefined);
});
