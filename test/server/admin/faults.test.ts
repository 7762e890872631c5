import assert from "node:assert/strict";
import { test } from "node:test";
import { StoredFaults } from "../../../src/server/faults/StoredFaults.ts";
import { addFaultRules } from "../../../src/store/faults/faultRules.ts";
import type { TestServer } from "../TestServer.ts";
import { ask, startAdminServer } from "./AdminClient.ts";

const ANY_RULE = { action: { kind: "delay", delayMs: 1 } };

function started(): Promise<TestServer> {
  return startAdminServer({ faults: new StoredFaults() });
}

async function ids(server: TestServer): Promise<string[]> {
  const { status, json } = await ask(server.port, "GET", "/-/faults");
  assert.equal(status, 200);
  return json.faults.map(({ id }: { readonly id: string }) => id);
}

test("AddFaults: a rule is filled in, kept and listed with its counts", async () => {
  await using server = await started();
  const body = { match: { operations: ["PutObject"] }, chance: { nth: [1] }, action: { kind: "error", code: "SlowDown" } };
  const added = await ask(server.port, "POST", "/-/faults", { body });
  const rule = { id: "SlowDown-1", ...body, stage: "beforeExecution" };
  assert.deepEqual([added.status, added.json], [200, { faults: [rule] }]);
  const { json } = await ask(server.port, "GET", "/-/faults");
  assert.deepEqual(json, { enabled: true, faults: [{ id: "SlowDown-1", rule, matched: 0, struck: 0 }] });
});

test("AddFaults: several rules are added in one step, or none of them", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", { body: { rules: [{ id: "a", ...ANY_RULE }, ANY_RULE] } });
  assert.deepEqual(await ids(server), ["a", "delay-1"]);
  const { status, json } = await ask(server.port, "POST", "/-/faults", {
    body: {
      rules: [
        { id: "b", ...ANY_RULE },
        { id: "c", action: {} },
      ],
    },
  });
  assert.deepEqual([status, json.code], [400, "InvalidRequest"]);
  assert.match(json.explanation, /^rules\[1\]\.action\.kind is missing; .* Nothing was changed\.$/);
  assert.deepEqual(await ids(server), ["a", "delay-1"]);
});

for (const [what, body, explanation] of [
  ["no JSON", "{", /^The body is no JSON: .* Nothing was changed\.$/],
  ["empty", "", /^The body is no JSON: /],
  ["no object", "1", /^The rule is 1, and has to be an object with "id", /],
  [
    "a misspelt code",
    { action: { kind: "error", code: "SlowDwon" } },
    /^action\.code is "SlowDwon", .*did you mean "SlowDown"\?/,
  ],
  ["an unknown member", { ...ANY_RULE, wehn: 1 }, /^wehn means nothing/],
  ["a rule beside rules", { rules: [ANY_RULE], ...ANY_RULE }, /^action means nothing beside rules/],
  ["no rules", { rules: [] }, /^rules has to be a list of 1 to 1000 rules\./],
  ["a fault of events", { action: { kind: "lost" } }, /events are not built yet/],
] as const) {
  test(`AddFaults: a body that is ${what} is InvalidRequest, and says precisely why`, async () => {
    await using server = await started();
    const { status, json } = await ask(server.port, "POST", "/-/faults", { body });
    assert.deepEqual([status, json.code], [400, "InvalidRequest"]);
    assert.match(json.explanation, explanation);
    assert.deepEqual(await ids(server), []);
  });
}

test("AddFaults: an id that is taken is InvalidRequest", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", { body: { id: "a", ...ANY_RULE } });
  const { status, json } = await ask(server.port, "POST", "/-/faults", { body: { id: "a", ...ANY_RULE } });
  assert.deepEqual([status, json.code], [400, "InvalidRequest"]);
  assert.match(json.explanation, /^There is a rule "a" already/);
});

test("ApplyScenario: its rules become the only ones, with its seed", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", { body: { id: "before", ...ANY_RULE } });
  const body = {
    name: "mine",
    description: "for this test",
    seed: 5,
    rules: [{ id: "half", chance: { probability: 0.5 }, ...ANY_RULE }],
  };
  const { status, json } = await ask(server.port, "PUT", "/-/faults", { body });
  assert.equal(status, 200);
  assert.deepEqual(json.faults[0].chance, { probability: 0.5, seed: 5 });
  assert.deepEqual(await ids(server), ["half"]);
  const wrong = await ask(server.port, "PUT", "/-/faults", { body: { name: "mine", rules: [] } });
  assert.deepEqual([wrong.status, wrong.json.code], [400, "InvalidRequest"]);
  assert.deepEqual(await ids(server), ["half"]);
});

test("ClearFaults: every rule goes", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", { body: { rules: [ANY_RULE, ANY_RULE] } });
  const { status, json } = await ask(server.port, "DELETE", "/-/faults");
  assert.deepEqual([status, json], [200, { removed: 2 }]);
  assert.deepEqual(await ids(server), []);
});

test("RemoveFault: one rule goes; one that is not there is NoSuchResource", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", {
    body: {
      rules: [
        { id: "a", ...ANY_RULE },
        { id: "b", ...ANY_RULE },
      ],
    },
  });
  assert.deepEqual((await ask(server.port, "DELETE", "/-/faults/a")).json, { removed: 1 });
  const { status, json } = await ask(server.port, "DELETE", "/-/faults/a");
  assert.deepEqual([status, json.code, json.details], [404, "NoSuchResource", { ResourceId: "a" }]);
  assert.deepEqual(await ids(server), ["b"]);
});

test("ListFaults: a rule that this version cannot read is told with its problem", async () => {
  await using server = await started();
  await addFaultRules(server.store, [{ id: "later", stem: "x", document: '{"action":{"kind":"ofLater"}}' }]);
  const { json } = await ask(server.port, "GET", "/-/faults");
  assert.equal(json.faults[0].id, "later");
  assert.match(json.faults[0].problem, /kind/);
});

test("Faults: without --faults adding is NotImplemented and says so; listing, clearing and removing work", async () => {
  await using server = await startAdminServer();
  await addFaultRules(server.store, [{ id: "kept", stem: "x", document: JSON.stringify(ANY_RULE) }]);
  for (const method of ["POST", "PUT"]) {
    const { status, json } = await ask(server.port, method, "/-/faults", { body: ANY_RULE });
    assert.deepEqual([status, json.code], [501, "NotImplemented"]);
    assert.match(json.explanation, /^Faults are off on this server: start it with --faults/);
  }
  const { json } = await ask(server.port, "GET", "/-/faults");
  assert.deepEqual([json.enabled, json.faults.length], [false, 1]);
  assert.deepEqual((await ask(server.port, "DELETE", "/-/faults/kept")).json, { removed: 1 });
  assert.deepEqual((await ask(server.port, "DELETE", "/-/faults")).json, { removed: 0 });
});

test("Faults: the admin API itself is never struck, and no rule counts it", async () => {
  await using server = await started();
  await ask(server.port, "POST", "/-/faults", { body: { action: { kind: "error", code: "InternalError" } } });
  const { status, json } = await ask(server.port, "GET", "/-/faults");
  assert.deepEqual([status, json.faults[0].matched, json.faults[0].struck], [200, 0, 0]);
});
