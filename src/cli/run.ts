import { nearest } from "../config/nearest.ts";
import type { Command } from "./Command.ts";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  user: async () => (await import("./user.ts")).user,
  scrub: async () => (await import("./scrub.ts")).scrub,
  errors: async () => (await import("./errors.ts")).errors,
};

/** Exit code of a command line that means nothing. */
const USAGE_EXIT_CODE = 2;

/** Runs the command that the arguments name; `serve` without one. Sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  const [first] = args;
  if (first === "--help" || first === "-h" || first === "help")
    return void process.stdout.write((await import("./help.ts")).help());
  if (first === "--version" || first === "version")
    return void process.stdout.write(`${await (await import("./version.ts")).version()}\n`);
  const named = first !== undefined && !first.startsWith("-");
  const load = commands[named ? first : "serve"];
  if (load === undefined) {
    const similar = nearest(first!, Object.keys(commands));
    process.stderr.write(
      `There is no command "${first}"${similar === undefined ? "" : `; did you mean "${similar}"?`} See holdfast --help.\n`,
    );
    process.exitCode = USAGE_EXIT_CODE;
    return;
  }
  try {
    process.exitCode = await (await load())(named ? args.slice(1) : args);
  } catch (cause) {
    process.exitCode = await failed(cause);
  }
}

/** Says what went wrong in a sentence, where it is the user's to mend, and with its stack where it is ours. */
async function failed(cause: unknown): Promise<number> {
  const { OptionError } = await import("../config/loadSettings.ts");
  if (cause instanceof OptionError) {
    process.stderr.write(`${cause.message}\n`);
    return USAGE_EXIT_CODE;
  }
  if (cause instanceof Error && EXPLAINED.has(cause.name)) process.stderr.write(`${cause.message}\n`);
  else if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
    process.stderr.write(`${cause.message}: another program listens there; choose another --port.\n`);
  } else process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`);
  return 1;
}

/** Errors whose message says all there is to say. */
const EXPLAINED: ReadonlySet<string> = new Set([
  "DataFolderInUseError",
  "DataFolderFormatError",
  "UserError",
  "StorageFullError",
]);
