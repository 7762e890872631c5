import { readFileSync } from "node:fs";
import { loadSettings } from "../config/loadSettings.ts";
import { OptionError } from "../config/OptionError.ts";
import type { Arguments } from "../config/readArguments.ts";
import { readArguments } from "../config/readArguments.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { closeStore, openStore } from "../server/openStore.ts";
import { DataFolder } from "../store/folder/dataFolder.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";
import { describeHolder } from "../store/metadata/WriteLockHolder.ts";
import type { Store } from "../store/Store.ts";
import { argumentForm } from "./argumentForm.ts";
import type { CommandRow } from "./table/CommandRow.ts";
import { flagsOfCommand } from "./table/CommandRow.ts";

/** Arguments of a command that works on a data folder, and the settings of the server on that folder. */
export interface DataArguments extends Arguments {
  readonly settings: ServerSettings;
}

/**
 * Reads the arguments of a command that takes `--data` and `--config`, which with the variables name the folder just as they do for `holdfast
 * serve`. Throws `OptionError`.
 */
export function readDataArguments(args: readonly string[], command: CommandRow): DataArguments {
  const read = readArguments(args, argumentForm(command));
  const readFile = (path: string): string => readFileSync(path, "utf8");
  // Others may be called as the server's options are, such as --bucket, and are the command's own.
  const ofServer = flagsOfCommand(command).filter(({ isSetting }) => isSetting === true);
  const flags = new Map([...read.flags].filter(([name]) => ofServer.some(({ flag }) => flag === name)));
  const settings = loadSettings({ flags, environment: process.env, readFile });
  if (settings.memory) {
    throw new OptionError("The variables or the option file ask for a server in memory, which has no data folder to work on.");
  }
  return { ...read, settings };
}

/** Opens the data folder beside a server that may be running on it, and closes it behind the work. */
export async function onDataFolder<Result>(
  settings: ServerSettings,
  work: (store: Store, folder: DataFolder) => Promise<Result>,
): Promise<Result> {
  const folder = await DataFolder.join(settings.data);
  const store = await openStore(folder, { ...settings, onLockHeld: tell, ring: "none" });
  try {
    return await work(store, folder);
  } finally {
    await closeStore(store);
  }
}

function tell(holder: WriteLockHolder): void {
  process.stderr.write(`Waiting: ${describeHolder(holder)}.\n`);
}
