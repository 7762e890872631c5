import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TEST_KEYS } from "../serverProcess.ts";
import { succeed } from "./commands.ts";

/** Debian's rclone with a server as its remote "holdfast:", set up in a folder. */
export async function rcloneOf(endpoint: string, folder: string): Promise<(...args: string[]) => Promise<string>> {
  const config = join(folder, "rclone.conf");
  const { accessKeyId, secretAccessKey } = TEST_KEYS;
  const remote = {
    type: "s3",
    provider: "Other",
    endpoint,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    region: "us-east-1",
  };
  const lines = Object.entries(remote).map(([name, value]) => `${name} = ${value}\n`);
  await writeFile(config, `[holdfast]\n${lines.join("")}`);
  return (...args) => succeed("/usr/bin/rclone", ["--config", config, ...args], { cwd: folder });
}
