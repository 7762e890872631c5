import { TEMPORARY_PREFIX } from "../../auth/temporaryCredentials.ts";
import type { RandomBytes } from "../../store/Store.ts";

/**
 * Access key ids of temporary credentials. As with AWS's, the account can be read off them: behind the prefix stand 80 bits in base32, a bit
 * that is set, 40 of the account's number and 39 of chance.
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTER_BITS = 5n;
const ACCOUNT_BITS = 40n;
const CHANCE_BITS = 39n;
const CHANCE_SIZE_BYTES = 5;
const LETTERS_LENGTH = 16;
const ACCOUNT_ID_LENGTH = 12;
const KEY_ID_FORM = /^ASIA[A-Z2-7]{16}$/;

/** A fresh access key id for temporary credentials: ASIA and 16 letters and digits. */
export function newTemporaryKeyId(accountId: string, randomBytes: RandomBytes): string {
  const chance = BigInt(`0x${randomBytes(CHANCE_SIZE_BYTES).toString("hex")}`) & lowest(CHANCE_BITS);
  let bits = (((1n << ACCOUNT_BITS) | BigInt(accountId)) << CHANCE_BITS) | chance;
  let text = "";
  for (let index = 0; index < LETTERS_LENGTH; index++) {
    text = LETTERS[Number(bits & lowest(LETTER_BITS))]! + text;
    bits >>= LETTER_BITS;
  }
  return TEMPORARY_PREFIX + text;
}

/** The account that an access key id of temporary credentials is of; `undefined` for any other text. */
export function accountOfTemporaryKey(accessKeyId: string): string | undefined {
  if (!KEY_ID_FORM.test(accessKeyId)) return undefined;
  let bits = 0n;
  for (const letter of accessKeyId.slice(TEMPORARY_PREFIX.length)) bits = (bits << LETTER_BITS) | BigInt(LETTERS.indexOf(letter));
  const account = String((bits >> CHANCE_BITS) & lowest(ACCOUNT_BITS));
  return account.length > ACCOUNT_ID_LENGTH ? undefined : account.padStart(ACCOUNT_ID_LENGTH, "0");
}

function lowest(bits: bigint): bigint {
  return (1n << bits) - 1n;
}
