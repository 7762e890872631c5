import assert from "node:assert/strict";
import { test } from "node:test";
import { countFaultMatches, MAX_FAULT_BUDGETS } from "../../../src/store/faults/countFaultMatches.ts";
import { addFaultRules, clearFaultRules, listFaultRules, readFaultRules } from "../../../src/store/faults/faultRules.ts";
import type { Store } from "../../../src/store/Store.ts";
import { openTestStore } from "../testStore.ts";

const NOW_MS = 1_800_000_000_000;

async function storeWith(...ids: string[]): Promise<{ store: Store; revision: string }> {
  const store = await openTestStore();
  await addFaultRules(
    store,
    ids.map((id) => ({ id, stem: "", document: "{}" })),
  );
  return { store, revision: (await readFaultRules(store)).revision };
}

test("countFaultMatches: however many requests come at once, each match has its number, and the counts are exact", async () => {
  const { store, revision } = await storeWith("all", "third");
  const matches = [
    { id: "all", budget: undefined, strikes: () => true },
    { id: "third", budget: undefined, strikes: ({ matchNumber }: { matchNumber: number }) => matchNumber % 3 === 0 },
  ];
  const counted = await Promise.all(Array.from({ length: 30 }, () => countFaultMatches(store, revision, NOW_MS, matches)));
  const numbersOf = (id: string): number[] =>
    counted.flatMap((struck) => struck!.filter((one) => one.id === id).map(({ matchNumber }) => matchNumber));
  assert.deepEqual(
    numbersOf("all"),
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  assert.deepEqual(numbersOf("third"), [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
  assert.deepEqual(
    (await listFaultRules(store)).map(({ id, matched, struck }) => [id, matched, struck]),
    [
      ["all", 30, 30],
      ["third", 30, 10],
    ],
  );
});

test("countFaultMatches: a rule hears how often it has struck before", async () => {
  const { store, revision } = await storeWith("twice");
  const strikes = ({ struck }: { struck: number }): boolean => struck < 2;
  const numbers: number[] = [];
  for (let request = 0; request < 4; request++)
    numbers.push((await countFaultMatches(store, revision, NOW_MS, [{ id: "twice", budget: undefined, strikes }]))!.length);
  assert.deepEqual(numbers, [1, 1, 0, 0]);
});

test("countFaultMatches: nothing is counted when the rules have changed", async () => {
  const { store, revision } = await storeWith("a");
  const matches = [{ id: "a", budget: undefined, strikes: () => true }];
  await addFaultRules(store, [{ id: undefined, stem: "b", document: "{}" }]);
  assert.equal(await countFaultMatches(store, revision, NOW_MS, matches), undefined);
  assert.equal((await listFaultRules(store))[0]!.matched, 0);
  await clearFaultRules(store);
  assert.equal(await countFaultMatches(store, revision, NOW_MS, matches), undefined);
});

/** A rule that lets two requests of a budget go on in each second. */
function budgeted(store: Store, revision: string): (budget: string, nowMs: number) => Promise<boolean> {
  return async (budget, nowMs) => {
    const strikes = ({ passed }: { passed: number }): boolean => passed >= 2;
    return (await countFaultMatches(store, revision, nowMs, [{ id: "a", budget, strikes }]))!.length === 1;
  };
}

test("countFaultMatches: a budget is for one second and one name, and what is struck takes nothing of it", async () => {
  const { store, revision } = await storeWith("a");
  const strikes = budgeted(store, revision);
  assert.deepEqual([await strikes("one", NOW_MS), await strikes("one", NOW_MS + 999)], [false, false]);
  assert.ok(await strikes("one", NOW_MS));
  assert.ok(await strikes("one", NOW_MS + 1));
  assert.ok(!(await strikes("other", NOW_MS)));
  assert.ok(!(await strikes("one", NOW_MS + 1_000)));
  assert.ok(!(await strikes("one", NOW_MS + 999)), "it began in the second before, and is counted in this one");
  assert.ok(await strikes("one", NOW_MS + 1_000));
  assert.ok(!(await strikes("one", NOW_MS - 60_000)), "a clock that was set back begins anew");
});

test("countFaultMatches: no more budgets are remembered than fit, and the one used first makes room", async () => {
  const { store, revision } = await storeWith("a");
  const strikes = budgeted(store, revision);
  for (const name of ["first", "first", "last", "last"]) await strikes(name, NOW_MS);
  for (let other = 2; other < MAX_FAULT_BUDGETS; other++) await strikes(`other-${other}`, NOW_MS);
  assert.ok(await strikes("first", NOW_MS));
  await strikes("one more", NOW_MS);
  assert.ok(await strikes("last", NOW_MS));
  assert.ok(!(await strikes("first", NOW_MS)), "it was forgotten");
});
