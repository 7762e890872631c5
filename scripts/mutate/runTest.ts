import { spawn } from "node:child_process";
import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** How a test file ended: with 0, otherwise, or not within its limit. */
export type Outcome = "passed" | "failed" | "timeout";

/** A test file to run. */
export interface TestRun {
  /** The repository. */
  readonly root: string;
  /** The test file, from the repository. */
  readonly test: string;
  /** A folder for this run alone, which the caller removes. It may hold a `mutant.json`: see hook.ts. */
  readonly folder: string;
  readonly limitMs: number;
  /** Ends the run at once. */
  readonly signal: AbortSignal;
  /** Further variables of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A mutant that gathers without end fails here, not at the end of the machine's memory. */
const MAX_HEAP_MIB = 1024;
const HOOK = pathToFileURL(join(import.meta.dirname, "hook.ts"));
const QUICK_IMPORTS = pathToFileURL(join(import.meta.dirname, "../../test/quickImports.ts"));
const REPORTER = pathToFileURL(join(import.meta.dirname, "firstFailure.ts"));

/** Runs a test file to its end, its first failure or its limit. Leaves no process behind. */
export async function runTest({ root, test, folder, limitMs, signal, environment }: TestRun): Promise<Outcome> {
  const temporary = join(folder, "temporary");
  const processes = join(folder, "processes");
  for (const path of [temporary, processes]) await mkdir(path, { recursive: true });
  const hook = new URL(HOOK);
  hook.searchParams.set("run", folder);
  const env = {
    ...process.env,
    // A run of tests that runs this would be told of tests that are none of its own.
    NODE_TEST_CONTEXT: undefined,
    NODE_OPTIONS: `--import=${QUICK_IMPORTS.href} --import=${hook.href} --max-old-space-size=${MAX_HEAP_MIB}`,
    TMPDIR: temporary,
    ...environment,
  };
  const child = spawn(process.execPath, [`--test-reporter=${REPORTER.href}`, test], {
    cwd: root,
    env,
    detached: true,
    stdio: "ignore",
  });
  const kill = (): void => killGroup(child.pid);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    kill();
  }, limitMs);
  signal.addEventListener("abort", kill);
  try {
    if (signal.aborted) kill();
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    if (late) return "timeout";
    return code === 0 ? "passed" : "failed";
  } finally {
    clearTimeout(limit);
    signal.removeEventListener("abort", kill);
    kill();
    await killMarked(processes);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid !== undefined) killQuietly(-pid);
}

/** Ends what left the group: servers that a test starts in groups of their own. */
async function killMarked(folder: string): Promise<void> {
  // Under another name, nobody can add to it: whoever comes too late ends by itself.
  const over = `${folder}-over`;
  await rename(folder, over);
  for (const pid of await readdir(over)) killQuietly(Number(pid));
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (cause) {
    // It has ended already.
    if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
  }
}
