/**
 * Preloaded by `npm test`: a test that starts a process fails there. Processes take seconds, and what takes seconds has its place in
 * test/processes and a script of its own, `npm run test:processes`.
 */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

function refuse(): never {
  throw new Error("npm test starts no processes: this test belongs into test/processes");
}

/** The runner itself starts a process for every file. */
if (process.env["NODE_TEST_CONTEXT"] !== undefined) {
  // Everything that does not wait for the process comes by here: spawn, fork, exec, execFile, and the workers of a cluster.
  Object.assign(childProcess.ChildProcess.prototype, { spawn: refuse });
  Object.assign(childProcess, { spawnSync: refuse, execSync: refuse, execFileSync: refuse });
  syncBuiltinESMExports();
}
