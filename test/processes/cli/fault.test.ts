import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../../newFolder.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, Server } from "./command.ts";

const REMINDER = "Rules strike only in servers that were started with --faults.\n";

/** Rules as `list --json` tells them. */
type Listed = readonly {
  readonly id: string;
  readonly matched: number;
  readonly struck: number;
  readonly [member: string]: unknown;
}[];

/** What the first test adds, as it is listed. */
const ADDED: Listed = [
  {
    id: "SlowDown-1",
    match: { operations: ["PutObject", "UploadPart"], bucket: "photos", prefix: "a/", partNumber: 2 },
    chance: { probability: 0.25, seed: 7, times: 3 },
    action: { kind: "error", code: "SlowDown" },
    stage: "afterCommit",
    matched: 0,
    struck: 0,
  },
  {
    id: "mine",
    match: { from: "2026-01-01T00:00:00.000Z" },
    chance: {},
    action: { kind: "clock", aheadMs: -900_000 },
    stage: "beforeAuthentication",
    matched: 0,
    struck: 0,
  },
  {
    id: "AccessDenied-1",
    match: {},
    chance: {},
    action: { kind: "keyErrors", code: "AccessDenied", keys: ["a", "b"] },
    stage: "beforeExecution",
    matched: 0,
    struck: 0,
  },
];

test("fault: rules are added by flags and by JSON, listed, removed and cleared beside a running server", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--faults"], { folder });
  const fault = (...args: string[]): Promise<CommandResult> => holdfast(["fault", ...args], { folder });
  const listed = async (): Promise<Listed> => JSON.parse((await fault("list", "--json")).stdout) as Listed;

  assert.deepEqual(await fault("list"), { code: 0, stdout: "There are no rules.\n", stderr: "" });
  const added = await fault(
    ...[
      "add",
      "--error",
      "SlowDown",
      "--operation",
      "PutObject",
      "--operation",
      "UploadPart",
      "--bucket",
      "photos",
      "--prefix",
      "a/",
    ],
    ...["--part", "2", "--probability", "0.25", "--seed", "7", "--times", "3", "--stage", "afterCommit"],
  );
  assert.deepEqual(added, { code: 0, stdout: `added SlowDown-1\n${REMINDER}`, stderr: "" });
  assert.equal((await fault("add", "--id", "mine", "--clock=-15m", "--from", "2026-01-01")).stdout, `added mine\n${REMINDER}`);
  assert.equal((await fault("add", '{"action":{"kind":"keyErrors","code":"AccessDenied","keys":["a","b"]}}')).code, 0);
  assert.deepEqual(await listed(), ADDED);
  const lines = (await fault("list")).stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
  assert.deepEqual(lines, [
    "rule | matched | struck | does | at | to | of these",
    "SlowDown-1 | 0 | 0 | error code=SlowDown | afterCommit | operations=PutObject,UploadPart bucket=photos prefix=a/ partNumber=2 | probability=0.25 seed=7 times=3",
    "mine | 0 | 0 | clock aheadMs=-900000 | beforeAuthentication | from=2026-01-01T00:00:00.000Z | all",
    "AccessDenied-1 | 0 | 0 | keyErrors code=AccessDenied keys=a,b | beforeExecution | all | all",
    REMINDER.trim(),
    "",
  ]);

  assert.deepEqual(await fault("add", "--id", "mine", "--delay", "5"), {
    code: 1,
    stdout: "",
    stderr: 'There is a rule "mine" already; remove it first, or use another id.\n',
  });
  assert.deepEqual(await fault("remove", "mien"), {
    code: 1,
    stdout: "",
    stderr: 'There is no rule "mien"; did you mean "mine"?\n',
  });
  assert.equal((await fault("remove", "mine")).stdout, "removed mine\n");
  assert.equal((await fault("clear")).stdout, "removed 2 rules\n");
  assert.deepEqual(await listed(), []);
  await server.end("SIGTERM");
});

test("fault apply: a scenario takes the place of all rules, by its name or from a file, with another seed if one is given", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--faults"], { folder });
  const fault = (...args: string[]): Promise<CommandResult> => holdfast(["fault", ...args], { folder });
  await fault("add", "--delay", "5");
  const applied = await fault("apply", "retry-internal-error", "--seed", "9");
  assert.equal(applied.stdout, `Retry InternalError: 3 rules, seed 9; those before are gone\n${REMINDER}`);
  const path = join(folder, "mine.json");
  writeFileSync(path, JSON.stringify({ name: "Mine", description: "d", rules: [{ action: { kind: "delay", delayMs: 1 } }] }));
  assert.equal((await fault("apply", path)).stdout, `Mine: 1 rule, seed 0; those before are gone\n${REMINDER}`);
  const rules = JSON.parse((await fault("list", "--json")).stdout) as Listed;
  assert.deepEqual(
    rules.map(({ id }) => id),
    ["delay-1"],
  );
  assert.match(
    (await fault("apply", "retry")).stderr,
    /^There is no scenario "retry"; did you mean "retry-internal-error"\? There are flaky-network, /,
  );
  assert.match((await fault("apply", "slow-down", "--seed", "x")).stderr, /seed is NaN, and has to be a whole number from 0/);
  await server.end("SIGTERM");
});
