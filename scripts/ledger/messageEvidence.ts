import { errorCodes } from "../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { messagesOf } from "../../src/errors/explanationOf.ts";
import type { MessageVariant } from "../../src/errors/Explanation.ts";
import { isNode, walk } from "../checks/SourceFile.ts";
import type { SourceFile } from "../checks/SourceFile.ts";
import { codeOfCall, optionsOfCall } from "./raisedCodes.ts";
import { ANYTHING, canBeEqual, cataloguePattern, patternsIn } from "./textPatterns.ts";

/** What raises errors, and what expects them; see raisedCodes.ts and shownCodes.ts. */
const PRODUCT = /^src\/(?:server|auth|access|operations|store|protocol\/(?!generated\/))/;
const TESTS = /^test\/(?!errors\/|checks\/|clientErrors\/)/;
/** A text with fewer characters that do not vary says too little to be recognised by. */
const FEWEST_FIXED_CHARACTERS = 8;

/** One of several texts of a code, and whether the product sends it and a test expects it. */
export interface LedgerMessage extends MessageVariant {
  readonly isSent: boolean;
  readonly isTested: boolean;
}

/**
 * Finds out of which texts the sources speak: those that stand in a string or template of theirs, and the first of a code that is raised
 * without a text.
 */
export function messageEvidence(files: readonly SourceFile[]): (code: ErrorCode, isShown: boolean) => LedgerMessage[] {
  const product = files.filter(({ path }) => PRODUCT.test(path));
  const stands = finder(product);
  const standsInTests = finder(files.filter(({ path }) => TESTS.test(path)));
  const plain = codesWithoutText(product);
  const all = errorCodes().flatMap((code) => messagesOf(code).map(({ text }) => text));
  return (code, isShown) =>
    messagesOf(code).map((message, index) => {
      const { text } = message;
      const isOwn = index === 0 && plain.has(code);
      const isEndOfAnother = all.some((other) => other.endsWith(`; ${text}`));
      const isSent = isOwn || (!isEndOfAnother && stands(text));
      return { ...message, isSent, isTested: isSent && ((isOwn && isShown) || standsInTests(text)) };
    });
}

function finder(files: readonly SourceFile[]): (text: string) => boolean {
  const patterns = files
    .flatMap(({ program }) => [...patternsIn(program)])
    .filter((pattern) => pattern.replaceAll(ANYTHING, "").length >= FEWEST_FIXED_CHARACTERS);
  // Texts with the same beginning are put together of it and of what follows.
  const beginnings = ["", ...patterns.filter((pattern) => pattern.endsWith("; "))];
  return (text) => {
    const whole = cataloguePattern(text);
    const ends = beginnings.filter((beginning) => whole.startsWith(beginning)).map((beginning) => whole.slice(beginning.length));
    return ends.some((end) => patterns.some((pattern) => canBeEqual(pattern, end)));
  };
}

/** The codes of errors that are made without a message. */
function codesWithoutText(files: readonly SourceFile[]): Set<string> {
  const codes = new Set<string>();
  for (const { program } of files) {
    walk(program, (node) => {
      const code = codeOfCall(node);
      if (code === undefined) return;
      const hasMessage = optionsOfCall(node).some(({ key }) => isNode(key) && key["name"] === "message");
      if (!hasMessage) codes.add(code);
    });
  }
  return codes;
}
