import assert from "node:assert/strict";
import { test } from "node:test";
import { addFaults } from "../../../src/server/faults/storedRules.ts";
import { readFaultRule } from "../../../src/faults/readFaultRule.ts";
import type { Asked } from "../../answers/AnswerServer.ts";
import { AnswerServer } from "../../answers/AnswerServer.ts";
import { element } from "../TestServer.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** Faults that come with a request, and servers on which none may strike. */

const GET: Asked = { method: "GET", path: "/bucket/key" };
const withFault = (fault: unknown): Asked => ({
  ...GET,
  headers: { "x-holdfast-fault": typeof fault === "string" ? fault : JSON.stringify(fault) },
});

test("x-holdfast-fault: an action strikes the request that brings it, and no other", async () => {
  await using faulty = await FaultyServer.start({ faultHeader: true });
  const answer = await faulty.send(withFault({ kind: "error", code: "SlowDown" }));
  assert.deepEqual([answer.status, element(answer, "Code")], [503, "SlowDown"]);
  assert.deepEqual((await faulty.lastRecord()).faults, ["x-holdfast-fault"]);
  assert.equal((await faulty.send(GET)).status, 200);
  await faulty.assertUnharmed();
});

test("x-holdfast-fault: an action may stand beside its stage", async () => {
  await using faulty = await FaultyServer.start({ faultHeader: true });
  const fault = withFault({ action: { kind: "error", code: "SlowDown" }, stage: "beforeAuthentication" });
  assert.equal((await faulty.answers.send(fault, "anonymous")).status, 503);
  assert.equal((await faulty.answers.send(GET, "anonymous")).status, 403);
  await faulty.assertUnharmed();
});

for (const [what, fault, explanation] of [
  ["is no JSON", "SlowDown", "It is no JSON."],
  ["is no fault", { kind: "explode" }, /action\.kind is &quot;explode&quot;/],
  ["has another stage", { action: { kind: "clock", aheadMs: 1 }, stage: "sending" }, /stage is &quot;sending&quot;/],
  ["says which requests", { action: { kind: "delay", delayMs: 1 }, match: { bucket: "b" } }, /match and chance mean nothing/],
  ["is for another operation", { kind: "keyErrors", code: "InternalError" }, /&quot;keyErrors&quot; cannot strike GetObject/],
] as const) {
  test(`x-holdfast-fault: a header that ${what} is InvalidArgument`, async () => {
    await using faulty = await FaultyServer.start({ faultHeader: true });
    const answer = await faulty.send(withFault(fault));
    assert.deepEqual(
      [answer.status, element(answer, "Code"), element(answer, "ArgumentName")],
      [400, "InvalidArgument", "x-holdfast-fault"],
    );
    if (typeof explanation === "string") assert.equal(element(answer, "Details"), explanation);
    else assert.match(element(answer, "Details")!, explanation);
    await faulty.assertUnharmed();
  });
}

test("x-holdfast-fault: without being asked for, the header means nothing", async () => {
  await using faulty = await FaultyServer.start();
  for (const fault of [{ kind: "error", code: "SlowDown" }, "nonsense"]) {
    assert.equal((await faulty.send(withFault(fault))).status, 200);
  }
  await faulty.assertUnharmed();
});

test("faults: on a server that was not started for them, neither rules of the store nor the header strike", async () => {
  await using answers = await AnswerServer.start({ faultHeader: true });
  const { store, service } = answers.server;
  await addFaults(store, [readFaultRule({ action: { kind: "error", code: "SlowDown" }, stage: "beforeAuthentication" })]);
  for (const asked of [GET, withFault({ kind: "error", code: "SlowDown" }), withFault("nonsense")]) {
    const answer = await answers.send(asked, "header");
    assert.deepEqual([answer.status, answer.body], [200, "hello world"]);
  }
  const [record] = await service.journal.find({ limit: 1 });
  assert.equal(record!.faults, undefined);
  assert.equal(store.past, undefined);
});
