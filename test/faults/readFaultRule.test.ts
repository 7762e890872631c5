import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, FAULT_KINDS, FAULT_STAGES, MAX_WAIT_MS } from "../../src/faults/actions.ts";
import { FaultRuleError } from "../../src/faults/FaultRule.ts";
import { faultIdStem, MAX_SCENARIO_RULES, readFaultRule, readScenario } from "../../src/faults/readFaultRule.ts";

const SLOW_DOWN = { kind: "error", code: "SlowDown" } as const;

test("readFaultRule: what a rule leaves out is filled in", () => {
  assert.deepEqual(readFaultRule({ action: SLOW_DOWN }), {
    id: undefined,
    match: {},
    chance: {},
    action: SLOW_DOWN,
    stage: "beforeExecution",
  });
  assert.equal(readFaultRule({ action: { kind: "contentLength", byBytes: -5 } }).stage, "sending");
  assert.equal(readFaultRule({ action: { kind: "clock", aheadMs: 1 } }).stage, "beforeAuthentication");
});

test("readFaultRule: a probability gets the seed, unless it has its own", () => {
  const seedOf = (chance: object, seed?: number): unknown => readFaultRule({ action: SLOW_DOWN, chance }, "", seed).chance.seed;
  assert.equal(seedOf({ probability: 0.5 }), 0);
  assert.equal(seedOf({ probability: 0.5 }, 7), 7);
  assert.equal(seedOf({ probability: 0.5, seed: 3 }, 7), 3);
  assert.equal(seedOf({ every: 2 }, 7), undefined);
});

test("readFaultRule: times are kept in UTC", () => {
  const { match } = readFaultRule({ action: SLOW_DOWN, match: { from: "2026-01-31T12:00:00+02:00", until: "2026-02-01" } });
  assert.deepEqual(match, { from: "2026-01-31T10:00:00.000Z", until: "2026-02-01T00:00:00.000Z" });
});

test("readFaultRule: members that the library left undefined are as if they were not there", () => {
  const { match } = readFaultRule({ id: undefined, action: SLOW_DOWN, match: { bucket: undefined, key: "k" } });
  assert.deepEqual(match, { key: "k" });
});

for (const [title, rule, message] of [
  [
    "no object",
    "SlowDown",
    'The rule is "SlowDown", and has to be an object with "id", "match", "chance", "action" and "stage".',
  ],
  ["no action", {}, 'action is missing; it has to be an object with "kind" and what belongs to it.'],
  [
    "an action that is a text",
    { action: "SlowDown" },
    'action is "SlowDown", and has to be an object with "kind" and what belongs to it.',
  ],
  [
    "a kind that is near another",
    { action: { kind: "dealy", delayMs: 1 } },
    /^action\.kind is "dealy", and has to be "error", .* or "disk"; did you mean "delay"\?$/,
  ],
  ["no kind", { action: { code: "SlowDown" } }, /^action\.kind is missing; it has to be "error", /],
  ["a kind of Object's", { action: { kind: "constructor" } }, /^action\.kind is "constructor", and has to be /],
  [
    "events",
    { action: { kind: "duplicated" } },
    'action.kind is "duplicated": events are not built yet, so none can be lost or come twice.',
  ],
  [
    "lost events",
    { action: { kind: "lost", every: 2 } },
    'action.kind is "lost": events are not built yet, so none can be lost or come twice.',
  ],
  [
    "a code that is near another",
    { action: { kind: "error", code: "SlowDwn" } },
    'action.code is "SlowDwn", and has to be a code of S3\'s (docs/errors.md has them all); did you mean "SlowDown"?',
  ],
  [
    "an operation that is near another",
    { action: SLOW_DOWN, match: { operations: ["GetObject", "PutObjet"] } },
    'match.operations[1] is "PutObjet", and has to be an operation of S3\'s; did you mean "PutObject"?',
  ],
  [
    "an operation twice",
    { action: SLOW_DOWN, match: { operations: ["GetObject", "GetObject"] } },
    'match.operations[1] is "GetObject", which stands there already.',
  ],
  [
    "no operations",
    { action: SLOW_DOWN, match: { operations: [] } },
    /^match\.operations is \[\], and has to be a list of 1 to \d+, each an operation of S3's, and no two the same\.$/,
  ],
  [
    "a member that is near another",
    { action: SLOW_DOWN, match: { bukcet: "b" } },
    'match.bukcet means nothing; did you mean "bucket"?',
  ],
  [
    "a member of another kind",
    { action: { kind: "delay", delayMs: 1, atByte: 2 } },
    'action.atByte means nothing; what may stand there is "delayMs".',
  ],
  [
    "a member of every object's",
    { action: JSON.parse('{"kind": "delay", "delayMs": 1, "__proto__": 2}') as unknown },
    'action.__proto__ means nothing; what may stand there is "delayMs".',
  ],
  [
    "too long a delay",
    { action: { kind: "delay", delayMs: MAX_WAIT_MS + 1 } },
    "action.delayMs is 600001, and has to be a whole number from 1 to 600000.",
  ],
  [
    "half a millisecond",
    { action: { kind: "delay", delayMs: 0.5 } },
    "action.delayMs is 0.5, and has to be a whole number from 1 to 600000.",
  ],
  [
    "a number as text",
    { action: { kind: "delay", delayMs: "5" } },
    'action.delayMs is "5", and has to be a whole number from 1 to 600000.',
  ],
  [
    "no number at all",
    { action: { kind: "delay", delayMs: Number.NaN } },
    "action.delayMs is NaN, and has to be a whole number from 1 to 600000.",
  ],
  [
    "what JSON has not",
    { action: { kind: "delay", delayMs: 5n } },
    "action.delayMs is 5, and has to be a whole number from 1 to 600000.",
  ],
  [
    "no difference",
    { action: { kind: "contentLength", byBytes: 0 } },
    "action.byBytes is 0, and has to be a whole number from -1073741824 to 1073741824, and not 0.",
  ],
  [
    "a probability of nothing",
    { action: SLOW_DOWN, chance: { probability: 0 } },
    "chance.probability is 0, and has to be a number above 0, up to 1.",
  ],
  ["another status", { action: { kind: "status", status: 404 } }, "action.status is 404, and has to be 500, 502, 503 or 504."],
  [
    "a header in an endpoint",
    { action: { kind: "redirect", status: 307, endpoint: "a\r\nb" } },
    /^action\.endpoint is "a\\r\\nb", and has to be a host name, with a port if need be, /,
  ],
  [
    "a control character in a message",
    { action: { ...SLOW_DOWN, message: "a\nb" } },
    'action.message is "a\\nb", and has to be text of 1 to 1024 characters without control characters.',
  ],
  [
    "an id with a space",
    { id: "a b", action: SLOW_DOWN },
    'id is "a b", and has to be 1 to 64 letters, digits, ".", "_" and "-".',
  ],
  [
    "a day that is not there",
    { action: SLOW_DOWN, match: { from: "2026-02-30" } },
    /^match\.from is "2026-02-30", and has to be a time in ISO 8601, /,
  ],
  [
    "a window without length",
    { action: SLOW_DOWN, match: { from: "2026-01-01", until: "2026-01-01" } },
    'match.until is "2026-01-01T00:00:00.000Z", and has to be later than match.from, "2026-01-01T00:00:00.000Z".',
  ],
  [
    "a stage that is none",
    { action: SLOW_DOWN, stage: "beforeExecuting" },
    /^stage is "beforeExecuting", and has to be .*; did you mean "beforeExecution"\?$/,
  ],
  [
    "a stage of other kinds",
    { action: SLOW_DOWN, stage: "sending" },
    'stage is "sending", and has to be "beforeExecution", "beforeAuthentication" or "afterCommit" for the kind "error".',
  ],
  [
    "an operation of other kinds",
    { action: { kind: "errorInside200", code: "InternalError" }, match: { operations: ["PutObject"] } },
    'match.operations has "PutObject", which the kind "errorInside200" cannot strike: it is for "CompleteMultipartUpload", "CopyObject" and "UploadPartCopy".',
  ],
  [
    "a slow disk that is not",
    { action: { kind: "disk", how: "slow" } },
    "action.delayMs is missing; it has to be a whole number from 1 to 600000 for a slow disk.",
  ],
  [
    "a full disk that is slow",
    { action: { kind: "disk", how: "full", delayMs: 5 } },
    'action.delayMs means nothing for a full disk; take it out, or make "how" "slow".',
  ],
  [
    "too large a rule",
    {
      action: {
        kind: "keyErrors",
        code: "AccessDenied",
        keys: Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1000, "k")),
      },
    },
    "The rule is larger than 65536 characters of JSON.",
  ],
] as const) {
  test(`readFaultRule: ${title} is refused, and why`, () => {
    assert.throws(() => readFaultRule(rule), { name: "FaultRuleError", message });
  });
}

test("readFaultRule: every kind strikes at its stages and at no others", () => {
  const sample: Readonly<Record<string, unknown>> = {
    code: "InternalError",
    requestsPerSecond: 1,
    status: undefined,
    delayMs: 1,
    bytesPerSecond: 1,
    stallMs: 1,
    byBytes: 1,
    aheadMs: 1,
    staleMs: 1,
    what: "body",
  };
  for (const kind of FAULT_KINDS) {
    const { members, stages } = ACTIONS[kind];
    const needed = Object.entries(members).filter(([, { isOptional }]) => isOptional !== true);
    const of = (name: string): unknown => {
      if (name === "how") return kind === "disk" ? "full" : "reset";
      return name === "status" ? (kind === "redirect" ? 307 : 500) : sample[name];
    };
    const action = { kind, ...Object.fromEntries(needed.map(([name]) => [name, of(name)])) };
    for (const stage of FAULT_STAGES) {
      if (stages.includes(stage)) assert.equal(readFaultRule({ action, stage }).stage, stage);
      else assert.throws(() => readFaultRule({ action, stage }), FaultRuleError, `${kind} ${stage}`);
    }
  }
});

test("faultIdStem: an id begins with the code, or with the kind", () => {
  const stemOf = (action: object): string => faultIdStem(readFaultRule({ action }));
  assert.equal(stemOf({ kind: "error", code: "SlowDown" }), "SlowDown");
  assert.equal(stemOf({ kind: "error", code: "503 SlowDown" }), "503-SlowDown");
  assert.equal(stemOf({ kind: "keyErrors", code: "AccessDenied" }), "AccessDenied");
  assert.equal(stemOf({ kind: "slowDown", requestsPerSecond: 5 }), "SlowDown");
  assert.equal(stemOf({ kind: "delay", delayMs: 5 }), "delay");
});

const SCENARIO = { name: "n", description: "d", rules: [{ action: SLOW_DOWN, chance: { probability: 0.5 } }] };

test("readScenario: the seed of the caller counts before the scenario's, and both before 0", () => {
  const seedsOf = (scenario: object, seed?: number): unknown[] => {
    const read = readScenario(scenario, seed);
    return [read.seed, read.rules[0]!.chance.seed];
  };
  assert.deepEqual(seedsOf(SCENARIO), [0, 0]);
  assert.deepEqual(seedsOf({ ...SCENARIO, seed: 4 }), [4, 4]);
  assert.deepEqual(seedsOf({ ...SCENARIO, seed: 4 }, 5), [5, 5]);
  assert.throws(() => readScenario(SCENARIO, -1), { message: /^seed is -1, and has to be a whole number from 0/ });
});

for (const [title, scenario, message] of [
  ["no rules", { ...SCENARIO, rules: [] }, "rules is [], and has to be a list of 1 to 1000 rules."],
  [
    "too many rules",
    { ...SCENARIO, rules: Array.from({ length: MAX_SCENARIO_RULES + 1 }, () => ({ action: SLOW_DOWN })) },
    /^rules is \[.*…, and has to be a list of 1 to 1000 rules\.$/,
  ],
  [
    "a rule that cannot be",
    { ...SCENARIO, rules: [{ action: SLOW_DOWN }, { action: { kind: "delay" } }] },
    "rules[1].action.delayMs is missing; it has to be a whole number from 1 to 600000.",
  ],
  ["a rule that is none", { ...SCENARIO, rules: [5] }, /^rules\[0\] is 5, and has to be an object with /],
  [
    "one id twice",
    {
      ...SCENARIO,
      rules: [
        { id: "a", action: SLOW_DOWN },
        { id: "a", action: SLOW_DOWN },
      ],
    },
    'Two rules have the id "a".',
  ],
  ["no name", { description: "d", rules: SCENARIO.rules }, "name is missing; it has to be text of 1 to 200 characters."],
] as const) {
  test(`readScenario: ${title} is refused, and why`, () => {
    assert.throws(() => readScenario(scenario), { name: "FaultRuleError", message });
  });
}
