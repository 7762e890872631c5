/** `npm run check`: types, lint, format, house rules, and that generated files are what their generators write. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkHouseRules } from "./checks/houseRules.ts";
import { problemLines } from "./checks/Problem.ts";
import { readSources } from "./checks/SourceFile.ts";
import { generatedFiles } from "./generated-files.ts";

const ROOT: string = join(import.meta.dirname, "..");

/** What a tool of the project prints if it finds something wrong. */
function tool(name: string, args: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(join(ROOT, "node_modules", ".bin", name), args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (failure, stdout, stderr) => {
      resolve(failure === null ? [] : [`${name}: ${failure.code}\n${stdout}${stderr}`]);
    });
  });
}

async function staleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, text] of await generatedFiles()) {
    const present = await readFile(join(ROOT, path), "utf8").catch(() => undefined);
    if (present !== text) stale.push(`${path}: not up to date; run npm run generate`);
  }
  return stale;
}

const problems = await Promise.all([
  tool("tsc", ["--noEmit", "-p", "."]),
  tool("oxlint", ["--type-aware", "--deny-warnings"]),
  tool("oxfmt", ["--check"]),
  problemLines(checkHouseRules(readSources(ROOT))),
  staleFiles(),
]);
const lines = problems.flat();
process.stdout.write(lines.length === 0 ? "No problems.\n" : `${lines.join("\n")}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
