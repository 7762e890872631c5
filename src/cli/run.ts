import { OptionError } from "../config/OptionError.ts";
import type { Command } from "./Command.ts";

const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["serve", async () => (await import("./serve.ts")).serve],
  ["user", async () => (await import("./user.ts")).user],
  ["account", async () => (await import("./account.ts")).account],
  ["group", async () => (await import("./group.ts")).group],
  ["role", async () => (await import("./role.ts")).role],
  ["policy", async () => (await import("./policy.ts")).policy],
  ["keys", async () => (await import("./keys.ts")).keys],
  ["clock", async () => (await import("./clock.ts")).clock],
  ["lifecycle", async () => (await import("./lifecycle.ts")).lifecycle],
  ["scrub", async () => (await import("./scrub.ts")).scrub],
  ["requests", async () => (await import("./requests.ts")).requests],
  ["why", async () => (await import("./why.ts")).why],
  ["fault", async () => (await import("./fault.ts")).fault],
  ["try-client", async () => (await import("./tryClient.ts")).tryClient],
  ["errors", async () => (await import("./errors.ts")).errors],
  ["completion", async () => (await import("./completion.ts")).completion],
  ["help", async () => (await import("./help.ts")).help],
  ["version", async () => (await import("./version.ts")).version],
]);

/** Exit code of a command line that means nothing. */
const USAGE_EXIT_CODE = 2;

/** Runs the command that the arguments name; `serve` without one. Sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  const { name, rest } = commandOf(args);
  try {
    const load = commands.get(name);
    if (load === undefined) throw (await import("./mistakenCommand.ts")).unknownCommand(name, rest);
    process.exitCode = await (await load())(rest);
  } catch (cause) {
    const isWithoutCommand = cause instanceof OptionError && rest === args;
    const misplaced = isWithoutCommand ? (await import("./mistakenCommand.ts")).misplacedCommand(args) : undefined;
    process.exitCode = cause instanceof OptionError ? USAGE_EXIT_CODE : 1;
    process.stderr.write(`${describe(misplaced ?? cause)}\n`);
  }
}

function commandOf(args: readonly string[]): { readonly name: string; readonly rest: readonly string[] } {
  const [first] = args;
  // Whoever asks for help gets it, whatever else stands there; behind "--" another command is asked.
  const own = new Set(args.slice(0, args.includes("--") ? args.indexOf("--") : args.length));
  if (own.has("--help") || own.has("-h")) return { name: "help", rest: commands.has(first!) ? [first!] : [] };
  if (own.has("--version")) return { name: "version", rest: [] };
  if (first === undefined || first.startsWith("-")) return { name: "serve", rest: args };
  return { name: first, rest: args.slice(1) };
}

/** What went wrong: in a sentence where it is the user's to mend, with its stack where it is ours. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof OptionError || EXPLAINED.has(cause.name)) return cause.message;
  const code = "code" in cause ? String(cause.code) : "";
  const remedy = REMEDIES.get(code);
  if (remedy !== undefined) return `${cause.message}: ${remedy}`;
  return SYSTEM_ERROR_CODE.test(code) ? `${cause.message}.` : (cause.stack ?? cause.message);
}

/** Errors whose message says all there is to say. */
const EXPLAINED: ReadonlySet<string> = new Set([
  "DataFolderInUseError",
  "DataFolderFormatError",
  "KeyRingError",
  "AccountError",
  "TestClockError",
  "IdentityError",
  "PolicyFault",
  "StorageFullError",
  "FaultRuleError",
  "FaultRulesError",
]);

/** What to do about errors of the operating system, where its own message leaves that open. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "another program listens there; choose another --port."],
  ["EADDRNOTAVAIL", "this machine does not have that address; choose another --host."],
  ["ENOTFOUND", "no address is known under that name; choose another --host."],
]);

/** The operating system's codes, such as EACCES; Node's own begin with ERR_. */
const SYSTEM_ERROR_CODE = /^E(?!RR_)[A-Z0-9_]+$/;
