import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MAX_SEMI_SPACE_SIZE_MIB, workerExecArgv } from "../../../../src/server/workers/youngGeneration.ts";

/** What V8 bounds the heap of a process with these options to: old and young generation together. */
function heapLimit(execArgv: readonly string[]): number {
  const options = ["--max-old-space-size=100", ...execArgv, "-p", "v8.getHeapStatistics().heap_size_limit"];
  return Number(spawnSync(process.execPath, options, { encoding: "utf8" }).stdout);
}

test("workerExecArgv: the young generation of a worker is bounded", () => {
  assert.equal(heapLimit(workerExecArgv([])), heapLimit([`--max-semi-space-size=${MAX_SEMI_SPACE_SIZE_MIB}`]));
  assert.ok(heapLimit(workerExecArgv([])) < heapLimit([`--max-semi-space-size=${MAX_SEMI_SPACE_SIZE_MIB * 2}`]));
});

test("workerExecArgv: a bound that the operator has chosen goes before ours", () => {
  const chosen = "--max-semi-space-size=2";
  assert.equal(heapLimit(workerExecArgv([chosen])), heapLimit([chosen]));
  assert.ok(heapLimit([chosen]) < heapLimit(workerExecArgv([])));
});

test("npm start: the young generation is bounded as that of a worker", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  assert.ok(scripts["start"]!.includes(`node ${workerExecArgv([]).join(" ")} src/main.ts`));
});
