/** The Nodes beside the repository's own, from npm's registry: 24, the oldest that Holdfast runs on, and 20 and 22, which it refuses. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, COMPLETE } from "../../test/interop/installed.ts";

/** Their majors. */
export type OtherNode = 20 | 22 | 24;

const FILES = ["package.json", "package-lock.json"];
const INSTALL_TIMEOUT_MS = 300_000;

/** The path of a Node's program, which is installed beside the clients of test/interop unless it is there. For Linux on x64 only. */
export async function otherNode(major: OtherNode): Promise<string> {
  const hash = createHash("sha256");
  for (const name of FILES) hash.update(readFileSync(join(import.meta.dirname, name)));
  const folder = join(cacheFolder(), `nodes-${hash.digest("hex").slice(0, 16)}`);
  if (!existsSync(join(folder, COMPLETE))) await install(folder);
  return join(folder, "node_modules", `node-${major}`, "bin/node");
}

async function install(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of FILES) await cp(join(import.meta.dirname, name), join(folder, name));
  await promisify(execFile)("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], {
    timeout: INSTALL_TIMEOUT_MS,
  });
  await writeFile(join(folder, COMPLETE), "");
}
