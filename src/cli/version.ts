import { readFile } from "node:fs/promises";
import type { Command } from "./Command.ts";

/** `holdfast --version`: the version of this package. */
export const version: Command = async () => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  process.stdout.write(`${(JSON.parse(text) as { version: string }).version}\n`);
  return 0;
};
