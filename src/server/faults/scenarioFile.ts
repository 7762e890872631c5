import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { suggestion } from "../../config/nearest.ts";
import type { Scenario } from "../../faults/FaultRule.ts";
import { FaultRuleError } from "../../faults/FaultRule.ts";
import { readScenario } from "../../faults/readFaultRule.ts";

/** The scenarios that Holdfast comes with: beside the sources, and beside what they are built into. */
const FOLDER: string = join(import.meta.dirname, "..", "..", "..", "faults");
const ENDING = ".json";
const SCHEMA = "schema";

/** The names of the scenarios that Holdfast comes with. */
export async function scenarioNames(): Promise<readonly string[]> {
  const files = await readdir(FOLDER);
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  return names.filter((name) => name !== SCHEMA).toSorted();
}

/**
 * The scenario of a name, or in a file: what has a "/", a "\" or the ending .json is a file's path. `seed` counts instead of its own. Throws
 * `FaultRuleError`, which says also what cannot be read.
 */
export async function openScenario(nameOrPath: string, seed?: number): Promise<Scenario> {
  const isPath = /[/\\]/.test(nameOrPath) || nameOrPath.endsWith(ENDING);
  if (isPath) return parse(nameOrPath, await readText(nameOrPath), seed);
  const names = await scenarioNames();
  if (!names.includes(nameOrPath)) {
    const did = suggestion(nameOrPath, names, (name) => `"${name}"`);
    throw new FaultRuleError(
      `There is no scenario "${nameOrPath}"${did} There are ${names.join(", ")}; a file's name ends with .json.`,
    );
  }
  return parse(nameOrPath, await readText(join(FOLDER, `${nameOrPath}${ENDING}`)), seed);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new FaultRuleError(`The scenario ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

function parse(name: string, text: string, seed: number | undefined): Scenario {
  try {
    return readScenario(JSON.parse(text), seed);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new FaultRuleError(`The scenario ${name} is no JSON: ${cause.message}.`, { cause });
    if (cause instanceof FaultRuleError) throw new FaultRuleError(`The scenario ${name}: ${cause.message}`, { cause });
    throw cause;
  }
}
