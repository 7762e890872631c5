import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OptionError } from "./OptionError.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** Makes sure that the access log can be written, before a server is started with it. Makes nothing. Throws `OptionError`. */
export function checkAccessLog({ accessLogPath }: Pick<ServerSettings, "accessLogPath">): void {
  if (accessLogPath === undefined) return;
  const problem = problemOf(resolve(accessLogPath));
  if (problem !== undefined) throw new OptionError(`The access log ${accessLogPath} cannot be written: ${problem}.`);
}

function problemOf(path: string): string | undefined {
  const folder = dirname(path);
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return `there is no folder ${folder}`;
    const file = statSync(path, { throwIfNoEntry: false });
    if (file?.isDirectory() === true) return "it is a folder";
    accessSync(file === undefined ? folder : path, constants.W_OK);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}
