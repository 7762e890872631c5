import { readFileSync } from "node:fs";
import { OptionError } from "../config/OptionError.ts";
import type { DataArguments } from "./dataOption.ts";
import { flagOf } from "./actions.ts";

/** The policy document in the file that a flag names. Throws `OptionError` for one that cannot be read. */
export function documentIn(read: DataArguments, flag: string): string {
  const path = flagOf(read, flag)!;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new OptionError(
      `The policy document ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
}
