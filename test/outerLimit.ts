/**
 * Preloaded by the test scripts of package.json: no test file runs for ever, and none leaves a process behind. `--test-timeout` fails a
 * test that waits too long; a file whose event loop stands still, or that leaves something open, would go on. A thread of its own ends it.
 * The runner waits for everybody who holds a file's output, so that a process which outlives its file would hold up the whole run.
 */
import { readdirSync, readFileSync, writeSync } from "node:fs";
import { isMainThread, Worker } from "node:worker_threads";

/** A file may take so many times what one test may. */
const FILE_FACTOR = 2;
const TEST_LIMIT = /^--test-timeout=(\d+)$/;
/** A text, because a module in TypeScript would cost every test file its translation. */
const WATCH = `
const { readdirSync, readFileSync, writeSync } = require("node:fs");
const { file, limitMs } = require("node:worker_threads").workerData;
${String(runningBelow)}
${String(endAll)}
setTimeout(() => {
  writeSync(2, file + " still runs after " + limitMs + " ms and is ended\\n");
  endAll([...runningBelow(process.pid), process.pid]);
}, limitMs);
`;

/** The processes that a process has started, and theirs. None where the system has no such list: that is Linux's. */
function runningBelow(pid: number): number[] {
  const found: number[] = [];
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      for (const child of readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean)) {
        // One that has ended is listed until it is asked about.
        if (!/\) [ZX]/.test(readFileSync(`/proc/${child}/stat`, "latin1"))) found.push(Number(child));
        found.push(...runningBelow(Number(child)));
      }
    }
  } catch {
    // It has ended meanwhile.
  }
  return found;
}

function endAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

const [testLimitMs] = process.execArgv.flatMap((option) => TEST_LIMIT.exec(option)?.[1] ?? []).map(Number);
/** The runner, which starts the files, has no limit: a suite takes as long as its files do. */
const isTestFile = isMainThread && process.env["NODE_TEST_CONTEXT"] !== undefined;
if (isTestFile && testLimitMs !== undefined && testLimitMs > 0) {
  const workerData = { file: process.argv[1], limitMs: testLimitMs * FILE_FACTOR };
  new Worker(WATCH, { eval: true, workerData, execArgv: [] }).unref();
  process.on("exit", () => {
    const left = runningBelow(process.pid);
    if (left.length === 0) return;
    writeSync(2, `${process.argv[1]} leaves processes behind, which are ended: ${left.join(", ")}\n`);
    endAll(left);
    process.exitCode = 1;
  });
}
