import type { ParseArgsConfig } from "node:util";
import { parseArgs } from "node:util";
import { OptionError } from "../config/loadSettings.ts";
import { OPTIONS } from "../config/optionTable.ts";
import { closeStore, openStore } from "../server/openStore.ts";
import { DataFolder } from "../store/dataFolder.ts";
import type { Store } from "../store/Store.ts";

const DEFAULT_MAP_SIZE_BYTES: number = 256 * 1024 ** 3;

/** Arguments of a command that works on a data folder. */
export interface DataArguments {
  readonly data: string;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Reads a command's arguments: `--data`, and what else it knows. Throws `OptionError`. */
export function readDataArguments(args: readonly string[], options: NonNullable<ParseArgsConfig["options"]> = {}): DataArguments {
  const fallback = process.env["HOLDFAST_DATA"] ?? String(OPTIONS.find((row) => row.name === "data")!.defaultValue);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, data: { type: "string", default: fallback } },
      allowPositionals: true,
    });
    const { data, ...rest } = values as Record<string, string | boolean | undefined>;
    return { data: String(data), values: rest, positionals };
  } catch (cause) {
    throw new OptionError(`${(cause as Error).message.split(". ")[0]}. See holdfast --help.`);
  }
}

/** Opens a data folder beside a server that may be running on it, and closes it behind the work. */
export async function onDataFolder<Result>(path: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const folder = await DataFolder.join(path);
  const store = await openStore(folder, { durability: "synced", mapSizeBytes: DEFAULT_MAP_SIZE_BYTES });
  try {
    return await work(store);
  } finally {
    await closeStore(store);
  }
}
