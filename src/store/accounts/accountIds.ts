import { hash } from "node:crypto";

/** What an AWS account id looks like: twelve decimal digits. */
const ACCOUNT_ID_DIGITS = 12;
/** There are as many account ids as numbers from 1 to this. */
const LARGEST_ACCOUNT_ID = 10n ** BigInt(ACCOUNT_ID_DIGITS) - 1n;

/**
 * The account an owner has, by their canonical id: twelve digits, never all zeros, and the same for ever. It is made of the canonical id,
 * for users are not grouped into accounts here.
 */
export function accountIdOf(canonicalId: string): string {
  const known = remembered.get(canonicalId);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const accountId = madeOf(canonicalId);
  remembered.set(canonicalId, accountId);
  return accountId;
}

/** Decisions ask for the owner's account with every request. */
const remembered = new Map<string, string>();
const MAX_REMEMBERED = 1_000;

function madeOf(canonicalId: string): string {
  const number = BigInt(`0x${hash("sha256", canonicalId)}`) % LARGEST_ACCOUNT_ID;
  return String(number + 1n).padStart(ACCOUNT_ID_DIGITS, "0");
}
