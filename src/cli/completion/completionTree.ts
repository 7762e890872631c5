import { errorCodes } from "../../errors/catalogue.ts";
import { FAULT_STAGES, OPERATION_NAMES } from "../../faults/actions.ts";
import type { CommandRow, FlagRow, SubjectRow, ValueKind } from "../table/CommandRow.ts";
import { flagsOfAction } from "../table/CommandRow.ts";
import { COMMANDS } from "../table/commandTable.ts";

/** A word that may stand on a command line, or the program itself, and what may stand behind it. */
export interface CompletionNode {
  /** The words up to here, without the program's name, with spaces between. */
  readonly path: string;
  readonly doc: string;
  /** The words that may come next, by themselves. */
  readonly words: ReadonlyMap<string, CompletionNode>;
  readonly flags: readonly FlagRow[];
  readonly subject: SubjectRow | undefined;
  /** Whether another command stands behind "--". */
  readonly hasTail: boolean;
}

const HELP: FlagRow = { flag: "help", doc: "all there is to know of this command" };
const VERSION: FlagRow = { flag: "version", doc: "the version of this package" };

/** All that may stand on a command line of `holdfast`. */
export function completionTree(): CompletionNode {
  const serve = COMMANDS[0]!;
  return {
    path: "",
    doc: "",
    words: new Map(COMMANDS.map((command) => [command.name, nodeOf(command, "")])),
    // Without a command, the options are the server's.
    flags: [...flagsOfAction(serve, serve.actions[0]!), HELP, VERSION],
    subject: undefined,
    hasTail: false,
  };
}

/** The node of a command behind some words of its actions. */
function nodeOf(command: CommandRow, before: string): CompletionNode {
  const beginning = before === "" ? "" : `${before} `;
  const below = command.actions.filter(({ words }) => words !== before && words.startsWith(beginning));
  const next = [...new Set(below.map(({ words }) => words.slice(beginning.length).split(" ")[0]!))];
  const own = command.actions.find(({ words }) => words === before);
  return {
    path: before === "" ? command.name : `${command.name} ${before}`,
    doc: own?.doc ?? (before === "" ? command.doc : next.join(", ")),
    words: new Map(next.map((word) => [word, nodeOf(command, `${beginning}${word}`)])),
    flags: [...(own === undefined ? [] : flagsOfAction(command, own)), HELP],
    subject: own?.subject,
    hasTail: own?.tail !== undefined,
  };
}

/** Nodes of a tree, each before those below it. */
export function allNodes(node: CompletionNode): readonly CompletionNode[] {
  return [node, ...[...node.words.values()].flatMap(allNodes)];
}

/** What a value can be: words to choose from, a path, or any text. `scenarios` are the names of those that Holdfast comes with. */
export function valuesOf(kind: ValueKind | undefined, scenarios: readonly string[]): readonly string[] | "path" | "text" {
  if (kind === undefined) return "text";
  if (typeof kind !== "string") return kind;
  switch (kind) {
    case "errorCode":
      // One of the codes is made of two words, and nobody types it.
      return errorCodes().filter((code) => !code.includes(" "));
    case "operation":
      return OPERATION_NAMES;
    case "stage":
      return FAULT_STAGES;
    case "scenario":
      return scenarios;
    case "command":
      return COMMANDS.map(({ name }) => name);
    default:
      return kind;
  }
}
