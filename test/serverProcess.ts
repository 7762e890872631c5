import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { S3Client } from "@aws-sdk/client-s3";

/** Keys the test servers are started with. */
export const TEST_KEYS: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: "HFTESTTESTTESTTEST00",
  secretAccessKey: "t".repeat(40),
};

/** A machine with much else to do takes many times the usual second. */
const START_TIMEOUT_MS = 100_000;
/** The line a server prints of where it listens. */
const ENDPOINT = /^Holdfast \S+ listens on https?:\/\/.*:(\d+)$/m;

/** A Holdfast server as a user starts it: a process group of its own, so that all of it can be killed at once. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  #output = "";

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    const hear = (bytes: Buffer): void => void (this.#output += bytes.toString());
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
  }

  /** Starts `holdfast serve` on a folder, on any free port, and resolves when it has announced that it listens. */
  static async start(
    data: string,
    options: {
      port?: number;
      args?: readonly string[];
      environment?: Readonly<Record<string, string>>;
      /** Each of its processes may have so many files open. */
      maxFiles?: number;
    } = {},
  ): Promise<ServerProcess> {
    const args = ["src/main.ts", "serve", "--port", String(options.port ?? 0), "--data", data, ...(options.args ?? [])];
    const env = {
      ...process.env,
      ...options.environment,
      HOLDFAST_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
      HOLDFAST_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    };
    const { maxFiles } = options;
    const limited = maxFiles === undefined ? [] : ["prlimit", `--nofile=${maxFiles}`];
    const [command, ...rest] = [...limited, process.execPath, ...args];
    const child = spawn(command!, rest, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (): void => {
        clearTimeout(deadline);
        child.kill("SIGKILL");
        reject(new Error(`the server did not start:\n${output}`));
      };
      const hear = (bytes: Buffer): void => {
        output += bytes.toString();
        const announced = ENDPOINT.exec(output);
        if (announced === null) return;
        clearTimeout(deadline);
        resolve(Number(announced[1]));
      };
      const deadline = setTimeout(fail, START_TIMEOUT_MS);
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", fail);
    });
    return new ServerProcess(child, port);
  }

  /** The process id of the primary. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** What it has said since it listens, on either output. */
  get output(): string {
    return this.#output;
  }

  /** A client of this server that tries once. */
  client(): S3Client {
    return new S3Client({
      endpoint: `http://127.0.0.1:${this.port}`,
      region: "us-east-1",
      credentials: TEST_KEYS,
      forcePathStyle: true,
      maxAttempts: 1,
    });
  }

  /** Ends every process of the server at once, as a crash does. */
  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    process.kill(-this.pid, "SIGKILL");
    await ended;
  }

  /** Ends the primary alone, and resolves when the operating system says so: its workers are left to themselves. */
  async killPrimary(): Promise<void> {
    const ended = once(this.#child, "exit");
    process.kill(this.pid, "SIGKILL");
    await ended;
  }

  /** Asks the server to stop and resolves with its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    return this.#child.exitCode;
  }
}
