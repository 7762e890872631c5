import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../src/faults/FaultRule.ts";
import type { RequestRecord } from "../../src/journal/RequestRecord.ts";
import { callsOf } from "../../src/trial/calls.ts";
import { judge, SLOWING_DOWN_MS } from "../../src/trial/judge.ts";
import { recordOf } from "./recordOf.ts";

const NO_RULES: ReadonlyMap<string, FaultRule> = new Map();

const DROPPED: FaultRule = {
  id: "dropped",
  match: {},
  chance: {},
  action: { kind: "disconnect", how: "reset" },
  stage: "afterCommit",
};

function judged(records: readonly RequestRecord[], rules: readonly FaultRule[] = []) {
  return judge(callsOf(records, new Map(rules.map((rule) => [rule.id, rule]))));
}

test("callsOf: attempts of one invocation are one call, whatever lies between them", () => {
  const calls = callsOf(
    [
      recordOf({ invocationId: "a", atMs: 0, errorCode: "SlowDown" }),
      recordOf({ invocationId: "b", atMs: 1 }),
      recordOf({ invocationId: "a", atMs: 301 }),
    ],
    NO_RULES,
  );
  assert.deepEqual(
    calls.map(({ attempts }) => attempts.map(({ waitMs, failure }) => [failure, waitMs])),
    [
      [
        ["SlowDown", undefined],
        [undefined, 300],
      ],
      [[undefined, undefined]],
    ],
  );
});

test("callsOf: without an invocation, the same request after a failure is its next attempt, and after a success another call", () => {
  const records = [
    recordOf({ atMs: 0, errorCode: "InternalError" }),
    recordOf({ atMs: 10 }),
    recordOf({ atMs: 20 }),
    recordOf({ atMs: 30, key: "other", errorCode: "InternalError" }),
    recordOf({ atMs: 30 + 120_001, key: "other" }),
  ];
  assert.deepEqual(
    callsOf(records, NO_RULES).map(({ attempts }) => attempts.length),
    [2, 1, 1, 1],
  );
});

test("callsOf: parts of an upload are calls of their own, and what is no operation is none", () => {
  const records = [
    recordOf({ operation: "UploadPart", uploadId: "u", partNumber: 1, errorCode: "SlowDown" }),
    recordOf({ operation: "UploadPart", uploadId: "u", partNumber: 2 }),
    recordOf({ operation: undefined, target: "/-/health" }),
  ];
  assert.deepEqual(
    callsOf(records, NO_RULES).map(({ partNumber }) => partNumber),
    [1, 2],
  );
});

test("judge: who tries again after every InternalError retries it; who never does, does not", () => {
  const failed = { errorCode: "InternalError" };
  assert.equal(judged([recordOf(failed), recordOf({ atMs: 5 })]).retriesInternalError, "yes");
  assert.equal(judged([recordOf(failed)]).retriesInternalError, "no");
  assert.equal(
    judged([recordOf(failed), recordOf({ key: "b", ...failed }), recordOf({ atMs: 5 })]).retriesInternalError,
    "partly",
  );
  assert.equal(judged([recordOf({})]).retriesInternalError, "not seen");
});

test("judge: who tried often and gave up at last has retried", () => {
  const failed = { errorCode: "InternalError" };
  const result = judged([recordOf(failed), recordOf({ atMs: 5, ...failed }), recordOf({ atMs: 9, ...failed })]);
  assert.equal(result.retriesInternalError, "yes");
  assert.equal(result.givenUp.length, 1);
  assert.deepEqual(result.failures, [
    { failure: "InternalError", met: 3, retried: 2, givenUp: 1, waits: { minMs: 3, medianMs: 4, maxMs: 4 } },
  ]);
});

test("judge: slowing down is to wait before the next attempt, as the middle of the waits says", () => {
  const slow = (waitMs: number) => [
    recordOf({ errorCode: "SlowDown", status: 503, milliseconds: 0 }),
    recordOf({ atMs: waitMs, milliseconds: 0 }),
  ];
  assert.equal(judged(slow(SLOWING_DOWN_MS)).slowsDown, "yes");
  assert.equal(judged(slow(SLOWING_DOWN_MS - 1)).slowsDown, "no");
  assert.equal(judged([recordOf({})]).slowsDown, "not seen");
});

test("judge: who takes an error inside a 200 for success does not read codes", () => {
  const inside = { operation: "CompleteMultipartUpload", method: "POST", status: 200, errorCode: "InternalError" };
  assert.equal(judged([recordOf(inside)]).readsCodes, "no");
  assert.equal(judged([recordOf(inside), recordOf({ ...inside, errorCode: undefined, atMs: 9 })]).readsCodes, "yes");
});

test("judge: who tries again what is refused for good does not read codes", () => {
  const denied = { errorCode: "AccessDenied", status: 403 };
  assert.equal(judged([recordOf(denied)]).readsCodes, "yes");
  assert.equal(judged([recordOf(denied), recordOf({ atMs: 9, ...denied })]).readsCodes, "no");
});

test("judge: a write whose answer was dropped and that is sent again was done twice", () => {
  const dropped = recordOf({ faults: [DROPPED.id] });
  const result = judged([dropped, recordOf({ atMs: 9 })], [DROPPED]);
  assert.equal(result.duplicates.length, 1);
  assert.equal(result.failures[0]?.failure, "connection lost");
  const read = { operation: "GetObject", method: "GET" };
  assert.equal(
    judged([recordOf({ ...read, faults: [DROPPED.id] }), recordOf({ ...read, atMs: 9 })], [DROPPED]).duplicates.length,
    0,
  );
});

test("judge: a write whose connection was lost before it ran was done once", () => {
  const early: FaultRule = { ...DROPPED, stage: "beforeExecution" };
  assert.equal(judged([recordOf({ faults: [early.id] }), recordOf({ atMs: 9 })], [early]).duplicates.length, 0);
});

test("judge: a write that was done and answered with an error is done twice when it is sent again", () => {
  const late: FaultRule = { ...DROPPED, id: "late", action: { kind: "error", code: "InternalError" } };
  const failed = { errorCode: "InternalError", faults: [late.id] };
  assert.equal(judged([recordOf(failed), recordOf({ atMs: 9 })], [late]).duplicates.length, 1);
  const early: FaultRule = { ...late, stage: "beforeExecution" };
  assert.equal(judged([recordOf(failed), recordOf({ atMs: 9 })], [early]).duplicates.length, 0);
});

test("callsOf: an invocation id that was sent empty joins nothing", () => {
  const records = [recordOf({ invocationId: "" }), recordOf({ invocationId: "", key: "other", atMs: 1 })];
  assert.equal(callsOf(records, NO_RULES).length, 2);
});
