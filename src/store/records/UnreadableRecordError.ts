import { rowInWords } from "./rowInWords.ts";

/** Thrown when a stored record cannot be read: damaged, or of a format this version does not know. The caller answers InternalError. */
export class UnreadableRecordError extends Error {
  override readonly name = "UnreadableRecordError";
  constructor(key: Uint8Array, problem: string) {
    super(`the record ${rowInWords(key)} ${problem}`);
  }
}
