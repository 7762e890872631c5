import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../../newFolder.ts";

const ROOT = join(import.meta.dirname, "../../..");
const OUTER_LIMIT = join(ROOT, "test/outerLimit.ts");

/** Longer than any of these tests may take. */
const SLEEP_SECONDS = 100;

/** Test files that never end by themselves, and what is told of them. */
const HANGING: readonly { readonly what: string; readonly code: string; readonly limitMs: number; readonly told: RegExp }[] = [
  {
    what: "loops without waiting",
    limitMs: 500,
    code: 'test("it: loops", () => { for (;;); });',
    told: /still runs after 1000 ms and is ended/,
  },
  {
    what: "waits for what never comes",
    // The file may need a while to start, which counts for its limit and not for the test's.
    limitMs: 2000,
    code: 'test("it: waits", () => new Promise(() => setInterval(() => {}, 1000)));',
    told: /test timed out after 2000ms/,
  },
  {
    what: "passes and leaves something open",
    limitMs: 500,
    code: 'test("it: leaves", () => void setInterval(() => {}, 1000));',
    told: /still runs after 1000 ms and is ended/,
  },
  {
    what: "passes and leaves a process that holds its output",
    limitMs: 30_000,
    code: `test("it: leaves", () => spawn("sleep", ["${SLEEP_SECONDS}"], { stdio: "inherit", detached: true }).unref());`,
    told: /leaves processes behind, which are ended: \d+/,
  },
  {
    what: "waits for a process that holds its output, and that has another",
    limitMs: 500,
    code: `test("it: waits", () => once(spawn("bash", ["-c", "sleep ${SLEEP_SECONDS}; true"], { stdio: "inherit" }), "exit"));`,
    told: /still runs after 1000 ms and is ended/,
  },
];

for (const { what, code, limitMs, told } of HANGING) {
  test(`Outer limit: a test file that ${what} is ended, and fails`, async (t) => {
    const folder = newFolder(t);
    const file = join(folder, "hanging.test.mjs");
    const imports =
      'import { spawn } from "node:child_process"; import { once } from "node:events"; import { test } from "node:test";';
    await writeFile(file, `${imports}\n${code}\n`);
    const args = ["--test", "--test-reporter=tap", `--test-timeout=${limitMs}`, `--require=${OUTER_LIMIT}`, file];
    // As if it were no part of this run of tests.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { code: exitCode, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, args, { env }, (failure, stdout, stderr) =>
        resolve({ code: failure?.code, output: stdout + stderr }),
      );
    });
    assert.match(output, told);
    assert.equal(exitCode, 1);
  });
}

test("Outer limit: every script that runs tests sets one", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const running = Object.values(scripts).filter((script) => script.includes("--test "));
  assert.ok(running.length >= 3);
  for (const script of running) assert.match(script, / --test --require \.\/test\/outerLimit\.ts --test-timeout=\d+ /);
});
