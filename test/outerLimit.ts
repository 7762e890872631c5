/**
 * Preloaded by the test scripts of package.json: no test file runs for ever. `--test-timeout` fails a test that waits too long; a file whose
 * event loop stands still, or that leaves something open, would go on. A thread of its own ends it, and the runner reports the file.
 */
import { isMainThread, Worker } from "node:worker_threads";

/** A file may take so many times what one test may. */
const FILE_FACTOR = 2;
const TEST_LIMIT = /^--test-timeout=(\d+)$/;
/** A text, because a module in TypeScript would cost every test file its translation. */
const WATCH = `
const { writeSync } = require("node:fs");
const { file, limitMs } = require("node:worker_threads").workerData;
setTimeout(() => {
  writeSync(2, file + " still runs after " + limitMs + " ms and is ended\\n");
  process.kill(process.pid, "SIGKILL");
}, limitMs);
`;

const [testLimitMs] = process.execArgv.flatMap((option) => TEST_LIMIT.exec(option)?.[1] ?? []).map(Number);
/** The runner, which starts the files, has no limit: a suite takes as long as its files do. */
const isTestFile = isMainThread && process.env["NODE_TEST_CONTEXT"] !== undefined;
if (isTestFile && testLimitMs !== undefined && testLimitMs > 0) {
  const workerData = { file: process.argv[1], limitMs: testLimitMs * FILE_FACTOR };
  new Worker(WATCH, { eval: true, workerData, execArgv: [] }).unref();
}
