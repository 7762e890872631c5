import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, FuzzTarget } from "./FuzzTarget.ts";
import { isFinding } from "./FuzzTarget.ts";
import type { Address } from "./Lane.ts";
import type { MessageToFuzzer, MessageToServer, ServerKind, ServerReport } from "./serverMessages.ts";

/** How much of what the server writes to its log is kept. */
const MAX_OUTPUT_CHARACTERS = 20_000;

/** A server that is busy for so long does something without end. */
const ANSWER_LIMIT_MS = 30_000;

/** The process of the server that is fuzzed. */
export class FuzzServer implements FuzzTarget {
  readonly address: Address;
  readonly canReset: boolean;
  onFinding: (finding: Finding) => void = () => undefined;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #output: string[] = [];
  #waiting: ((message: MessageToFuzzer) => void) | undefined;

  private constructor(child: ChildProcess, folder: string, kind: ServerKind, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.address = { port, tls: kind.tls };
    this.canReset = !kind.durable;
    child.on("message", (message: MessageToFuzzer) => {
      if (isFinding(message)) this.onFinding(message);
      else this.#waiting?.(message);
    });
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (bytes: Buffer) => this.#keep(bytes.toString()));
  }

  static async start(kind: ServerKind): Promise<FuzzServer> {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-fuzz-"));
    const child = fork(join(import.meta.dirname, "server.ts"), [JSON.stringify(kind), join(folder, "data")], {
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const [message] = (await once(child, "message")) as [MessageToFuzzer];
    if (message.kind !== "listening") throw new Error(`the server began with ${message.kind}`);
    return new FuzzServer(child, folder, kind, message.port);
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get output(): string {
    return this.#output.join("");
  }

  async report(): Promise<ServerReport> {
    const message = await this.#ask("report");
    if (message.kind !== "report") throw new Error(`the server answered with ${message.kind}`);
    return message.report;
  }

  async cpuMs(): Promise<number> {
    const message = await this.#ask("cpu");
    if (message.kind !== "cpu") throw new Error(`the server answered with ${message.kind}`);
    return message.cpuMs;
  }

  async reset(): Promise<void> {
    await this.#ask("reset");
  }

  /** Ends the server as one that is told to stop, and after a while whatever it is doing. Throws when it does not end by itself. */
  async stop(): Promise<void> {
    let endedByItself = true;
    if (this.isAlive) {
      const ended = once(this.#child, "exit");
      this.#child.send({ kind: "stop" } satisfies MessageToServer);
      const deadline = setTimeout(() => {
        endedByItself = false;
        this.#child.kill("SIGKILL");
      }, ANSWER_LIMIT_MS);
      await ended;
      clearTimeout(deadline);
    }
    await rm(this.#folder, { recursive: true, force: true });
    if (!endedByItself) throw new Error(`the server did not end within ${ANSWER_LIMIT_MS} ms:\n${this.output}`);
  }

  async #ask(kind: MessageToServer["kind"]): Promise<MessageToFuzzer> {
    const answer = new Promise<MessageToFuzzer>((resolve, reject) => {
      const onExit = (): void => reject(new Error(`the server died:\n${this.output}`));
      const timer = setTimeout(() => reject(new Error(`the server says nothing for ${ANSWER_LIMIT_MS} ms`)), ANSWER_LIMIT_MS);
      this.#child.once("exit", onExit);
      this.#waiting = (message) => {
        clearTimeout(timer);
        this.#child.off("exit", onExit);
        resolve(message);
      };
    });
    this.#child.send({ kind } satisfies MessageToServer);
    return answer;
  }

  #keep(text: string): void {
    const sizeCharacters = this.#output.reduce((sum, { length }) => sum + length, 0);
    if (sizeCharacters < MAX_OUTPUT_CHARACTERS) this.#output.push(text);
  }
}
