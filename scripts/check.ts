/** `npm run check`: types, and that generated files are what their generators write. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./generated-files.ts";

const ROOT = join(import.meta.dirname, "..");
const problems: string[] = [];

try {
  execFileSync(join(ROOT, "node_modules", ".bin", "tsc"), ["--noEmit", "-p", ROOT], { stdio: "pipe" });
} catch (cause) {
  problems.push(String((cause as { stdout: Buffer }).stdout));
}
for (const [path, text] of await generatedFiles()) {
  const file = join(ROOT, path);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) problems.push(`${path}: not up to date; run npm run generate`);
}
process.stdout.write(problems.length === 0 ? "No problems.\n" : `${problems.join("\n")}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
