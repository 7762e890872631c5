import { suggestion } from "../config/nearest.ts";
import { OptionError } from "../config/OptionError.ts";
import { optionHelp } from "../config/optionTexts.ts";
import type { Command } from "./Command.ts";
import { wrapped } from "./columns.ts";
import type { ActionRow, CommandRow } from "./table/CommandRow.ts";
import { flagsOfCommand } from "./table/CommandRow.ts";
import { COMMANDS } from "./table/commandTable.ts";
import { flagForm, inLines, sharedSentence, synopsis } from "./usage.ts";

/** Width of what stands in front of what is said of it. */
const HEAD_WIDTH = 26;

/** `holdfast help [COMMAND]`: the commands and the options of a server, or all there is to know of one command. */
export const help: Command = async (args) => {
  const [name] = args;
  process.stdout.write(name === undefined ? overview() : helpOf(known(name)));
  return 0;
};

function known(name: string): CommandRow {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  throw new OptionError(
    `There is no command "${name}"${suggestion(name, names, (similar) => `"${similar}"`)} See holdfast --help.`,
  );
}

function overview(): string {
  const rows = COMMANDS.map((command) => described(`  holdfast ${formOf(command)}`, command.doc));
  return `Holdfast: an S3-compatible object store.

${rows.join("")}
  holdfast COMMAND --help   all there is to know of a command
  holdfast --version

All but serve, try-client, errors and completion take --data FOLDER or --config FILE, and work while
a server runs.

Options of serve, each also as a HOLDFAST_… variable and in a JSON file named by --config:

${optionHelp()}

HOLDFAST_ACCESS_KEY_ID and HOLDFAST_SECRET_ACCESS_KEY set the first user's key; so do the flags
--access-key and, with --memory alone, --secret-key.
`;
}

/** A command, and the words that may stand behind it. */
function formOf({ name, actions }: CommandRow): string {
  if (name === "serve") return "[serve] [options]";
  const words = [...new Set(actions.map((action) => action.words.split(" ")[0]!))].filter((word) => word !== "");
  const [{ subject, tail }] = actions as readonly [ActionRow];
  if (words.length > 0) return `${name} ${words.join(" | ")}`;
  return [name, subject && (subject.isOptional === true ? `[${subject.name}]` : subject.name), tail].filter(Boolean).join(" ");
}

/** All there is to know of a command. */
export function helpOf(command: CommandRow): string {
  const actions = command.actions.map((action) => inLines(synopsis(command, action), "  ") + wrapped(action.doc, "      "));
  const shared = sharedSentence(command);
  const flags = flagsOfCommand(command).map((row) => described(`  ${flagForm(row)}`, row.doc));
  const options = command.name === "serve" ? `${optionHelp()}\n` : flags.join("");
  return [
    `holdfast ${command.name}: ${command.doc}\n`,
    actions.join(""),
    ...(shared === "" ? [] : [wrapped(shared, "")]),
    ...(options === "" ? [] : [options]),
    ...(command.notes === undefined ? [] : [wrapped(command.notes, "")]),
  ].join("\n");
}

/** What something is, behind its name; below it where the name is too long for that. */
function described(head: string, doc: string): string {
  if (head.length + 1 < HEAD_WIDTH) return wrapped(doc, head.padEnd(HEAD_WIDTH));
  return `${head}\n${wrapped(doc, " ".repeat(HEAD_WIDTH))}`;
}
