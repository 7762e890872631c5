import { IdentityError } from "./IdentityError.ts";
import { QUOTAS } from "./quotas.ts";

/**
 * Reads a policy document, for the store knows no policy language: throws for one that is none (as `parseIdentityPolicy` and
 * `parseTrustPolicy` do); what it throws is what the caller gets.
 */
export type DocumentCheck = (document: string) => unknown;

/** No document is longer, its white space included, in characters: as IAM has it. */
const LONGEST_DOCUMENT_CHARACTERS = 131_072;

const WHITE_SPACE = /\s/g;

/** The size of a document as quotas count it: in characters, without white space. */
export function countedSize(document: string): number {
  return document.replaceAll(WHITE_SPACE, "").length;
}

/** Checks a document by itself: its size for a quota, where it has one of its own, then what it says. Throws `IdentityError` and what `check` throws. */
export function checkDocument(document: string, check: DocumentCheck, quota?: "ACLSizePerRole" | "PolicySize"): void {
  if (document.length > LONGEST_DOCUMENT_CHARACTERS) {
    throw new IdentityError(
      "ValidationError",
      `1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_DOCUMENT_CHARACTERS}`,
    );
  }
  if (quota !== undefined && countedSize(document) > QUOTAS[quota]) {
    throw new IdentityError("LimitExceeded", `Cannot exceed quota for ${quota}: ${QUOTAS[quota]}`);
  }
  check(document);
}
