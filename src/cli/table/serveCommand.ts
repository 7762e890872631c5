import type { OptionRow, OptionType } from "../../config/optionTable.ts";
import { describeDefault, OPTIONS } from "../../config/optionTable.ts";
import type { CommandRow, FlagRow, ValueKind } from "./CommandRow.ts";
import { CONFIG } from "./sharedFlags.ts";

/** The first user's key, which the option file does not have. */
const KEY_FLAGS: readonly FlagRow[] = [
  { flag: "access-key", value: "ID", doc: "The first user's access key id; HOLDFAST_ACCESS_KEY_ID says it too." },
  {
    flag: "secret-key",
    value: "SECRET",
    doc: "Its secret, only with --memory: who is on the machine can read it. Elsewhere HOLDFAST_SECRET_ACCESS_KEY says it.",
  },
];

/** `holdfast serve`, with a flag for each option. */
export const SERVE_COMMAND: CommandRow = {
  name: "serve",
  doc: "runs a server; what holdfast does without a command",
  shared: [CONFIG],
  actions: [
    {
      words: "",
      takes: [...KEY_FLAGS, ...OPTIONS.map(flagOfOption)],
      flagsInShort: "[options]",
      doc: "runs a server until a signal ends it",
    },
  ],
  notes:
    "Each option may also be given as a variable, HOLDFAST_ and its name, or in the file that --config names; the first user's key may be given as a flag or a variable.",
};

function flagOfOption(row: OptionRow): FlagRow {
  const { flag, type } = row;
  const isSwitch = type.kind === "switch";
  return {
    flag,
    ...(!isSwitch && { value: valueName(type), kind: kindOf(type) }),
    isRepeatable: type.kind === "texts" || type.kind === "textOrTexts" || type.kind === "networks",
    doc: isSwitch ? row.doc : `${row.doc} Default: ${describeDefault(row)}.`,
  };
}

/** What the value of an option is called. */
function valueName(type: OptionType): string {
  switch (type.kind) {
    case "choice":
      return type.values.join("|");
    case "integer":
      return "N";
    case "path":
      return "PATH";
    case "networks":
      return "NETWORK";
    case "rates":
      return "WRITES/READS";
    case "secret":
      return "SECRET";
    default:
      return "TEXT";
  }
}

function kindOf(type: OptionType): ValueKind {
  if (type.kind === "choice") return type.values;
  return type.kind === "path" ? "path" : "text";
}
