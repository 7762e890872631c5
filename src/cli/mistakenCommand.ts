import { SETTING_FLAGS } from "../config/loadSettings.ts";
import { likely } from "../config/nearest.ts";
import { OptionError } from "../config/OptionError.ts";
import { positionalsIn, unknownFlags } from "../config/readArguments.ts";
import { argumentForm } from "./argumentForm.ts";
import { COMMANDS, commandNamed } from "./table/commandTable.ts";

const NAMES: readonly string[] = COMMANDS.map(({ name }) => name);
const SEE = "See holdfast --help.";

/** What is said of a command that there is not: which one was most likely meant, and the same of the options behind it. */
export function unknownCommand(name: string, rest: readonly string[]): OptionError {
  const meant = likely(name, NAMES);
  if (meant === undefined) return new OptionError(`There is no command "${name}". ${SEE}`);
  return new OptionError(`There is no command "${name}"; did you mean "${meant}"? ${optionsOf(meant, rest)}${SEE}`);
}

/** What is said of a command that stands behind options, where the server's own options end; `undefined` where none stands there. */
export function misplacedCommand(args: readonly string[]): OptionError | undefined {
  const word = positionalsIn(args, SETTING_FLAGS).find((one) => likely(one, NAMES) !== undefined);
  const meant = word === undefined ? undefined : likely(word, NAMES);
  if (word === undefined || meant === undefined) return undefined;
  const before = `A command stands in front of its options: holdfast ${meant} …`;
  if (word === meant) return new OptionError(`${before} ${optionsOf(meant, args)}${SEE}`);
  return new OptionError(`There is no command "${word}"; did you mean "${meant}"? ${before} ${optionsOf(meant, args)}${SEE}`);
}

/** Sentences about the options that a command does not take. */
function optionsOf(command: string, args: readonly string[]): string {
  return unknownFlags(args, argumentForm(commandNamed(command)))
    .map((flag) => `There is no option ${flag} `)
    .join("");
}
