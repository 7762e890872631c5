import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { TEST_KEYS } from "../serverProcess.ts";

/** Debian's Python, with Debian's boto3. */
const DEBIAN_PYTHON = "/usr/bin/python3";

/** Runs a Python program of this folder with something on its standard input. */
export async function python(
  program: string,
  endpoint: string,
  input: unknown,
  interpreter: string = DEBIAN_PYTHON,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: "/usr/bin:/bin",
    LANG: "C.UTF-8",
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const child = spawn(interpreter, [join(import.meta.dirname, program), endpoint], { env });
  child.stdin.end(JSON.stringify(input));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode ?? -1, stdout, stderr };
}
