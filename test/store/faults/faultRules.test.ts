import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SCENARIO_RULES } from "../../../src/faults/readFaultRule.ts";
import { countFaultMatches } from "../../../src/store/faults/countFaultMatches.ts";
import type { FaultRuleText } from "../../../src/store/faults/faultRules.ts";
import {
  addFaultRules,
  clearFaultRules,
  FaultRulesError,
  listFaultRules,
  MAX_FAULT_RULES,
  readFaultRules,
  removeFaultRule,
} from "../../../src/store/faults/faultRules.ts";
import { faultRuleRow, faultTables } from "../../../src/store/records/FaultRuleRecord.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRows } from "../../../src/store/transact.ts";
import { flipBit, openTestStore } from "../testStore.ts";

const rule = (stem: string, id?: string): FaultRuleText => ({ id, stem, document: `{"of":"${id ?? stem}"}` });

async function idsIn(store: Store): Promise<string[]> {
  return (await listFaultRules(store)).map(({ id }) => id);
}

test("addFaultRules: rules without an id get the first number that is free behind their stem", async () => {
  const store = await openTestStore();
  assert.deepEqual(await addFaultRules(store, [rule("SlowDown"), rule("delay"), rule("SlowDown")]), [
    "SlowDown-1",
    "delay-1",
    "SlowDown-2",
  ]);
  await removeFaultRule(store, "SlowDown-1");
  const added = await addFaultRules(store, [rule("SlowDown"), rule("SlowDown"), rule("x", "SlowDown-3")]);
  assert.deepEqual(added, ["SlowDown-1", "SlowDown-4", "SlowDown-3"]);
});

test("addFaultRules: rules keep the order in which they were added", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [rule("z"), rule("a")]);
  await addFaultRules(store, [rule("b")]);
  assert.deepEqual(await idsIn(store), ["z-1", "a-1", "b-1"]);
  const { rules } = await readFaultRules(store);
  assert.deepEqual(rules, [
    { id: "z-1", document: '{"of":"z"}' },
    { id: "a-1", document: '{"of":"a"}' },
    { id: "b-1", document: '{"of":"b"}' },
  ]);
});

test("addFaultRules: an id that is taken is refused, and nothing changes", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [rule("x", "mine")]);
  const before = await readFaultRules(store);
  for (const rules of [
    [rule("y"), rule("x", "mine")],
    [rule("x", "twice"), rule("x", "twice")],
  ])
    await assert.rejects(addFaultRules(store, rules), (error) => error instanceof FaultRulesError && error.reason === "idTaken");
  assert.deepEqual(await readFaultRules(store), before);
});

test("addFaultRules: what replaces all rules may have their ids, and begins with counts of its own", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [rule("x", "mine"), rule("y")]);
  const { revision } = await readFaultRules(store);
  await countFaultMatches(store, revision, 0, [{ id: "mine", budget: undefined, strikes: () => true }]);
  await addFaultRules(store, [rule("z", "mine")], { replaces: true });
  assert.deepEqual(await listFaultRules(store), [{ id: "mine", document: '{"of":"mine"}', matched: 0, struck: 0 }]);
});

test("addFaultRules: a store keeps as many rules as a scenario may have, and no more", async () => {
  assert.equal(MAX_SCENARIO_RULES, MAX_FAULT_RULES);
  const store = await openTestStore();
  const most = Array.from({ length: MAX_FAULT_RULES }, () => rule("x"));
  await addFaultRules(store, most);
  await assert.rejects(addFaultRules(store, [rule("x")]), {
    name: "FaultRulesError",
    reason: "tooMany",
    message: "There would be 1001 rules, and 1000 is the most that a store keeps.",
  });
  await addFaultRules(store, most, { replaces: true });
  assert.equal((await idsIn(store)).length, MAX_FAULT_RULES);
});

test("removeFaultRule, clearFaultRules: they tell what was there, and leave no row of it", async () => {
  const store = await openTestStore();
  assert.equal(await removeFaultRule(store, "x-1"), false);
  assert.equal(await clearFaultRules(store), 0);
  await addFaultRules(store, [rule("x"), rule("x"), rule("x", "x-10")]);
  assert.equal(await removeFaultRule(store, "x-1"), true);
  assert.equal(await removeFaultRule(store, "x-1"), false);
  assert.deepEqual(await idsIn(store), ["x-2", "x-10"]);
  assert.equal(await clearFaultRules(store), 2);
  const { tables } = await readRows(store, { tables: faultTables(10) });
  assert.deepEqual(tables.slice(1), [[], []]);
});

test("removeFaultRule: a rule that cannot be read can be removed", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [rule("x")]);
  await flipBit(store, faultRuleRow("x-1").key, 20);
  await assert.rejects(async () => listFaultRules(store), { name: "UnreadableRecordError" });
  assert.equal(await removeFaultRule(store, "x-1"), true);
  assert.deepEqual(await listFaultRules(store), []);
});

test("readFaultRules: every change of the rules makes another revision, and what changes nothing does not", async () => {
  const store = await openTestStore();
  const seen = new Set<string>();
  const revision = async (): Promise<string> => (await readFaultRules(store)).revision;
  seen.add(await revision());
  for (const change of [
    () => addFaultRules(store, [rule("x"), rule("x")]),
    () => removeFaultRule(store, "x-1"),
    () => addFaultRules(store, [rule("x")], { replaces: true }),
    () => clearFaultRules(store),
    () => addFaultRules(store, [rule("x")]),
  ]) {
    await change();
    const now = await revision();
    assert.ok(!seen.has(now));
    seen.add(now);
  }
  const last = await revision();
  await removeFaultRule(store, "none");
  await countFaultMatches(store, last, 0, [{ id: "x-1", budget: undefined, strikes: () => true }]);
  assert.equal(await revision(), last);
});
