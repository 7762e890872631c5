import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { installed } from "./installed.ts";

const START_TIMEOUT_MS = 60_000;
const LISTENING = /S3rver listening on .*:(\d+)/;

/** The only keys that s3rver knows. */
export const S3RVER_KEYS: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: "S3RVER",
  secretAccessKey: "S3RVER",
};

/** Starts s3rver on a folder, and resolves with its endpoint when it listens. It ends with the test. */
export async function startS3rver(t: TestContext, folder: string): Promise<string> {
  const program = join(installed("s3rver"), "node_modules/s3rver/bin/s3rver.js");
  const child = spawn(process.execPath, [program, "-d", folder, "-a", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  });
  let output = "";
  const port = await new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Error(`s3rver did not start:\n${output}`));
    const deadline = setTimeout(fail, START_TIMEOUT_MS);
    const hear = (bytes: Buffer): void => {
      output += bytes.toString();
      const announced = LISTENING.exec(output);
      if (announced === null) return;
      clearTimeout(deadline);
      resolve(announced[1]!);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => {
      clearTimeout(deadline);
      fail();
    });
  });
  return `http://127.0.0.1:${port}`;
}
