import { catalogueEntry } from "../errors/catalogue.ts";
import type { ErrorCode } from "../errors/ErrorCode.ts";
import type { SoapSide } from "../errors/ErrorFacts.ts";
import type { Confidence, MessageVariant } from "../errors/Explanation.ts";
import { explanationOf, messagesOf } from "../errors/explanationOf.ts";
import { adviceForCode } from "./adviceFor.ts";
import { isErrorCode } from "./isErrorCode.ts";
import type { RetryAdvice } from "./RetryAdvice.ts";

/** All that is known of a code of S3's. */
export interface CodeEntry {
  readonly code: ErrorCode;
  /** HTTP status. */
  readonly status: number;
  /** S3's exact text, or the first of several; "" where none is known. What varies stands in {braces}. */
  readonly message: string;
  /** Every text of the code, each with what brings it. */
  readonly messages: readonly MessageVariant[];
  /** Names of the detail elements, in the order S3 sends them. */
  readonly details: readonly string[];
  /** Whether the same request, unchanged, is worth sending again: `advice.retry` is "asIs" or "slower". */
  readonly retryable: boolean;
  /** Whether and how to send the request again. */
  readonly advice: RetryAdvice;
  /** How one comes to see this code. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The parts of S3 it belongs to. */
  readonly areas: readonly string[];
  /** How sure it is that S3 answers so. */
  readonly confidence: Confidence;
  /** The side a SOAP fault blames; `null` for codes that SOAP does not have. */
  readonly soapSide: SoapSide;
}

/** What the catalogue knows of a code; `undefined` for a text that is no code of S3's. Codes are told apart by case, as S3 does. */
export function lookUp(code: ErrorCode): CodeEntry;
/** What the catalogue knows of a text that may be a code. */
export function lookUp(code: string): CodeEntry | undefined;
/** The one that does it. */
export function lookUp(code: string): CodeEntry | undefined {
  if (!isErrorCode(code)) return undefined;
  const { status, message, details, soap } = catalogueEntry(code);
  const { cause, remedy, areas, confidence } = explanationOf(code);
  const advice = adviceForCode(code, status);
  const retryable = advice.retry === "asIs" || advice.retry === "slower";
  const messages = messagesOf(code);
  return { code, status, message, messages, details, retryable, advice, cause, remedy, areas, confidence, soapSide: soap };
}
