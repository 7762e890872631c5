import type { ArgumentForm } from "../config/readArguments.ts";
import type { CommandRow } from "./table/CommandRow.ts";
import { flagsOfCommand } from "./table/CommandRow.ts";

/** What the arguments of a command are read by. */
export function argumentForm(command: CommandRow): ArgumentForm {
  const rows = flagsOfCommand(command);
  return {
    flags: rows.map(({ flag }) => flag),
    switches: rows.filter(({ value }) => value === undefined).map(({ flag }) => flag),
    repeatable: rows.filter(({ isRepeatable }) => isRepeatable).map(({ flag }) => flag),
    positionals: command.actions.some(({ words, subject }) => words !== "" || subject !== undefined),
    help: `holdfast ${command.name} --help`,
  };
}
