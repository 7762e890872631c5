import { DamagedBytesError } from "../../errors/DamagedBytesError.ts";

/**
 * Thrown when encrypted bytes, or the sealed key beside them, are not what was written here: changed, cut off, or in another one's place. The
 * caller answers MethodNotAllowed.
 */
export class EncryptionDamagedError extends DamagedBytesError {
  override readonly name = "EncryptionDamagedError";
}
