import type { CommandRow } from "./CommandRow.ts";
import { FAULT_COMMANDS } from "./faults.ts";
import { IDENTITY_COMMANDS } from "./identities.ts";
import { KEYS_COMMAND } from "./keys.ts";
import { REQUEST_COMMANDS, TASK_COMMANDS, TELLING_COMMANDS } from "./otherCommands.ts";
import { SERVE_COMMAND } from "./serveCommand.ts";

/** Every command, in the order of help. */
export const COMMANDS: readonly CommandRow[] = [
  SERVE_COMMAND,
  ...IDENTITY_COMMANDS,
  KEYS_COMMAND,
  ...TASK_COMMANDS,
  ...REQUEST_COMMANDS,
  ...FAULT_COMMANDS,
  ...TELLING_COMMANDS,
];

/** The command of a name, which has to be one. */
export function commandNamed(name: string): CommandRow {
  const found = COMMANDS.find((command) => command.name === name);
  if (found === undefined) throw new Error(`The table has no command ${name}.`);
  return found;
}
