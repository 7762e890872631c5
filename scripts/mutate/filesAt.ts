import { globSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { OptionError } from "./options.ts";

/**
 * The files whose names end so, of a folder of the repository at `root`, or the one at a path, in order. Throws `OptionError` if there is
 * none.
 */
export function filesAt(root: string, path: string, end: string): string[] {
  const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
  const files = globSync(isFolder ? posix.join(path, "**") : path, { cwd: root }).filter((name) => name.endsWith(end));
  if (files.length === 0) throw new OptionError(`${path} holds no file *${end}`);
  return files.map((name) => name.split(sep).join(posix.sep)).toSorted();
}
