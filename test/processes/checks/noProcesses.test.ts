import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../../newFolder.ts";

const ROOT = join(import.meta.dirname, "../../..");

const STARTS = [
  'spawn("true")',
  'exec("true")',
  'execFile("true")',
  'fork("none.js")',
  'spawnSync("true")',
  'execSync("true")',
  'execFileSync("true")',
  "cluster.fork()",
];

test("noProcesses: a test that starts a process fails, whatever it calls, and one that starts none passes", async (t) => {
  const folder = newFolder(t);
  const file = join(folder, "starting.test.mjs");
  const tests = [...STARTS, "1"].map((code) => `test(${JSON.stringify(code)}, () => void ${code});`);
  const names = "exec, execFile, execFileSync, execSync, fork, spawn, spawnSync";
  const imports = [
    `import { ${names} } from "node:child_process";`,
    'import cluster from "node:cluster";',
    'import { test } from "node:test";',
  ];
  await writeFile(file, [...imports, ...tests].join("\n"));
  const args = ["--test", "--test-reporter=tap", `--import=${join(ROOT, "test/noProcesses.ts")}`, file];
  // As if it were no part of this run of tests.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env }, (_, stdout) => resolve(stdout));
  });
  for (const index of STARTS.keys()) assert.match(output, new RegExp(`^not ok ${index + 1} - `, "m"));
  assert.equal(output.match(/npm test starts no processes/g)?.length, STARTS.length);
  assert.match(output, new RegExp(`^ok ${STARTS.length + 1} - 1`, "m"));
});

test("npm test: it refuses processes, and leaves out the tests that start them", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
  assert.match(scripts["test"]!, / --import \.\/test\/noProcesses\.ts .*test\/!\(processes\|/);
  assert.match(scripts["test:processes"]!, /test\/processes\//);
});
