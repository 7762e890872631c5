import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { run } from "./commands.ts";
import { fixture } from "./fixture.ts";

/**
 * Lets a program of `clients/` play rounds against a server of its own; each round is a test of its own. The program is given the endpoint and
 * the rounds, and prints a line for each: its name and OK, or what differed.
 */
export async function playRounds(t: TestContext, program: readonly string[], rounds: readonly string[]): Promise<void> {
  const { endpoint, folder } = await fixture(t);
  const [command, ...args] = program;
  const { code, stdout, stderr } = await run(command!, [...args, endpoint, ...rounds], { cwd: folder });
  const outcomes = new Map(stdout.split("\n").map((line) => [line.split(": ", 1)[0]!, line]));
  assert.equal(code, 0, stderr);
  for (const round of rounds) await t.test(round, () => assert.equal(outcomes.get(round), `${round}: OK`));
}
