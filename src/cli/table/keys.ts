import { LONGEST_DELETION_DAYS, SHORTEST_DELETION_DAYS } from "../../keys/ringChanges.ts";
import type { CommandRow, FlagRow, SubjectRow } from "./CommandRow.ts";
import { FOLDER_FLAGS } from "./sharedFlags.ts";

const KEY: SubjectRow = { name: "KEY" };
const ALIAS: SubjectRow = { name: "ALIAS" };
const KMS: FlagRow = { flag: "kms", value: "KEY", doc: "the KMS key" };
const RING: FlagRow = {
  flag: "key-ring",
  value: "FILE",
  kind: "path",
  isSetting: true,
  doc: "the key ring; keys/ring.json in the data folder without it",
};
const DAYS = `${SHORTEST_DELETION_DAYS}-${LONGEST_DELETION_DAYS}`;

/** `holdfast keys`: the key ring. */
export const KEYS_COMMAND: CommandRow = {
  name: "keys",
  doc: "the key ring, and what can be done to its keys",
  shared: [RING, ...FOLDER_FLAGS],
  usualWords: "list",
  actions: [
    { words: "list", doc: "a line for the ring, and for each key" },
    { words: "rotate", takes: [KMS], doc: "a new master key, which seals from then on; with --kms, the same inside a KMS key" },
    {
      words: "create",
      takes: [
        { flag: "alias", value: "ALIAS", doc: "its first alias" },
        { flag: "description", value: "TEXT", doc: "what it is for" },
        { flag: "region", value: "REGION", isSetting: true, doc: "its region; the server's first one without it" },
      ],
      doc: "makes a KMS key",
    },
    { words: "disable", subject: KEY, doc: "refuses a KMS key until it is enabled" },
    { words: "enable", subject: KEY, doc: "takes a disabled KMS key again" },
    {
      words: "delete",
      subject: KEY,
      takes: [{ flag: "days", value: DAYS, doc: `days until it is gone; ${LONGEST_DELETION_DAYS} without it` }],
      doc: "deletes a KMS key, after some days",
    },
    { words: "cancel-deletion", subject: KEY, doc: "keeps it after all" },
    { words: "alias set", subject: ALIAS, needs: [KMS], doc: "gives a KMS key an alias, or another one's" },
    { words: "alias remove", subject: ALIAS, doc: "takes an alias away" },
  ],
  notes:
    "KEY is the id, the ARN or an alias of a KMS key; an ALIAS begins with alias/. Nothing that is stored is written anew, whatever is rotated.",
};
