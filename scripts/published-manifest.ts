/**
 * The repository brings its own Node as an optional dependency, so that a machine with an older one needs nothing else. A published
 * package must not: `prepare` takes it out of package.json before packing, `restore` puts the file back.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MANIFEST = join(import.meta.dirname, "..", "package.json");
const KEPT = `${MANIFEST}.kept`;

// Also before it is prepared: npm runs no postpack after a pack that failed, and what was kept then is the manifest still.
if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
if (process.argv[2] === "prepare") {
  const text = readFileSync(MANIFEST, "utf8");
  const { optionalDependencies: _node, devDependencies: _tools, ...published } = JSON.parse(text) as Record<string, unknown>;
  writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify(published, undefined, 2)}\n`);
}
