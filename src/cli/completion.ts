import { suggestion } from "../config/nearest.ts";
import { readArguments } from "../config/readArguments.ts";
import { scenarioNames } from "../server/faults/scenarioFile.ts";
import { chosenAction } from "./actions.ts";
import { argumentForm } from "./argumentForm.ts";
import type { Command } from "./Command.ts";
import { bashCompletion } from "./completion/bash.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { commandNamed } from "./table/commandTable.ts";
import { wrongUse } from "./usage.ts";

const COMMAND = commandNamed("completion");
const SHELLS: ReadonlyMap<string, (scenarios: readonly string[]) => string> = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
]);

/** `holdfast completion SHELL`: what a shell reads to complete commands and options. */
export const completion: Command = async (args) => {
  const shell = chosenAction(COMMAND, readArguments(args, argumentForm(COMMAND))).subject!;
  const write = SHELLS.get(shell);
  if (write === undefined) {
    const did = suggestion(shell, [...SHELLS.keys()], (name) => `"${name}"`);
    throw wrongUse(COMMAND, `There is no completion for "${shell}"${did} There are ${[...SHELLS.keys()].join(" and ")}.`);
  }
  process.stdout.write(write(await scenarioNames()));
  return 0;
};
