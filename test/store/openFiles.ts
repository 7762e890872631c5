import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

const OWN_FILES = "/proc/self/fd";

/** Which files and folders below a path this process has open; none on systems that do not tell. */
export function openFilesBelow(path: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync(OWN_FILES)
    .map(targetOf)
    .filter((target) => target.startsWith(path));
}

function targetOf(number: string): string {
  try {
    return readlinkSync(join(OWN_FILES, number));
  } catch {
    // The one by which the list was read.
    return "";
  }
}
