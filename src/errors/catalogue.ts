/**
 * The codes of S3's errors and the facts that go over the wire with them. What is only for people stands in `explanations/`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import type { ErrorCode } from "./ErrorCode.ts";
import type { ErrorFacts, SoapSide } from "./ErrorFacts.ts";
import { accessFacts } from "./facts/access.ts";
import { bucketsFacts } from "./facts/buckets.ts";
import { controlFacts } from "./facts/control.ts";
import { objectsFacts } from "./facts/objects.ts";
import { requestsFacts } from "./facts/requests.ts";
import { selectFacts } from "./facts/select.ts";
import { storageLensFacts } from "./facts/storageLens.ts";

const facts: Readonly<Record<ErrorCode, ErrorFacts>> = {
  ...accessFacts,
  ...requestsFacts,
  ...objectsFacts,
  ...bucketsFacts,
  ...selectFacts,
  ...storageLensFacts,
  ...controlFacts,
};

/** What is known of a code. */
export interface CatalogueEntry {
  readonly code: ErrorCode;
  /** HTTP status. */
  readonly status: number;
  readonly soap: SoapSide;
  /** S3's exact text, or the first of several; "" where none is known. */
  readonly message: string;
  /** Names of the detail elements, in the order S3 sends them. */
  readonly details: readonly string[];
  readonly retryable: boolean;
}

/** What is known of a code. */
export function catalogueEntry(code: ErrorCode): CatalogueEntry {
  const { status = 400, soap = "Client", message = "", details = [], retryable = false } = facts[code];
  return { code, status, soap, message, details, retryable };
}

/** Every code, in alphabetical order. */
export function errorCodes(): ErrorCode[] {
  return (Object.keys(facts) as ErrorCode[]).sort((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1));
}
