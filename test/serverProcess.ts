import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";

/** Keys the test servers are started with. */
export const TEST_KEYS: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: "HFTESTTESTTESTTEST00",
  secretAccessKey: "t".repeat(40),
};

const START_TIMEOUT_MS = 30_000;

/** A Holdfast server as a user starts it: a process group of its own, so that all of it can be killed at once. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts `holdfast serve` on a folder and resolves when it answers. */
  static async start(data: string, options: { port?: number; args?: readonly string[] } = {}): Promise<ServerProcess> {
    const port = options.port ?? (await freePort());
    const args = ["src/main.ts", "serve", "--port", String(port), "--data", data, ...(options.args ?? [])];
    const env = {
      ...process.env,
      HOLDFAST_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
      HOLDFAST_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    };
    const child = spawn(process.execPath, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(await healthy(port))) {
      if (child.exitCode !== null || performance.now() > deadlineMs) throw new Error(`the server did not start:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return new ServerProcess(child, port);
  }

  /** The process id of the primary. */
  get pid(): number {
    return this.#child.pid!;
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

  /** Asks the server to stop and resolves with its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    return this.#child.exitCode;
  }
}

async function healthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/-/health`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false; // Not listening yet.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
