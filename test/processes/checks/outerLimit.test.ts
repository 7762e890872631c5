import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../../..");
const OUTER_LIMIT = join(ROOT, "test/outerLimit.ts");

/** Longer than any of these tests may take. */
const SLEEP_SECONDS = 100;

/** Test files that never end by themselves, and what is told of them. */
const HANGING: readonly { readonly what: string; readonly code: string; readonly told: RegExp }[] = [
  {
    what: "loops without waiting",
    code: 'test("it: loops", () => { for (;;); });',
    told: /still runs after 1000 ms and is ended/,
  },
  {
    what: "waits for what never comes",
    code: 'test("it: waits", () => new Promise(() => setInterval(() => {}, 1000)));',
    told: /test timed out after 500ms/,
  },
  {
    what: "passes and leaves something open",
    code: 'test("it: leaves", () => void setInterval(() => {}, 1000));',
    told: /still runs after 1000 ms and is ended/,
  },
  {
    what: "passes and leaves a process that holds its output",
    code: `test("it: leaves", () => spawn("sleep", ["${SLEEP_SECONDS}"], { stdio: "inherit", detached: true }).unref());`,
    told: /leaves processes behind, which are ended: \d+/,
  },
  {
    what: "waits for a process that holds its output, and that has another",
    code: `test("it: waits", () => once(spawn("bash", ["-c", "sleep ${SLEEP_SECONDS}; true"], { stdio: "inherit" }), "exit"));`,
    told: /still runs after 1000 ms and is ended/,
  },
];

for (const { what, code, told } of HANGING) {
  test(`Outer limit: a test file that ${what} is ended, and fails`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-limit-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "hanging.test.mjs");
    const imports =
      'import { spawn } from "node:child_process"; import { once } from "node:events"; import { test } from "node:test";';
    await writeFile(file, `${imports}\n${code}\n`);
    const args = ["--test", "--test-reporter=tap", "--test-timeout=500", `--import=${OUTER_LIMIT}`, file];
    // As if it were no part of this run of tests.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { code: exitCode, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, args, { env }, (failure, stdout) => resolve({ code: failure?.code, output: stdout }));
    });
    assert.match(output, told);
    assert.equal(exitCode, 1);
  });
}

test("Outer limit: every script that runs tests sets one", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const running = Object.values(scripts).filter((script) => script.includes("--test "));
  assert.ok(running.length >= 3);
  for (const script of running) assert.match(script, /^node --test --import \.\/test\/outerLimit\.ts --test-timeout=\d+ /);
});
