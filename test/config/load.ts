import assert from "node:assert/strict";
import { loadSettings, SETTING_FLAGS } from "../../src/config/loadSettings.ts";
import { OptionError } from "../../src/config/OptionError.ts";
import { readArguments } from "../../src/config/readArguments.ts";
import type { ServerSettings } from "../../src/config/ServerSettings.ts";

/** What a test gives for settings. */
export interface Given {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What the option file "holdfast.json" holds: its text, or a value to be written as JSON. */
  readonly file?: unknown;
}

/** The settings from arguments, variables and an option file called holdfast.json, as `holdfast serve` reads them. */
export function load({ args = [], environment = {}, file }: Given): ServerSettings {
  const { flags } = readArguments(file === undefined ? args : ["--config", "holdfast.json", ...args], SETTING_FLAGS);
  const readFile = (path: string): string => {
    if (path !== "holdfast.json") throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return typeof file === "string" ? file : JSON.stringify(file);
  };
  return loadSettings({ flags, environment, readFile });
}

/** The sentence that refuses what is done. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
  assert.fail("nothing was refused");
}
