import type { OptionRow } from "../src/config/optionTable.ts";
import { describeDefault, describeType, OPTIONS, variableOf } from "../src/config/optionTable.ts";
import type { ActionRow, CommandRow } from "../src/cli/table/CommandRow.ts";
import { flagsOfCommand } from "../src/cli/table/CommandRow.ts";
import { COMMANDS } from "../src/cli/table/commandTable.ts";
import { flagForm, synopsis } from "../src/cli/usage.ts";

/**
 * The manual page of `holdfast`, made of the tables of its commands and options, for man-db and mandoc.
 * @see https://man7.org/linux/man-pages/man7/man.7.html
 */
export function manualPage(version: string): string {
  return `.\\" Generated from the tables of commands and options. Do not edit.
.TH HOLDFAST 1 "" "Holdfast ${escaped(version)}" "Holdfast"
.SH NAME
holdfast \\- an S3\\-compatible object store
.SH SYNOPSIS
.B holdfast
.RI [ serve "] [" options ]
.br
.B holdfast
.I command
.RI [ arguments ]
.br
.B holdfast
.I command
.B \\-\\-help
.SH DESCRIPTION
Holdfast answers as Amazon S3 does, explains every error and loses nothing that it acknowledged.
Without a command it runs a server.
All commands but
.BR serve ", " try\\-client ", " errors " and " completion
work on the data folder of a server, also while the server runs.
.SH OPTIONS OF SERVE
Each option may be given as a flag, as an environment variable, or in a JSON file that
.B \\-\\-config
names, under the name in parentheses.
Flags count before variables, variables before the file, the file before the defaults.
${OPTIONS.map(optionEntry).join("")}.SH COMMANDS
${COMMANDS.filter(({ name }) => name !== "serve")
  .map(commandEntry)
  .join("")}.SH ENVIRONMENT
${entry(".B HOLDFAST_…", "The options of the server, as named above.")}${entry(".B HOLDFAST_CONFIG", "The option file.")}${entry(
    ".B HOLDFAST_ACCESS_KEY_ID\n.TQ\n.B HOLDFAST_SECRET_ACCESS_KEY",
    "The key of the first user, who is called admin.",
  )}.SH FILES
${entry(".I ./holdfast\\-data", "The data folder, unless --data says otherwise.")}${entry(
    ".I credentials.json",
    "In the data folder: the first user's key, where none was given.",
  )}.SH EXIT STATUS
${entry("0", "It is done.")}${entry("1", "It could not be done, or something is damaged.")}${entry(
    "2",
    "The command line means nothing; nothing was done.",
  )}${entry("130", "SIGINT ended it.")}.SH SIGNALS OF SERVE
SIGTERM and SIGINT end the server when the requests under way are finished.
.SH EXAMPLES
${EXAMPLES.map(([text, line]) => `${escaped(text)}\n.PP\n.RS\n.EX\n${escaped(line)}\n.EE\n.RE\n`).join(".PP\n")}`;
}

const EXAMPLES: readonly (readonly [text: string, line: string])[] = [
  ["A server on port 9000 whose data are kept in a folder:", "holdfast --data /var/lib/holdfast"],
  ["A further user:", "holdfast user add ann --data /var/lib/holdfast"],
  [
    "What was refused in the last ten minutes, and why the last of it:",
    "holdfast requests --status 4xx --since 10m\nholdfast why REQUEST-ID",
  ],
  ["What an error of S3's means:", "holdfast errors signature mismatch"],
];

function optionEntry(row: OptionRow): string {
  const isSwitch = row.type.kind === "switch";
  const head = `\\fB${escaped(`--${row.flag}`)}\\fR${isSwitch ? "" : " \\fIvalue\\fR"} (${escaped(`${variableOf(row)}, ${row.name}`)})`;
  const value = isSwitch ? "" : ` Value: ${describeType(row.type)}.`;
  return entry(head, `${row.doc}${value} Default: ${describeDefault(row)}.`);
}

function commandEntry(command: CommandRow): string {
  const actions = command.actions.map((action) => entry(`.B ${escaped(synopsisOf(command, action))}`, sentence(action.doc)));
  const flags = flagsOfCommand(command).map((row) => entry(`.B ${escaped(flagForm(row))}`, sentence(row.doc)));
  return [
    `.SS ${escaped(`holdfast ${command.name}`)}\n${escaped(sentence(command.doc))}\n`,
    ...actions,
    ...(flags.length === 0 ? [] : [".PP\nIts options:\n", ...flags]),
    ...(command.notes === undefined ? [] : [`.PP\n${escaped(command.notes)}\n`]),
  ].join("");
}

/** The words of an action; its flags stand below. */
function synopsisOf(command: CommandRow, action: ActionRow): string {
  const { takes = [], needs = [] } = action;
  const flags = [...needs, ...takes].length > MOST_FLAGS_IN_LINE;
  return synopsis(command, flags ? { ...action, flagsInShort: action.flagsInShort ?? "[options]" } : action).join(" ");
}

/** Of more flags, only the list below tells. */
const MOST_FLAGS_IN_LINE = 6;

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** A paragraph with a head of its own. */
function entry(head: string, text: string): string {
  return `.TP\n${head}\n${escaped(text)}\n`;
}

/** A text as roff takes it for what it is: hyphens that can be copied, and no line that begins as a request does. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^(?=[.'])/gm, "\\&")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll('"', "\\(dq")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti");
}
