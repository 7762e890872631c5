import { execFile } from "node:child_process";
import { TEST_KEYS } from "../serverProcess.ts";

const COMMAND_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES: number = 64 * 1024 * 1024;

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
