import { OptionError } from "../config/OptionError.ts";
import { wrapped } from "./columns.ts";
import type { ActionRow, CommandRow, FlagRow } from "./table/CommandRow.ts";

/** What keeps a piece of a line whole where lines are broken. */
const NO_BREAK_SPACE = "\u00A0";
/** What stands in front of a line that goes on with the one above. */
const CONTINUED = "    ";

/** A flag with its value, as it is given. */
export function flagForm({ flag, value }: FlagRow): string {
  return value === undefined ? `--${flag}` : `--${flag} ${value}`;
}

/** How an action is called, without what all actions of the command take: pieces that a line is not broken in. */
export function synopsis(command: CommandRow, action: ActionRow): readonly string[] {
  const { words, subject, needs = [], takes = [], flagsInShort, tail } = action;
  const flags = [...needs.map(flagForm), ...takes.map((row) => `[${flagForm(row)}]${row.isRepeatable === true ? "..." : ""}`)];
  return [
    ["holdfast", command.name, words].filter((word) => word !== "").join(" "),
    ...(subject === undefined || flagsInShort !== undefined
      ? []
      : [subject.isOptional === true ? `[${subject.name}]` : subject.name]),
    ...(flagsInShort === undefined ? flags : [flagsInShort]),
    ...(tail === undefined ? [] : [tail]),
  ];
}

/** Pieces in lines behind a beginning; what does not fit into the first line stands further in. Ends with a line break. */
export function inLines(pieces: readonly string[], beginning: string): string {
  const whole = pieces.map((piece) => piece.replaceAll(" ", NO_BREAK_SPACE)).join(" ");
  return wrapped(whole, beginning, `${" ".repeat(beginning.length)}${CONTINUED}`).replaceAll(NO_BREAK_SPACE, " ");
}

/** What all actions of a command take, in a sentence; "" where that is nothing. */
export function sharedSentence({ actions, shared }: CommandRow): string {
  if (shared.length === 0) return "";
  return `${actions.length === 1 ? "It takes" : "All take"} ${shared.map((row) => `[${flagForm(row)}]`).join(" ")}.`;
}

/** How a command, or some of its actions, is used, for those who did so otherwise. */
export function usageOf(command: CommandRow, actions: readonly ActionRow[] = command.actions): string {
  const lines = actions.map((action, index) => inLines(synopsis(command, action), index === 0 ? "Use: " : "     "));
  const shared = sharedSentence({ ...command, actions });
  return `${lines.join("")}${shared === "" ? "" : `${shared} `}See holdfast ${command.name} --help.`;
}

/** The refusal of a command that was used otherwise than it can be: a sentence about what is wrong, where there is one, and how it is used. */
export function wrongUse(command: CommandRow, sentence: string, actions?: readonly ActionRow[]): OptionError {
  return new OptionError(`${sentence === "" ? "" : `${sentence}\n`}${usageOf(command, actions)}`);
}
