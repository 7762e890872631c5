import { errorCodes as allCodes } from "../errors/catalogue.ts";
import type { ErrorCode } from "../errors/ErrorCode.ts";

/** Every code of S3's, in alphabetical order. */
export const errorCodes: readonly ErrorCode[] = Object.freeze(allCodes());

const KNOWN: ReadonlySet<string> = new Set(errorCodes);

/** Whether a text is a code of S3's. */
export function isErrorCode(text: string): text is ErrorCode {
  return KNOWN.has(text);
}
