import { DamagedBytesError } from "../../errors/DamagedBytesError.ts";
import { rowInWords } from "./rowInWords.ts";
import { TABLES } from "./tables.ts";

/**
 * Thrown when a stored record cannot be read: damaged, or of a format this version does not know. The caller answers InternalError, and
 * MethodNotAllowed where it is the bytes of a small object, which goes with them when it is put again or deleted.
 */
export class UnreadableRecordError extends DamagedBytesError {
  override readonly name = "UnreadableRecordError";
  constructor(key: Uint8Array, problem: string) {
    super(`the record ${rowInWords(key)} ${problem}`, { isLost: key[0] === TABLES.inlines });
  }
}
