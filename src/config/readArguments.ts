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
  /** What tells more of it; without, `holdfast --help`. */
  readonly help?: string;
}

/** Arguments as they were given. */
export interface Arguments {
  /** By name. Of a flag that was given again, the last value counts; a repeatable one has all of them. */
  readonly flags: ReadonlyMap<string, string | readonly string[]>;
  readonly positionals: readonly string[];
}

/** What every command takes, and answers before it looks at anything else. */
const TAKEN_BY_ALL: readonly string[] = ["help", "version"];

/** Reads the arguments of a command. Throws `OptionError` for what the command does not take. */
export function readArguments(args: readonly string[], form: ArgumentForm): Arguments {
  const unknown = unknownFlags(args, form);
  const see = `See ${form.help ?? "holdfast --help"}.`;
  if (unknown.length > 0) throw new OptionError(`${unknown.map((flag) => `There is no option ${flag}`).join(" ")} ${see}`);
  const isSwitch = (name: string): boolean => form.switches?.includes(name) === true;
  const flags = new Map<string, string | readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokensOf(args, form)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, inlineValue } = token;
    const value = token.value ?? (isSwitch(name) ? "true" : undefined);
    if (value === undefined) throw new OptionError(`${rawName} needs a value. ${see}`);
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
    throw new OptionError(`The argument "${positionals[0]}" has no meaning here. ${see}`);
  }
  return { flags, positionals };
}

/** The arguments that are neither flags nor values of any. */
export function positionalsIn(args: readonly string[], form: ArgumentForm): readonly string[] {
  return tokensOf(args, form).flatMap((token) => (token.kind === "positional" ? [token.value] : []));
}

/** The flags among arguments that a command does not take: each as it was written, with the end of a sentence that says what was meant. */
export function unknownFlags(args: readonly string[], form: ArgumentForm): readonly string[] {
  const written = tokensOf(args, form).flatMap((token) =>
    token.kind === "option" && !form.flags.includes(token.name) ? [args[token.index]!.split("=", 1)[0]!] : [],
  );
  const known = [...form.flags, ...TAKEN_BY_ALL];
  return [...new Set(written)].map((flag) => `${flag}${suggestion(flag.replace(/^-+/, ""), known, (name) => `--${name}`)}`);
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];

/** Arguments taken apart. What parseArgs says of wrong ones is written for programmers, and is not asked for. */
function tokensOf(args: readonly string[], { flags, switches = [] }: ArgumentForm): readonly Token[] {
  const options = Object.fromEntries(
    flags.map((name) => [name, { type: switches.includes(name) ? "boolean" : "string" } as const]),
  );
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}
