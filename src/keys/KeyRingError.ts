/** What is wrong with a key ring, or with what is asked of it, in words for the operator that say what to do. Holds no secret. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
}
