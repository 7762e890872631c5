import { packageVersion } from "../server/packageVersion.ts";
import type { Command } from "./Command.ts";

/** `holdfast --version`: the version of this package. */
export const version: Command = async () => {
  process.stdout.write(`${packageVersion()}\n`);
  return 0;
};
