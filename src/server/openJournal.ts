import type { ServerSettings } from "../config/ServerSettings.ts";
import type { FolderJournalOptions } from "../journal/FolderJournal.ts";
import { FolderJournal } from "../journal/FolderJournal.ts";
import { openFolderJournal } from "../journal/folder/FolderReader.ts";
import type { Journal } from "../journal/Journal.ts";
import { NO_JOURNAL } from "../journal/NoJournal.ts";

/** The journal of a server's process in its data folder, as the settings want it. */
export function openJournal(
  dataFolder: string,
  { journalSizeBytes: sizeBytes, journalAgeMs: ageMs, workers: writers }: ServerSettings,
  options: Pick<FolderJournalOptions, "settleOthers" | "warn">,
): Journal {
  return sizeBytes === 0 ? NO_JOURNAL : new FolderJournal(dataFolder, { sizeBytes, ageMs, writers, ...options });
}

/** The same for a process that answers no requests itself; `settle` has those who do write what they have. */
export function readJournal(
  dataFolder: string,
  { journalSizeBytes, journalAgeMs: ageMs }: ServerSettings,
  settle: () => Promise<void>,
): Pick<Journal, "find" | "clear"> {
  return journalSizeBytes === 0 ? NO_JOURNAL : openFolderJournal(dataFolder, { ageMs, settle });
}
