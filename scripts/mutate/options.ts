import { parseArgs } from "node:util";

/** Thrown for options that make no sense; the message is for the person who gave them. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** What a run is to do. */
export interface MutateOptions {
  /** Files and folders of sources, from the repository. */
  readonly paths: readonly string[];
  /** Files and folders of the tests that may notice. */
  readonly tests: readonly string[];
  /** Mutants of each room; `undefined`: all. */
  readonly sample: number | undefined;
  readonly seed: number;
  readonly jobs: number;
  /** True names the mutants and runs nothing. */
  readonly list: boolean;
  readonly jsonPath: string | undefined;
  /** Lowest score of each room, in percent, with which the run ends well. */
  readonly minimum: number;
}

/** The rooms that decide what is stored, for whom, and what goes over the wire. */
const ROOMS = ["src/access", "src/auth", "src/protocol", "src/store"];

/** What `npm run mutate -- --help` prints. */
export const HELP: string = `npm run mutate -- [files and folders] [options]

Puts small faults into the sources, one at a time, and names those that no test notices.
Without files: ${ROOMS.join(", ")}.

  --tests PATH   only these test files, or those of this folder, may notice; may be given several times
  --sample N     only N mutants of each room, chosen by --seed
  --seed S       another choice (default 1)
  --jobs N       so many test files run at a time (default 2)
  --list         names the mutants and runs nothing
  --json FILE    writes what became of each mutant
  --minimum P    ends with 1 if a room's score is below P percent
`;

/** Reads the command line; `undefined` when it asks for help. Throws `OptionError`. */
export function parseOptions(args: readonly string[]): MutateOptions | undefined {
  const { values, positionals } = parsed(args);
  if (values.help === true) return undefined;
  return {
    paths: positionals.length === 0 ? ROOMS : positionals,
    tests: values.tests ?? ["test"],
    sample: values.sample === undefined ? undefined : whole("sample", values.sample, 1),
    seed: whole("seed", values.seed ?? "1", 0),
    jobs: whole("jobs", values.jobs ?? "2", 1),
    list: values.list === true,
    jsonPath: values.json,
    minimum: whole("minimum", values.minimum ?? "0", 0),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        tests: { type: "string", multiple: true },
        sample: text,
        seed: text,
        jobs: text,
        list: flag,
        json: text,
        minimum: text,
        help: flag,
      },
    });
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new OptionError(`--${name} wants a whole number from ${least}, not "${text}"`);
  return value;
}
