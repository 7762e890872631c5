import assert from "node:assert/strict";
import { chmodSync, cpSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { newFolder } from "../newFolder.ts";
import { succeed } from "./commands.ts";
import { installed, requirePackages } from "./installed.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Compilers of languages that are not Debian's stand there, or wherever the PATH says. */
const PATH = ["/usr/local/go/bin", "/usr/bin", "/bin", process.env["PATH"]].join(delimiter);

/** A copy of an example, and the surroundings that have `holdfast` on the PATH. */
function exampleFor(t: TestContext, name: string): { cwd: string; env: Record<string, string> } {
  requirePackages();
  const folder = newFolder(t);
  const command = join(folder, "holdfast");
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, "src/main.ts")}' "$@"\n`);
  chmodSync(command, 0o700);
  const cwd = join(folder, name);
  cpSync(join(ROOT, "examples", name), cwd, { recursive: true });
  // Compilers keep what they have loaded below the user's folder.
  return { cwd, env: { PATH: [folder, PATH].join(delimiter), HOME: homedir() } };
}

test("examples/python: its tests pass under Debian's pytest and boto3", async (t) => {
  const printed = await succeed("/usr/bin/pytest-3", ["-q", "-p", "no:cacheprovider"], exampleFor(t, "python"));
  assert.match(printed, /\b3 passed\b/);
});

test("examples/go: its tests pass", async (t) => {
  const example = exampleFor(t, "go");
  installed("go");
  assert.match(await succeed("go", ["test", "-count=1", "-v", "./..."], example), /^--- PASS: TestAPhotoIsKeptUnderItsName/m);
});

test("examples/java: its tests pass", async (t) => {
  const example = exampleFor(t, "java");
  installed("java");
  assert.match(await succeed("mvn", ["-B", "test"], example), /Tests run: 2, Failures: 0, Errors: 0, Skipped: 0/);
});
