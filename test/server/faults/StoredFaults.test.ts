import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultSubject } from "../../../src/faults/FaultRule.ts";
import { readFaultRule, readScenario } from "../../../src/faults/readFaultRule.ts";
import { StoredFaults } from "../../../src/server/faults/StoredFaults.ts";
import { addFaults, applyScenario, listFaults } from "../../../src/server/faults/storedRules.ts";
import { addFaultRules, clearFaultRules } from "../../../src/store/faults/faultRules.ts";
import type { Store } from "../../../src/store/Store.ts";
import type { TestStore } from "../../store/testStore.ts";
import { openTestStore } from "../../store/testStore.ts";

const GET: FaultSubject = {
  operation: "GetObject",
  method: "GET",
  bucket: "photos",
  key: "cat",
  prefix: undefined,
  accessKeyId: "AKIA",
  partNumber: undefined,
  nowMs: 1_800_000_000_000,
};
const SLOW_DOWN = { kind: "error", code: "SlowDown" } as const;

/** How many rows are read until a call has its result. */
async function rowsReadBy(store: TestStore, work: () => unknown): Promise<number> {
  const { read } = store.metadata;
  let rows = 0;
  store.metadata.read = (readSet) => {
    rows += readSet.keys.length + (readSet.ranges?.length ?? 0);
    return read.call(store.metadata, readSet);
  };
  await work();
  store.metadata.read = read;
  return rows;
}

test("StoredFaults: without a rule, and with rules about others, a request costs one row and waits for nothing", async () => {
  const store = await openTestStore();
  const faults = new StoredFaults();
  assert.equal(await rowsReadBy(store, () => assert.deepEqual(faults.plan(store, GET), [])), 1);
  await addFaults(store, [readFaultRule({ match: { operations: ["PutObject"] }, action: SLOW_DOWN })]);
  assert.deepEqual(await faults.plan(store, GET), []);
  assert.equal(await rowsReadBy(store, () => assert.deepEqual(faults.plan(store, GET), [])), 1);
  await clearFaultRules(store);
  assert.equal(await rowsReadBy(store, () => assert.deepEqual(faults.plan(store, GET), [])), 1);
});

test("StoredFaults: all rules that strike come in their order, each with the number of its match", async () => {
  const store = await openTestStore();
  const faults = new StoredFaults();
  const [z, second, a] = await addFaults(store, [
    readFaultRule({ id: "z", action: SLOW_DOWN }),
    readFaultRule({ id: "second", action: SLOW_DOWN, chance: { every: 2 } }),
    readFaultRule({ id: "a", action: { kind: "delay", delayMs: 5 }, match: { bucket: "photos" } }),
  ]);
  assert.deepEqual(await faults.plan(store, GET), [
    { rule: z, matchNumber: 1 },
    { rule: a, matchNumber: 1 },
  ]);
  assert.deepEqual(await faults.plan(store, GET), [
    { rule: z, matchNumber: 2 },
    { rule: second, matchNumber: 2 },
    { rule: a, matchNumber: 2 },
  ]);
  assert.deepEqual(
    (await listFaults(store)).map(({ id, matched, struck }) => [id, matched, struck]),
    [
      ["z", 2, 2],
      ["second", 2, 1],
      ["a", 2, 2],
    ],
  );
});

test("StoredFaults: a change of the rules counts from the next request on, in every process", async () => {
  const store = await openTestStore();
  const processes = [new StoredFaults(), new StoredFaults()];
  const struck = (): Promise<string[][]> =>
    Promise.all(processes.map(async (faults) => (await faults.plan(store, GET)).map(({ rule }) => rule.id)));
  await addFaults(store, [readFaultRule({ action: SLOW_DOWN })]);
  assert.deepEqual(await struck(), [["SlowDown-1"], ["SlowDown-1"]]);
  await applyScenario(store, readScenario({ name: "n", description: "d", rules: [{ id: "new", action: SLOW_DOWN }] }));
  assert.deepEqual(await struck(), [["new"], ["new"]]);
  await clearFaultRules(store);
  assert.deepEqual(await struck(), [[], []]);
});

test("StoredFaults: rules that change while a match is counted are looked at once more", async () => {
  const store = await openTestStore();
  const faults = new StoredFaults();
  await addFaults(store, [readFaultRule({ id: "old", action: SLOW_DOWN })]);
  await faults.plan(store, GET);
  const { transact } = store.metadata;
  store.metadata.transact = async (readSet, decide) => {
    store.metadata.transact = transact;
    await applyScenario(store, readScenario({ name: "n", description: "d", rules: [{ id: "new", action: SLOW_DOWN }] }));
    return transact.call(store.metadata, readSet, decide as never) as never;
  };
  assert.deepEqual(
    (await faults.plan(store, GET)).map(({ rule, matchNumber }) => [rule.id, matchNumber]),
    [["new", 1]],
  );
});

test("StoredFaults: one seed strikes the same requests in every store, and each store has its own counts", async () => {
  const scenario = readScenario({ name: "n", description: "d", rules: [{ action: SLOW_DOWN, chance: { probability: 0.5 } }] }, 3);
  const run = async (): Promise<number[]> => {
    const store: Store = await openTestStore();
    const faults = new StoredFaults();
    await applyScenario(store, scenario);
    const struck: number[] = [];
    for (let request = 0; request < 20; request++) struck.push((await faults.plan(store, GET)).length);
    return struck;
  };
  const first = await run();
  assert.deepEqual(await run(), first);
  assert.deepEqual([...new Set(first)].toSorted(), [0, 1]);
});

test("StoredFaults: a budget of a slowDown is shared by all processes", async () => {
  const store = await openTestStore();
  const processes = [new StoredFaults(), new StoredFaults()];
  await addFaults(store, [readFaultRule({ action: { kind: "slowDown", requestsPerSecond: 3 } })]);
  const struck: number[] = [];
  for (let request = 0; request < 6; request++) struck.push((await processes[request % 2]!.plan(store, GET)).length);
  assert.deepEqual(struck, [0, 0, 0, 1, 1, 1]);
  assert.equal((await processes[0]!.plan(store, { ...GET, nowMs: GET.nowMs + 1_000 })).length, 0);
});

test("StoredFaults: a rule of a later version strikes nothing and keeps the others from nothing, and the list says so", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [
    { id: "later", stem: "", document: '{"action":{"kind":"earthquake"}}' },
    { id: "torn", stem: "", document: '{"action":' },
  ]);
  const [known] = await addFaults(store, [readFaultRule({ id: "known", action: SLOW_DOWN })]);
  assert.deepEqual(await new StoredFaults().plan(store, GET), [{ rule: known, matchNumber: 1 }]);
  const [later, torn, listed] = await listFaults(store);
  assert.equal(later!.rule, undefined);
  assert.match(later!.problem!, /^action\.kind is "earthquake", and has to be /);
  assert.equal(torn!.rule, undefined);
  assert.deepEqual(listed, { id: "known", rule: known, problem: undefined, matched: 1, struck: 1 });
});
