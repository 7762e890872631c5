import assert from "node:assert/strict";
import { test } from "node:test";
import { fault } from "../../src/cli/fault.ts";
import { RULE_FLAGS, ruleOfFlags } from "../../src/cli/faultFlags.ts";
import { readArguments } from "../../src/config/readArguments.ts";
import { FAULT_KINDS } from "../../src/faults/actions.ts";
import type { FaultAction } from "../../src/faults/FaultRule.ts";

/** Flags, and the action that they make. */
const BY_FLAGS: readonly (readonly [args: readonly string[], action: object])[] = [
  [["--error", "NoSuchKey", "--message", "Gone."], { kind: "error", code: "NoSuchKey", message: "Gone." }],
  [["--status", "503", "--body", "<p>No.</p>"], { kind: "status", status: 503, body: "<p>No.</p>" }],
  [["--slow-down-over", "5", "--per", "bucket"], { kind: "slowDown", requestsPerSecond: 5, per: "bucket" }],
  [["--error-inside-200", "InternalError"], { kind: "errorInside200", code: "InternalError" }],
  [["--key-error", "InternalError"], { kind: "keyErrors", code: "InternalError" }],
  [["--delay", "2s"], { kind: "delay", delayMs: 2_000 }],
  [["--throttle", "1024"], { kind: "throttle", bytesPerSecond: 1_024 }],
  [["--stall", "50", "--at-byte", "7"], { kind: "stall", stallMs: 50, atByte: 7 }],
  [["--disconnect", "half-close"], { kind: "disconnect", how: "halfClose" }],
  [["--content-length", "+3"], { kind: "contentLength", byBytes: 3 }],
  [["--content-length=-3"], { kind: "contentLength", byBytes: -3 }],
  [["--corrupt", "checksum"], { kind: "corrupt", what: "checksum" }],
  [["--clock", "+1h"], { kind: "clock", aheadMs: 3_600_000 }],
  [["--redirect", "307", "--endpoint", "127.0.0.1:9000"], { kind: "redirect", status: 307, endpoint: "127.0.0.1:9000" }],
  [["--stale", "3s"], { kind: "stale", staleMs: 3_000 }],
  [["--disk", "full"], { kind: "disk", how: "full" }],
  [["--disk", "slow", "--disk-delay", "20"], { kind: "disk", how: "slow", delayMs: 20 }],
];

test("fault add: every action has its flag", () => {
  for (const [args, action] of BY_FLAGS) {
    const { flags } = readArguments(args, { flags: RULE_FLAGS });
    assert.deepEqual(ruleOfFlags(flags)?.action, action, args.join(" "));
  }
  assert.deepEqual([...new Set(BY_FLAGS.map(([, action]) => (action as FaultAction).kind))].toSorted(), FAULT_KINDS.toSorted());
  const { flags } = readArguments(
    ["--nth=1,3", "--every=2", "--key=k", "--method=PUT", "--caller=AK", "--until=2030-01-01", "--delay=1"],
    { flags: RULE_FLAGS },
  );
  assert.deepEqual(ruleOfFlags(flags), {
    id: undefined,
    match: { key: "k", method: "PUT", caller: "AK", until: "2030-01-01T00:00:00.000Z" },
    chance: { nth: [1, 3], every: 2 },
    action: { kind: "delay", delayMs: 1 },
    stage: "beforeExecution",
  });
});

test("fault: what it does not take is answered with what it does, and a rule that cannot be with what would fit", async () => {
  for (const [args, message] of [
    [[], /^Use: holdfast fault add ACTION /],
    [["add"], /^One flag says what happens: --error, .*\nUse: holdfast fault add ACTION /],
    [["add", "--bucket", "b"], /^One flag says what happens: /],
    [["add", "--delay", "5", "--error", "SlowDown"], /^One flag says what happens: /],
    [["add", "--delay", "5", "--json"], /^holdfast fault add does not take --json\.\nUse: /],
    [
      ["add", '{"action":{"kind":"delay","delayMs":1}}', "--bucket", "b"],
      /^A rule is made by flags or in JSON, and not by both\.\nUse: /,
    ],
    [["apply"], /^holdfast fault apply needs a SCENARIO\.\nUse: /],
    [["apply", "slow-down", "--bucket", "b"], /^holdfast fault apply does not take --bucket\.\nUse: /],
    [["list", "all"], /^The argument "all" has no meaning behind holdfast fault list\.\nUse: /],
    [["list", "--seed", "5"], /^holdfast fault list does not take --seed\.\nUse: /],
    [["remove"], /^holdfast fault remove needs an ID\.\nUse: /],
    [["clear", "everything"], /^The argument "everything" has no meaning behind holdfast fault clear\.\nUse: /],
    [["turn"], /^holdfast fault has no "turn"\.\nUse: holdfast fault add ACTION /],
  ] as const) {
    await assert.rejects(fault(args), { name: "OptionError", message }, args.join(" "));
  }
  for (const [args, message] of [
    [["--error", "SlowDwn"], /^action\.code is "SlowDwn", .*; did you mean "SlowDown"\?$/],
    [["--delay", "5", "--operation", "PutObjet"], /^match\.operations\[0\] is "PutObjet", .*; did you mean "PutObject"\?$/],
    [["--delay", "5", "--part", "two"], /^match\.partNumber is "two", and has to be a whole number from 1 to 10000\.$/],
    [["--delay", "5", "--at-byte", "5"], /^action\.atByte means nothing; /],
    [["--delay", "soon"], /^"soon" is neither a number of milliseconds nor a length of time/],
    [["{"], /^The rule is no JSON: /],
  ] as const) {
    await assert.rejects(fault(["add", ...args]), { message });
  }
});
