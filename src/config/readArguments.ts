import { parseArgs } from "node:util";
import { suggestion } from "./nearest.ts";
import { OptionError } from "./OptionError.ts";

/** What a command takes. */
export interface ArgumentForm {
  /** The names of its flags, without "--"; each has a value. */
  readonly flags: readonly string[];
  /** Those of them whose value is "true" unless `=` says otherwise. */
  readonly switches?: readonly string[];
  /** Those of them that may be given several times. */
  readonly repeatable?: readonly string[];
  /** Whether it takes arguments that are no flags. */
  readonly positionals?: boolean;
}

/** Arguments as they were given. */
export interface Arguments {
  /** By name. Of a flag that was given again, the last value counts; a repeatable one has all of them. */
  readonly flags: ReadonlyMap<string, string | readonly string[]>;
  readonly positionals: readonly string[];
}

/** Reads the arguments of a command. Throws `OptionError` for what the command does not take. */
export function readArguments(args: readonly string[], form: ArgumentForm): Arguments {
  const isSwitch = (name: string): boolean => form.switches?.includes(name) === true;
  const options = Object.fromEntries(form.flags.map((name) => [name, { type: isSwitch(name) ? "boolean" : "string" } as const]));
  const flags = new Map<string, string | readonly string[]>();
  const positionals: string[] = [];
  // parseArgs only takes the arguments apart: what it says of wrong ones is written for programmers.
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, inlineValue } = token;
    const value = token.value ?? (isSwitch(name) ? "true" : undefined);
    if (!form.flags.includes(name)) throw new OptionError(unknownFlag(rawName, form.flags));
    if (value === undefined) throw new OptionError(`${rawName} needs a value. See holdfast --help.`);
    // A dash alone is standard input.
    if (!inlineValue && value.startsWith("-") && value !== "-") {
      throw new OptionError(
        `${rawName} needs a value, and ${value} looks like another option; if it is meant: ${rawName}=${value}`,
      );
    }
    const before = flags.get(name) ?? [];
    flags.set(name, form.repeatable?.includes(name) === true ? [...before, value] : value);
  }
  if (positionals.length > 0 && form.positionals !== true) {
    throw new OptionError(`The argument "${positionals[0]}" has no meaning here. See holdfast --help.`);
  }
  return { flags, positionals };
}

function unknownFlag(rawName: string, flags: readonly string[]): string {
  const did = suggestion(rawName.replace(/^-+/, ""), flags, (name) => `--${name}`);
  return `There is no option ${rawName}${did} See holdfast --help.`;
}
