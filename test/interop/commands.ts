import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { TEST_KEYS } from "../serverProcess.ts";

/** Debian's packages of the clients, by the program or file that shows they are there. */
const PACKAGES: Readonly<Record<string, string>> = {
  "/usr/bin/aws": "awscli",
  "/usr/bin/rclone": "rclone",
  "/usr/bin/s3cmd": "s3cmd",
  "/usr/lib/python3/dist-packages/boto3/__init__.py": "python3-boto3",
  "/usr/bin/curl": "curl",
};

const INSTALL_TIMEOUT_MS = 300_000;
const COMMAND_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES: number = 64 * 1024 * 1024;

/** Installs the clients that are missing; says what to do where it may not. */
export function installClients(): void {
  const missing = Object.entries(PACKAGES).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): void =>
    void execFileSync("apt-get", args, { env, stdio: "pipe", timeout: INSTALL_TIMEOUT_MS });
  try {
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...missing);
  } catch (cause) {
    throw new Error(`These tests drive real clients. Install Debian's packages: apt-get install ${missing.join(" ")}`, { cause });
  }
}

/** What a program did. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a client with nothing in its environment but what it needs to find this server. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const env = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: options.cwd ?? "/nonexistent",
    LANG: "C.UTF-8",
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    ...options.env,
  };
  return new Promise((resolve) => {
    const limits = { timeout: COMMAND_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES };
    execFile(
      program,
      [...args],
      { env, ...limits, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Runs a client that is to succeed, and returns what it printed. */
export async function succeed(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}
