/**
 * Preloaded into every process of a test. The search parameter `run` names the folder of the run: its `mutant.json`, if there is one, holds
 * the address of one module and the text to run in its place; in `processes` every process leaves its id until it has ended by itself. When
 * that folder is gone, the run is over, and a process that was only about to start ends at once.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

const run = new URL(import.meta.url).searchParams.get("run")!;
const mutantPath = join(run, "mutant.json");
if (existsSync(mutantPath)) {
  const mutant = JSON.parse(readFileSync(mutantPath, "utf8")) as { url: string; source: string };
  registerHooks({
    load(url, context, nextLoad) {
      if (url !== mutant.url) return nextLoad(url, context);
      return { format: "module-typescript", source: mutant.source, shortCircuit: true };
    },
  });
}
if (isMainThread) {
  const mark = join(run, "processes", String(process.pid));
  try {
    writeFileSync(mark, "");
  } catch {
    process.exit(1);
  }
  process.once("exit", () => rmSync(mark, { force: true }));
}
