/**
 * Preloaded by the test scripts of package.json: no test file runs for ever, and none leaves a process behind. `--test-timeout` fails a
 * test that waits too long; a file whose event loop stands still, or that leaves something open, would go on. The runner, which starts a
 * process for every file, ends it. It would also wait for everybody who holds a file's output, so that a process which outlives its file
 * would hold up the whole run.
 */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readdirSync, readFileSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** A file may take so many times what one test may. */
const FILE_FACTOR = 2;
const TEST_LIMIT = /^--test-timeout=(\d+)$/;

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

/** In the runner: ends a file that runs for longer than it may. */
function limitFile(file: ChildProcess, limitMs: number): void {
  const timer = setTimeout(() => {
    if (file.pid === undefined) return;
    writeSync(2, `${file.spawnargs.at(-1)} still runs after ${limitMs} ms and is ended\n`);
    endAll([...runningBelow(file.pid), file.pid]);
  }, limitMs).unref();
  file.once("exit", () => clearTimeout(timer));
}

/** In a file: when it ends, so does what it has left running. */
function endWhatIsLeft(): void {
  const left = runningBelow(process.pid);
  if (left.length === 0) return;
  writeSync(2, `${process.argv[1]} leaves processes behind, which are ended: ${left.join(", ")}\n`);
  endAll(left);
  process.exitCode = 1;
}

const [testLimitMs] = process.execArgv.flatMap((option) => TEST_LIMIT.exec(option)?.[1] ?? []).map(Number);
if (isMainThread && testLimitMs !== undefined && testLimitMs > 0) {
  if (process.env["NODE_TEST_CONTEXT"] !== undefined) process.on("exit", endWhatIsLeft);
  else
    subscribe("child_process", (message) => limitFile((message as { process: ChildProcess }).process, testLimitMs * FILE_FACTOR));
}
