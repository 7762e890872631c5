import { ServiceError } from "../../errors/ServiceError.ts";
import { maskedHeader } from "../../journal/masked.ts";
import type { RequestStory } from "../../journal/RequestRecord.ts";
import type { Exchange } from "./Exchange.ts";

/** Of the headers, and of each text, no more is kept. */
const MAX_HEADERS = 100;
const MAX_TEXT_LENGTH = 4_096;

/** How a request came to its end; `undefined` for one of which there is nothing to tell. */
export function requestStory(exchange: Exchange): RequestStory | undefined {
  const { incoming, life, refusal } = exchange;
  const steps = life?.steps ?? [];
  if (refusal === undefined && steps.length === 0) return undefined;
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length && headers.length < MAX_HEADERS; index += 2) {
    const name = rawHeaders[index]!;
    headers.push([name, bounded(maskedHeader(name, rawHeaders[index + 1]!))]);
  }
  if (refusal === undefined) return { stage: "answer", headers, steps };
  const { stage, error } = refusal;
  const { code, message, details, explanation } = error;
  const told = details.flatMap(([name, value]) =>
    value === undefined || OWN_PLACES.has(name) ? [] : [[name, bounded(value)] as const],
  );
  const detail = (name: string): string | undefined => details.find(([known]) => known === name)?.[1];
  return {
    stage,
    headers,
    steps,
    error: { code, message, details: told, ...(explanation !== undefined && { explanation }) },
    canonicalRequest: detail("CanonicalRequest"),
    stringToSign: detail("StringToSign"),
    stack: stackOf(refusal.cause),
  };
}

/** Details that stand in members of their own, or say the same in another form. */
const OWN_PLACES: ReadonlySet<string> = new Set([
  ...["CanonicalRequest", "CanonicalRequestBytes", "StringToSign", "StringToSignBytes"],
]);

/** Where something was thrown that is no answer. */
function stackOf(cause: unknown): string | undefined {
  if (cause instanceof ServiceError) return cause.cause === undefined ? undefined : stackOf(cause.cause);
  return bounded(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
}

function bounded(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
