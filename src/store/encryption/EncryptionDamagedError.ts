/**
 * Thrown when encrypted bytes, or the sealed key beside them, are not what was written here: changed, cut off, or in another one's place. The
 * caller answers InternalError.
 */
export class EncryptionDamagedError extends Error {
  override readonly name = "EncryptionDamagedError";
}
