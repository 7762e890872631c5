import { signedTexts } from "../../auth/signedTexts.ts";
import type { SignedTexts } from "../../auth/signedTexts.ts";
import type { JournalFacts } from "../../errors/ServiceError.ts";
import { ServiceError } from "../../errors/ServiceError.ts";
import { maskedHeader, maskedSignedText, secretsAmong, withoutSecrets } from "../../journal/masked.ts";
import type { JournalStep, RequestStory } from "../../journal/RequestRecord.ts";
import { withHoistedHeaders } from "../http/wireRequest.ts";
import type { Exchange, Refusal } from "./Exchange.ts";
import type { RequestLife } from "./RequestLife.ts";

/** Of the headers, and of each text, no more is kept. */
const MAX_HEADERS = 100;
const MAX_TEXT_LENGTH = 4_096;
/** Stacks and what was signed are long, and of no use without their ends. */
const MAX_LONG_TEXT_LENGTH = 16_384;
/** An error that was thrown because of another one, and so on: no more are told. */
const MAX_CAUSES = 8;

/** How a request came to its end; `undefined` for one of which there is nothing to tell. */
export function requestStory(exchange: Exchange): RequestStory | undefined {
  const { incoming, life, refusal } = exchange;
  const steps = life?.steps ?? [];
  if (refusal === undefined && steps.length === 0) return undefined;
  const secrets = secretsAmong(sentHeaders(incoming.rawHeaders), incoming.url ?? "");
  const headers = maskedHead(exchange);
  if (refusal === undefined) return { stage: "answer", headers, steps: withoutSecrets(steps, secrets) };
  const { code, message, details, explanation } = refusal.error;
  const told = details.flatMap(([name, value]) =>
    value === undefined || OWN_PLACES.has(name) ? [] : [[name, bounded(value)] as const],
  );
  const error = { code, message, details: told, ...(explanation !== undefined && { explanation }) };
  const { canonicalRequest, stringToSign } = textsOf(refusal, life) ?? {};
  const stack = stackOf(refusal.cause);
  return {
    stage: refusal.stage,
    headers,
    steps: withoutSecrets([...steps, ...factsOf(refusal, exchange)], secrets),
    error: withoutSecrets(error, secrets),
    canonicalRequest:
      canonicalRequest === undefined ? undefined : bounded(maskedSignedText(canonicalRequest), MAX_LONG_TEXT_LENGTH),
    stringToSign: stringToSign === undefined ? undefined : bounded(maskedSignedText(stringToSign), MAX_LONG_TEXT_LENGTH),
    stack: stack === undefined ? undefined : bounded(withoutSecrets(stack, secrets), MAX_LONG_TEXT_LENGTH),
  };
}

/** Names and values of the headers as they came, as far as they are kept, without what is secret in them. */
export function maskedHead({ incoming }: Exchange): readonly (readonly [name: string, value: string])[] {
  return sentHeaders(incoming.rawHeaders).map(([name, value]) => [name, bounded(maskedHeader(name, value))] as const);
}

/** Of these refusals one may ask whether it was the signature. */
const DOUBTED_STATUSES: ReadonlySet<number> = new Set([400, 401, 403]);

/** Details that stand in members of their own, or say the same in another form. */
const OWN_PLACES: ReadonlySet<string> = new Set([
  ...["CanonicalRequest", "CanonicalRequestBytes", "StringToSign", "StringToSignBytes"],
]);

function sentHeaders(rawHeaders: readonly string[]): (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [];
  for (let index = 0; index < rawHeaders.length && headers.length < MAX_HEADERS; index += 2) {
    headers.push([rawHeaders[index]!, rawHeaders[index + 1]!]);
  }
  return headers;
}

/** What was signed: as the refusal has it, or computed now, where the signature was found right or was not looked at. */
function textsOf({ error }: Refusal, life: RequestLife | undefined): SignedTexts | undefined {
  const detail = (name: string): string | undefined => error.details.find(([known]) => known === name)?.[1];
  const stringToSign = detail("StringToSign");
  if (stringToSign === undefined) {
    // Caches and polls are answered 304 and 404 by the thousand, and there nobody doubts the signature.
    if (life === undefined || !DOUBTED_STATUSES.has(error.status)) return undefined;
    return signedTexts(life.sentRequest, withHoistedHeaders(life.sentRequest));
  }
  const canonicalRequest = detail("CanonicalRequest");
  return { stringToSign, ...(canonicalRequest !== undefined && { canonicalRequest }) };
}

/** What the error keeps for the journal, as the last step. A dialect may have put it into other words, and the first ones have it. */
function factsOf({ error, cause }: Refusal, { service }: Exchange): readonly JournalStep[] {
  const known = error.facts ?? factsAmongCauses(error) ?? factsAmongCauses(cause);
  return known === undefined ? [] : [{ atMs: service.store.clock(), ...known }];
}

function factsAmongCauses(thrown: unknown): JournalFacts | undefined {
  return causesOf(thrown).flatMap((one) => (one instanceof ServiceError && one.facts !== undefined ? [one.facts] : []))[0];
}

/** What was thrown, and what it was thrown because of. */
function causesOf(thrown: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let one = thrown; one !== undefined && causes.length < MAX_CAUSES; one = one instanceof Error ? one.cause : undefined) {
    causes.push(one);
  }
  return causes;
}

/** Where something was thrown that is no answer, and what that came of. Answers have no stack: they are made by the thousand. */
function stackOf(thrown: unknown): string | undefined {
  const failures = causesOf(thrown).filter((one) => !(one instanceof ServiceError) || hasStack(one));
  return failures.length === 0 ? undefined : failures.map(oneStack).join("\nCaused by: ");
}

function hasStack({ stack }: ServiceError): boolean {
  return stack?.includes("\n    at ") === true;
}

function oneStack(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function bounded(text: string, maxLength = MAX_TEXT_LENGTH): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
