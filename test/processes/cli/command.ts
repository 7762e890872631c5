import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";

const PROGRESS_LINES = /^Starting on .*\n/gm;
const MAIN = join(import.meta.dirname, "..", "..", "..", "src", "main.ts");

/** How a command is run. */
export interface CommandOptions {
  /** The folder it runs in. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What came of a command. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Without the progress lines of a start on a busy machine. */
  readonly stderr: string;
}

/** What a server said on standard error besides its log. */
export function withoutLog(stderr: string): string {
  return stderr.replace(/^\{"level":.*\}\n/gm, "");
}

/** What a line of a server's log may say. */
type LogLine = Readonly<Partial<Record<LogName, unknown>>>;
type LogName =
  | "accessKeyId"
  | "bucket"
  | "caller"
  | "err"
  | "errorCode"
  | "explanation"
  | "key"
  | "level"
  | "method"
  | "msg"
  | "operation"
  | "requestId"
  | "status"
  | "version";

/** The lines of a server's log on standard error. */
export function logLines(stderr: string): readonly LogLine[] {
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as LogLine);
}

/** Runs `holdfast` with arguments, as a user does, to its end. */
export async function holdfast(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const running = new RunningCommand(args, options);
  return await running.ended;
}

/** A command under way. */
export class RunningCommand {
  readonly ended: Promise<CommandResult>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = "";
  #stderr = "";

  constructor(args: readonly string[], { folder, environment }: CommandOptions) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("HOLDFAST_"));
    const env = { ...Object.fromEntries(inherited), ...environment };
    this.#child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr.replace(PROGRESS_LINES, ""),
    }));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The signal that ended it. */
  get signal(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  get stdout(): string {
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves once standard output or error holds something; rejects when the command ends without it. */
  async said(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.#stdout) && !wanted.test(this.#stderr)) {
      const more = [once(this.#child.stdout, "data"), once(this.#child.stderr, "data")];
      const result = await Promise.race([...more, this.ended]);
      if ("code" in result) throw new Error(`it ended before it said ${String(wanted)}:\n${result.stderr}`);
    }
  }
}

/** A server started by `holdfast serve` on any free port, in a folder of its own or a given one; stopped with the test at the latest. */
export class Server {
  /** All it said when it had started. */
  readonly announcement: string;
  readonly #running: RunningCommand;

  private constructor(running: RunningCommand) {
    this.announcement = running.stdout;
    this.#running = running;
  }

  static async start(t: TestContext, args: readonly string[], options: CommandOptions): Promise<Server> {
    const running = new RunningCommand(["serve", "--port", "0", "--workers", "1", ...args], options);
    t.after(async () => {
      running.kill("SIGKILL");
      await running.ended;
    });
    // One write says it all.
    await running.said(/^  workers .*\n/m);
    return new Server(running);
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** What came of it, once it has ended. */
  get ended(): Promise<CommandResult> {
    return this.#running.ended;
  }

  get endpoint(): string {
    return /listens on (\S+)/.exec(this.announcement)![1]!;
  }

  /** Resolves once standard output or error holds something. */
  said(wanted: RegExp): Promise<void> {
    return this.#running.said(wanted);
  }

  /** A client of this server that tries once. */
  client(credentials: { accessKeyId: string; secretAccessKey: string }): S3Client {
    return new S3Client({ endpoint: this.endpoint, region: "us-east-1", credentials, forcePathStyle: true, maxAttempts: 1 });
  }

  /** Sends it a signal and resolves with what came of it. */
  async end(signal: NodeJS.Signals): Promise<CommandResult> {
    this.#running.kill(signal);
    return await this.#running.ended;
  }
}
