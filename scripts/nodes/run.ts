/**
 * `node scripts/nodes/run.ts MAJOR SCRIPT`: runs a script of package.json on another Node, and ends as it does. npm would put the
 * repository's own before any other.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { OtherNode } from "./otherNode.ts";
import { otherNode } from "./otherNode.ts";

const ROOT = join(import.meta.dirname, "../..");

const [major, name] = process.argv.slice(2);
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
const script = scripts[name ?? ""];
if (script === undefined) throw new Error(`usage: node scripts/nodes/run.ts MAJOR SCRIPT, where SCRIPT is one of package.json`);
const program = await otherNode(Number(major) as OtherNode);
const path = [dirname(program), join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
const child = spawn("sh", ["-c", script], { cwd: ROOT, env: { ...process.env, PATH: path }, stdio: "inherit" });
const [code] = (await once(child, "close")) as [number | null];
process.exitCode = code ?? 1;
