import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { catalogueEntry } from "../../src/errors/catalogue.ts";
import type { FaultSubject, Scenario } from "../../src/faults/FaultRule.ts";
import { scenarioSchema } from "../../src/faults/schema.ts";
import { draw } from "../../src/faults/strikes.ts";
import { openScenario, scenarioNames } from "../../src/server/faults/scenarioFile.ts";
import { StoredFaults } from "../../src/server/faults/StoredFaults.ts";
import { applyScenario, listFaults } from "../../src/server/faults/storedRules.ts";
import type { Store } from "../../src/store/Store.ts";
import { newFolder } from "../newFolder.ts";
import { openTestStore } from "../store/testStore.ts";
import { writeFileSync } from "node:fs";
import { fitsSchema } from "./jsonSchema.ts";

const NAMES = await scenarioNames();
const FOLDER = join(import.meta.dirname, "..", "..", "faults");

test("scenarios: those of S3's guide and of bad networks are there", () => {
  assert.deepEqual(NAMES, [
    "flaky-network",
    "lost-acknowledgements",
    "multipart-hell",
    "read-the-code",
    "retry-internal-error",
    "s3s-bad-day",
    "slow-down",
    "throttled-prefix",
  ]);
});

for (const name of NAMES) {
  test(`scenarios: ${name} fits the schema, names its rules, and has no error that is final`, async () => {
    assert.ok(fitsSchema(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")), scenarioSchema()));
    for (const { id, action } of (await openScenario(name)).rules) {
      assert.ok(id !== undefined);
      if ("code" in action) assert.ok(catalogueEntry(action.code).retryable, `${id}: ${action.code}`);
    }
  });

  test(`scenarios: ${name} lets a client through that repeats what failed and waits longer each time, and strikes with each rule`, async () => {
    const scenario = await openScenario(name);
    const { store, lost } = await played(scenario, CAREFUL);
    assert.deepEqual(lost, []);
    for (const { id, struck } of await listFaults(store)) assert.ok(struck > 0, id);
  });

  test(`scenarios: ${name} costs a client something that repeats nothing`, async () => {
    const { lost } = await played(await openScenario(name), { attempts: 1, waitMs: () => 0 });
    assert.ok(lost.length > 0);
  });
}

test("scenarios: slow-down and throttled-prefix cost a client something that repeats without a wait", async () => {
  for (const name of ["slow-down", "throttled-prefix"]) {
    const { lost } = await played(await openScenario(name), { ...CAREFUL, waitMs: () => 1 });
    assert.ok(lost.length > 0, name);
  }
});

/** How a client repeats. */
interface Client {
  readonly attempts: number;
  /** Before the next attempt of a request, given how many failed. */
  readonly waitMs: (request: string, failed: number) => number;
}

/** Twice as long each time, with some chance in it, as S3's guide wants it. */
const CAREFUL: Client = {
  attempts: 10,
  waitMs: (request, failed) => Math.min(20_000, 100 * 2 ** failed) * (0.5 + draw(0, request, failed)),
};

const OPERATIONS = [
  ...["PutObject", "GetObject", "HeadObject", "CopyObject", "DeleteObject", "DeleteObjects", "ListObjectsV2"],
  ...["CreateMultipartUpload", "UploadPart", "UploadPartCopy", "ListParts", "CompleteMultipartUpload", "AbortMultipartUpload"],
];
/** Requests of each operation, which a client sends all at once. */
const REQUESTS = 60;
/** What only costs time. */
const HARMLESS: ReadonlySet<string> = new Set(["delay", "stall", "throttle"]);

interface Waiting {
  readonly request: string;
  readonly operation: string;
  readonly partNumber: number | undefined;
  failed: number;
  atMs: number;
}

/** Plays requests against a scenario in a time of its own, operation by operation; tells which were given up. */
async function played(scenario: Scenario, client: Client): Promise<{ store: Store; lost: readonly string[] }> {
  const store = await openTestStore();
  await applyScenario(store, scenario);
  const faults = new StoredFaults();
  const lost: string[] = [];
  let beginMs = 1_800_000_000_000;
  for (const operation of OPERATIONS) {
    const waiting: Waiting[] = Array.from({ length: REQUESTS }, (_, index) => ({
      request: `${operation} ${index}`,
      operation,
      partNumber: operation.startsWith("UploadPart") ? 1 + (index % 3) : undefined,
      failed: 0,
      atMs: beginMs,
    }));
    while (waiting.length > 0) {
      const next = waiting.reduce((earliest, one) => (one.atMs < earliest.atMs ? one : earliest));
      beginMs = next.atMs;
      const isDone = (await faults.plan(store, subjectOf(next))).every(({ rule }) => HARMLESS.has(rule.action.kind));
      next.failed += isDone ? 0 : 1;
      const isLost = next.failed === client.attempts;
      if (isLost) lost.push(next.request);
      if (isDone || isLost) waiting.splice(waiting.indexOf(next), 1);
      else next.atMs += client.waitMs(next.request, next.failed);
    }
    beginMs += 1_000;
  }
  return { store, lost };
}

function subjectOf({ operation, partNumber, request, atMs }: Waiting): FaultSubject {
  return {
    operation,
    method: "GET",
    bucket: "bucket",
    key: `prefix/${request}`,
    prefix: undefined,
    accessKeyId: "AKIA",
    partNumber,
    nowMs: Math.floor(atMs),
  };
}

test("openScenario: what has no such name is refused with the names there are, and a file with what is wrong with it", async (t) => {
  await assert.rejects(openScenario("slow-dwon"), {
    name: "FaultRuleError",
    message:
      /^There is no scenario "slow-dwon"; did you mean "slow-down"\? There are flaky-network, .*; a file's name ends with \.json\.$/,
  });
  const folder = newFolder(t);
  const fileWith = (text: string): string => {
    const path = join(folder, "mine.json");
    writeFileSync(path, text);
    return path;
  };
  const rules = [{ action: { kind: "delay", delayMs: 1 }, chance: { probability: 0.5 } }];
  const mine = await openScenario(fileWith(JSON.stringify({ name: "Mine", description: "d", rules })), 5);
  assert.deepEqual([mine.name, mine.rules[0]!.chance.seed], ["Mine", 5]);
  await assert.rejects(openScenario(fileWith("{")), { name: "FaultRuleError", message: /mine\.json is no JSON: / });
  await assert.rejects(openScenario(fileWith("{}")), { name: "FaultRuleError", message: /mine\.json: name is missing; / });
  await assert.rejects(openScenario(join(folder, "other.json")), { name: "FaultRuleError", message: /cannot be read: ENOENT/ });
});
