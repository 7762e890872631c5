import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestRecord } from "../../src/journal/RequestRecord.ts";
import { callsOf } from "../../src/trial/calls.ts";
import { judge } from "../../src/trial/judge.ts";
import { tellTrial } from "../../src/trial/tellTrial.ts";
import type { TrialResult } from "../../src/trial/Trial.ts";
import { recordOf } from "./recordOf.ts";

function told(records: readonly RequestRecord[], changes: Partial<TrialResult> = {}): string {
  return tellTrial({
    scenario: "Test",
    command: ["program", "argument"],
    exitCode: 0,
    timedOut: false,
    milliseconds: 1_500,
    judgement: judge(callsOf(records, new Map())),
    struck: [],
    left: { uploads: [], objects: 1, sizeBytes: 5 },
    differences: undefined,
    ...changes,
  });
}

test("tellTrial: what is given up, left behind and other than it should be is named", () => {
  const text = told([recordOf({ errorCode: "InternalError" })], {
    exitCode: 3,
    left: { uploads: [{ bucket: "b", key: "k", uploadId: "u", parts: 2 }], objects: 0, sizeBytes: 0 },
    differences: [{ path: "/files/a", bucket: "b", key: "a", problem: "differs" }],
  });
  assert.match(text, /ran 1\.5 s under "Test" and ended with exit code 3\./);
  assert.match(text, /Retries InternalError: +NO/);
  assert.match(
    text,
    /Given up, though another attempt could have helped: 1\n  PutObject bucket\/key: 1 attempts, the last one InternalError/,
  );
  assert.match(text, /Uploads left behind, neither completed nor aborted: 1\n  b\/k \(2 parts\)/);
  assert.match(text, /Other than what was to be stored: 1\n  \/files\/a: b\/a has other bytes/);
});

test("tellTrial: of a long list ten are shown, and how many more there are", () => {
  const differences = Array.from({ length: 12 }, (_, index) => ({
    path: `/${index}`,
    bucket: "b",
    key: `${index}`,
    problem: "missing" as const,
  }));
  const text = told([recordOf({})], { differences });
  assert.equal(text.match(/is missing/g)?.length, 10);
  assert.match(text, /… and 2 more/);
});

test("tellTrial: a command that sends nothing is told how clients find the store", () => {
  assert.match(told([]), /No request came to the store\. .*\n.*--endpoint-url \{endpoint\}/);
});
