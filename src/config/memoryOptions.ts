import { OptionError } from "./OptionError.ts";
import type { OptionRow } from "./optionTable.ts";
import { OPTIONS } from "./optionTable.ts";
import type { GivenValue } from "./readOptions.ts";

/** The option that keeps everything in memory. */
export const MEMORY_ROW: OptionRow = OPTIONS.find((row) => row.name === "memory")!;

/** Defaults of servers in memory: those are for tests, which have no certificates, and plan faults. */
export const MEMORY_DEFAULTS = { workers: 1, sseCOverHttp: true, faults: true } as const;

/** Options that say something of a data folder, or of what is shared by those who have one. */
const FOLDER_OPTIONS: ReadonlySet<OptionRow["name"]> = new Set([
  "data",
  "durability",
  "storageClasses",
  "mapSizeBytes",
  "keyRingPath",
  "testClock",
  "metricsToken",
]);

/** The default of an option in a server in memory, where that is another. */
export function memoryDefault({ name }: OptionRow): GivenValue | undefined {
  const value = (MEMORY_DEFAULTS as Partial<Record<OptionRow["name"], unknown>>)[name];
  return value === undefined ? undefined : { value, origin: name };
}

/** Refuses, with an `OptionError`, what a server in memory could only ignore. */
export function refuseFolderOptions(find: (row: OptionRow) => GivenValue | undefined): void {
  for (const row of OPTIONS) {
    const found = find(row);
    if (found === undefined) continue;
    if (FOLDER_OPTIONS.has(row.name)) {
      throw new OptionError(
        `${found.origin} is for servers with a data folder, and a server in memory has none. Leave one of them out.`,
      );
    }
    if (row.name === "workers" && found.value !== 1) {
      throw new OptionError(
        `${found.origin} is for servers with a data folder: a server in memory is one process. Leave one of them out.`,
      );
    }
  }
}
