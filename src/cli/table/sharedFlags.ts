import type { FlagRow } from "./CommandRow.ts";

const DATA: FlagRow = {
  flag: "data",
  value: "FOLDER",
  kind: "path",
  isSetting: true,
  doc: "data folder of the server, ./holdfast-data without it",
};

/** Names the option file. */
export const CONFIG: FlagRow = {
  flag: "config",
  value: "FILE",
  kind: "path",
  isSetting: true,
  doc: "option file of the server, in JSON",
};

/** What commands take that work on a data folder: the folder, as the server on it is told. */
export const FOLDER_FLAGS: readonly FlagRow[] = [DATA, CONFIG];

/** Names the account whose users, groups, roles or policies are meant. */
export const ACCOUNT: FlagRow = {
  flag: "account",
  value: "ACCOUNT",
  doc: "account by its name or number; the first one without it",
};

/** What a command prints is JSON. */
export const JSON_SWITCH: FlagRow = { flag: "json", doc: "prints JSON, for programs" };
