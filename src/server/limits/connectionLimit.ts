import { readFileSync } from "node:fs";

/** No process keeps more connections than this: each costs some 10 KiB, whatever it does. */
const MAX_CONNECTIONS = 8_192;
/** What a process has open beside connections and what they are about: the index, logs, folders. */
const OWN_FILES = 64;
/** A connection, and two files for its request: a copy reads one and writes another. */
const FILES_PER_CONNECTION = 3;
/** What is assumed where the system does not tell. */
const USUAL_FILES = 1_024;
const OPEN_FILES_LINE = /^Max open files +(\d+)/m;

/** How many connections a process takes that may have as many files open as its limits (in the form of /proc/self/limits) say. */
export function connectionLimit(limits: string = ownLimits()): number {
  const files = openFilesLimit(limits) ?? USUAL_FILES;
  return Math.max(1, Math.min(MAX_CONNECTIONS, Math.floor((files - OWN_FILES) / FILES_PER_CONNECTION)));
}

/** So many files a process may have open by its limits; `Infinity` where they set none, `undefined` where the system tells no limits. */
export function openFilesLimit(limits: string = ownLimits()): number | undefined {
  if (limits === "") return undefined;
  return Number(OPEN_FILES_LINE.exec(limits)?.[1] ?? Infinity);
}

/** What the system says of this process's limits; nothing where it does not say it so. */
function ownLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return "";
  }
}
