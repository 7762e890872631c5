import type { Arguments } from "../config/readArguments.ts";
import { likely, suggestion } from "../config/nearest.ts";
import type { OptionError } from "../config/OptionError.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { readDataArguments } from "./dataOption.ts";
import type { ActionRow, CommandRow } from "./table/CommandRow.ts";
import { commandNamed } from "./table/commandTable.ts";
import { flagsOfAction, flagsOfCommand } from "./table/CommandRow.ts";
import { flagForm, wrongUse } from "./usage.ts";

/** Does one of the things that a command does. Resolves with what to print; `subject` is the name behind its words, "" where there is none. */
export type Action = (read: DataArguments, subject: string) => Promise<string>;

/** A command of several actions, which are run by their words, such as "key add". What fits none of them is refused. */
export function commandOfActions(name: string, run: Readonly<Record<string, Action>>): Command {
  const command = commandNamed(name);
  const missing = command.actions.find(({ words }) => run[words] === undefined);
  if (missing !== undefined) throw new Error(`holdfast ${name} ${missing.words} stands in the table, and nothing runs it.`);
  return async (args) => {
    const read = readDataArguments(args, command);
    const { action, subject } = chosenAction(command, read);
    process.stdout.write(await run[action.words]!(read, subject ?? ""));
    return 0;
  };
}

/** What arguments ask a command for. */
export interface ChosenAction {
  readonly action: ActionRow;
  /** What stands behind the action's words. */
  readonly subject: string | undefined;
}

/** The action that arguments ask for. Throws `OptionError`, with what is wrong and how the command is used, where they fit none. */
export function chosenAction(command: CommandRow, { flags, positionals }: Arguments): ChosenAction {
  const words = positionals.length === 0 && command.usualWords !== undefined ? [command.usualWords] : positionals;
  const action = command.actions
    .filter((row) => begins(words, wordsOf(row)))
    .toSorted((one, other) => wordsOf(other).length - wordsOf(one).length)[0];
  if (action === undefined) throw unknownWords(command, words);
  const problem = problemOf(command, action, flags, words);
  if (problem !== undefined) throw wrongUse(command, problem, [action]);
  const behind = words.slice(wordsOf(action).length);
  return { action, subject: behind.length === 0 ? undefined : behind.join(" ") };
}

function wordsOf({ words }: ActionRow): readonly string[] {
  return words === "" ? [] : words.split(" ");
}

function begins(words: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((word, index) => words[index] === word);
}

/** What is wrong with arguments that an action is asked with. */
function problemOf(
  command: CommandRow,
  action: ActionRow,
  flags: Arguments["flags"],
  words: readonly string[],
): string | undefined {
  const { subject, needs = [] } = action;
  const called = `holdfast ${[command.name, ...wordsOf(action)].join(" ")}`;
  const behind = words.slice(wordsOf(action).length);
  const mostWords = subject === undefined ? 0 : subject.isLong === true ? Number.POSITIVE_INFINITY : 1;
  if (behind.length > mostWords) return `The argument "${behind[mostWords]}" has no meaning behind ${called}.`;
  if (subject !== undefined && subject.isOptional !== true && behind.length === 0) return `${called} needs ${aOf(subject.name)}.`;
  const missing = needs.find(({ flag }) => !flags.has(flag));
  if (missing !== undefined) return `${called} needs ${flagForm(missing)}.`;
  const own = new Set(flagsOfAction(command, action).map(({ flag }) => flag));
  const stray = flagsOfCommand(command).find(({ flag }) => flags.has(flag) && !own.has(flag));
  return stray === undefined ? undefined : `${called} does not take --${stray.flag}.`;
}

function aOf(name: string): string {
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

/** The refusal of words that no action has, with how those are used that may have been meant. */
function unknownWords(command: CommandRow, words: readonly string[]): OptionError {
  const isKnown = (beginning: readonly string[]): boolean => command.actions.some((row) => begins(wordsOf(row), beginning));
  const depth = words.findIndex((_, index) => !isKnown(words.slice(0, index + 1)));
  const before = depth === -1 ? words : words.slice(0, depth);
  const below = command.actions.filter((row) => begins(wordsOf(row), before));
  const next = [...new Set(below.map((row) => wordsOf(row)[before.length]!))];
  const called = ["holdfast", command.name, ...before].join(" ");
  const word = words[before.length];
  if (word === undefined)
    return wrongUse(command, before.length === 0 ? "" : `${called} needs one of ${next.join(", ")}.`, below);
  const meant = likely(word, next);
  const fitting = below.filter((row) => meant === undefined || wordsOf(row)[before.length] === meant);
  return wrongUse(command, `${called} has no "${word}"${suggestion(word, next, (name) => `"${name}"`)}`, fitting);
}

/** The value of a flag that takes one. */
export function flagOf({ flags }: Pick<Arguments, "flags">, name: string): string | undefined {
  return flags.get(name) as string | undefined;
}
