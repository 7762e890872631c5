/**
 * package.json as it is published: without what only this repository has. The Nodes that it brings as optional dependencies, its tools, its
 * scripts and the condition by which its sources are found are left out. `prepare` writes it before packing, `restore` puts the file back.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MANIFEST = join(import.meta.dirname, "..", "package.json");
const KEPT = `${MANIFEST}.kept`;
const OF_THE_REPOSITORY: ReadonlySet<string> = new Set(["scripts", "devDependencies", "optionalDependencies"]);

/** npm has read the scripts before it packs: `restore` runs although what it packs does not name it. */
function published(manifest: Record<string, unknown>): Record<string, unknown> {
  const entries = manifest["exports"] as Record<string, Record<string, string>>;
  const exports = Object.fromEntries(Object.entries(entries).map(([path, { source: _, ...conditions }]) => [path, conditions]));
  const kept = Object.entries(manifest).filter(([name]) => !OF_THE_REPOSITORY.has(name));
  return { ...Object.fromEntries(kept), exports };
}

// Also before it is prepared: npm runs no postpack after a pack that failed, and what was kept then is the manifest still.
if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
if (process.argv[2] === "prepare") {
  const text = readFileSync(MANIFEST, "utf8");
  writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify(published(JSON.parse(text) as Record<string, unknown>), undefined, 2)}\n`);
}
