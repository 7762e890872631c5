/** What the installed package does on Nodes that are too old for its server. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { otherNode } from "./otherNode.ts";

/** The one sentence that the command and the library have for such a Node. */
const REFUSAL = /^Holdfast needs Node 24 or newer; this is v(?:20|22)\.[0-9.]+\.$/;
const USAGE_EXIT_CODE = 2;
const STEP_TIMEOUT_MS = 60_000;

/** What loads the library, and what uses `holdfast/errors`, which is for programs on any of these Nodes. */
const LOADS = ["import('holdfast')", "Promise.resolve().then(() => require('holdfast'))"].map(
  (load) => `${load}.catch(({ message }) => process.stdout.write(message))`,
);
const USES_ERRORS = ["import('holdfast/errors')", "Promise.resolve(require('holdfast/errors'))"].map(
  (load) => `${load}.then(({ lookUp }) => process.stdout.write(lookUp('SlowDown').advice.retry))`,
);

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Tries command, library and `holdfast/errors` in a folder where the package is installed. Throws an `AssertionError`. */
export async function tryOldNodes(folder: string): Promise<void> {
  for (const major of [20, 22] as const) {
    const node = await otherNode(major);
    for (const program of LOADS) {
      const { stdout } = await ended(node, ["-e", program], folder);
      assert.match(stdout, REFUSAL, `Node ${major}: ${program}`);
    }
    for (const program of USES_ERRORS) {
      const { stdout, stderr } = await ended(node, ["-e", program], folder);
      assert.equal(stdout, "slower", `Node ${major}: ${program}: ${stderr}`);
    }
    const command = await ended(node, [join(folder, "node_modules/holdfast/dist/main.js"), "serve"], folder);
    assert.equal(command.exitCode, USAGE_EXIT_CODE);
    assert.match(command.stderr.trimEnd(), REFUSAL);
    assert.equal(command.stdout, "");
  }
}

function ended(node: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(node, args, { cwd, timeout: STEP_TIMEOUT_MS }, (failure, stdout, stderr) => {
      resolve({ exitCode: Number(failure?.code ?? 0), stdout, stderr });
    });
  });
}
