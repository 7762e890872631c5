import { OptionError } from "../config/OptionError.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { readDataArguments } from "./dataOption.ts";

/** One thing that a command does. */
export interface Action {
  /** The flags that it takes. */
  readonly flags?: readonly string[];
  /** Those of them without which it does not know what to do. */
  readonly needs?: readonly string[];
  /** Whether a name stands behind its words. Default: true. */
  readonly named?: boolean;
  /** Resolves with what to print; `subject` is the name, "" where there is none. */
  readonly run: (read: DataArguments, subject: string) => Promise<string>;
}

/** A command of several actions, by their words, such as "key add". What fits none of them is refused with the `usage`. */
export function commandOfActions(usage: string, actions: Readonly<Record<string, Action>>): Command {
  const byWords = new Map(Object.entries(actions));
  const flags = [...new Set([...byWords.values()].flatMap((action) => action.flags ?? []))];
  return async (args) => {
    const read = readDataArguments(args, { flags, positionals: true });
    const words = read.positionals;
    const unnamed = byWords.get(words.join(" "));
    const named = byWords.get(words.slice(0, -1).join(" "));
    const action = unnamed?.named === false ? unnamed : named?.named === false ? undefined : named;
    const given = flags.filter((flag) => read.flags.has(flag));
    const takesAll = given.every((flag) => action?.flags?.includes(flag));
    const hasAll = action?.needs?.every((flag) => read.flags.has(flag)) ?? true;
    if (action === undefined || !takesAll || !hasAll) throw new OptionError(usage);
    process.stdout.write(await action.run(read, action === unnamed ? "" : words.at(-1)!));
    return 0;
  };
}

/** The value of a flag that takes one. */
export function flagOf({ flags }: Pick<DataArguments, "flags">, name: string): string | undefined {
  return flags.get(name) as string | undefined;
}
