import type { RandomBytes } from "../Store.ts";

const ACCESS_KEY_ID_PREFIX = "HF";
const ACCESS_KEY_ID_LENGTH = 20;
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SECRET_ACCESS_KEY_LENGTH = 40;
const SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** How many characters of a unique id stand behind the four that say of what it is. */
const UNIQUE_ID_LENGTH = 17;

/** A fresh access key id: 20 characters of A to Z and 0 to 9, "HF" first. */
export function newAccessKeyId(randomBytes: RandomBytes): string {
  return ACCESS_KEY_ID_PREFIX + letters(randomBytes, ACCESS_KEY_ID_LENGTH - ACCESS_KEY_ID_PREFIX.length, CAPITALS);
}

/** A fresh secret access key of 40 characters. */
export function newSecretAccessKey(randomBytes: RandomBytes): string {
  return letters(randomBytes, SECRET_ACCESS_KEY_LENGTH, SECRET_LETTERS);
}

/**
 * A fresh unique id behind a prefix, such as AIDA.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function newUniqueId(prefix: string, randomBytes: RandomBytes): string {
  return prefix + letters(randomBytes, UNIQUE_ID_LENGTH, CAPITALS);
}

/** Letters of an alphabet, each as likely as the others: bytes beyond its last whole multiple are thrown away. */
function letters(randomBytes: RandomBytes, length: number, alphabet: string): string {
  const usable = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < usable && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
