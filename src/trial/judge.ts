import type { Attempt, Call } from "./calls.ts";

/** An application that waits at least so long before it comes back after SlowDown, in the middle of its waits, slows down. */
export const SLOWING_DOWN_MS = 100;

/** Codes that say: less, please. */
const TOO_FAST: ReadonlySet<string> = new Set(["SlowDown", "HTTP 503"]);
/** Codes after which the same request may succeed. */
const WORTH_RETRYING: ReadonlySet<string> = new Set([
  ...["InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "OperationAborted"],
  ...["connection lost", "wrong length", "wrong bytes", "HTTP 500", "HTTP 502", "HTTP 503", "HTTP 504"],
]);
/** Codes after which it never will. */
const IN_VAIN: ReadonlySet<string> = new Set([
  ...["AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"],
  ...["NoSuchUpload", "InvalidRequest", "MethodNotAllowed", "NotImplemented", "EntityTooLarge", "InvalidArgument"],
]);

/** What became of one kind of failure. */
export interface FailureFigures {
  readonly failure: string;
  /** How often it was met, and how often the application tried again after it. */
  readonly met: number;
  readonly retried: number;
  /** Calls that ended with it. */
  readonly givenUp: number;
  /** Milliseconds between such a failure and the next attempt. */
  readonly waits: Waits | undefined;
}

/** The shortest, the middle and the longest of several. */
export interface Waits {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/** "not seen": the run had no occasion for it. */
export type Verdict = "yes" | "no" | "partly" | "not seen";

/** What an application's requests say about how it takes failures. */
export interface Judgement {
  readonly calls: number;
  readonly requests: number;
  readonly succeeded: number;
  readonly failures: readonly FailureFigures[];
  readonly retriesInternalError: Verdict;
  readonly slowsDown: Verdict;
  /** Whether it tells codes apart that have one status, and sees errors inside a 200. */
  readonly readsCodes: Verdict;
  /** What the store did more than once for one call. */
  readonly duplicates: readonly Call[];
  /** Calls that ended in a failure which another attempt could have mended. */
  readonly givenUp: readonly Call[];
}

/** Judges an application by what it asked for. */
export function judge(calls: readonly Call[]): Judgement {
  const attempts = calls.flatMap((call) => call.attempts);
  return {
    calls: calls.length,
    requests: attempts.length,
    succeeded: calls.filter((call) => call.attempts.at(-1)!.failure === undefined).length,
    failures: failuresOf(calls),
    retriesInternalError: retries(calls, ({ failure, insideSuccess }) => failure === "InternalError" && !insideSuccess),
    slowsDown: slowsDown(calls),
    readsCodes: readsCodes(calls),
    duplicates: calls.filter(
      ({ operation, attempts: tries }) => CHANGES.test(operation) && tries.filter(({ tookEffect }) => tookEffect).length > 1,
    ),
    givenUp: calls.filter((call) => WORTH_RETRYING.has(call.attempts.at(-1)!.failure ?? "")),
  };
}

/** Operations that write: to do one twice is to do too much. */
const CHANGES = /^(?:Put|Post|Copy|Create|Complete|Upload|Delete|Abort|Restore|Rename|Update)/;

function failuresOf(calls: readonly Call[]): FailureFigures[] {
  const found = new Map<string, { met: number; retried: number; waits: number[] }>();
  for (const { attempts } of calls) {
    for (const [index, { failure }] of attempts.entries()) {
      if (failure === undefined) continue;
      const figures = found.get(failure) ?? { met: 0, retried: 0, waits: [] };
      found.set(failure, figures);
      figures.met += 1;
      const next = attempts[index + 1];
      if (next === undefined) continue;
      figures.retried += 1;
      figures.waits.push(next.waitMs ?? 0);
    }
  }
  return [...found]
    .map(([failure, { met, retried, waits }]) => ({ failure, met, retried, givenUp: met - retried, waits: spread(waits) }))
    .toSorted((a, b) => b.met - a.met || (a.failure < b.failure ? -1 : 1));
}

function spread(waits: readonly number[]): Waits | undefined {
  if (waits.length === 0) return undefined;
  const sorted = waits.toSorted((a, b) => a - b);
  return { minMs: sorted[0]!, medianMs: sorted[sorted.length >> 1]!, maxMs: sorted.at(-1)! };
}

/** Whether another attempt follows on what is asked about. */
function retries(calls: readonly Call[], isAsked: (attempt: Attempt) => boolean): Verdict {
  let met = 0;
  let retried = 0;
  for (const { attempts } of calls) {
    const wins = attempts.at(-1)!.failure === undefined;
    for (const [index, attempt] of attempts.entries()) {
      if (!isAsked(attempt)) continue;
      met += 1;
      // Who tried often, and lost, did retry.
      if (index + 1 < attempts.length || (!wins && attempts.length > 1)) retried += 1;
    }
  }
  return outOf(retried, met);
}

function outOf(count: number, all: number): Verdict {
  if (all === 0) return "not seen";
  if (count === all) return "yes";
  return count === 0 ? "no" : "partly";
}

function slowsDown(calls: readonly Call[]): Verdict {
  const waits = failuresOf(calls).filter(({ failure }) => TOO_FAST.has(failure));
  if (waits.length === 0) return "not seen";
  const all = calls.flatMap(({ attempts }) =>
    attempts.flatMap(({ waitMs }, index) => (index > 0 && TOO_FAST.has(attempts[index - 1]!.failure ?? "") ? [waitMs ?? 0] : [])),
  );
  // Who does not come back at all does not press on either; but that is for the failures to tell.
  const middle = spread(all)?.medianMs;
  if (middle === undefined) return "not seen";
  return middle >= SLOWING_DOWN_MS ? "yes" : "no";
}

/** An error inside a 200 is seen by who reads the code; what never succeeds is not tried again by who reads it. */
function readsCodes(calls: readonly Call[]): Verdict {
  const inside = retries(calls, ({ insideSuccess, failure }) => insideSuccess && WORTH_RETRYING.has(failure ?? ""));
  const vain = retries(calls, ({ failure }) => IN_VAIN.has(failure ?? ""));
  const seen: Verdict[] = [inside];
  if (vain !== "not seen") seen.push(vain === "yes" ? "no" : vain === "no" ? "yes" : "partly");
  const told = seen.filter((verdict) => verdict !== "not seen");
  if (told.length === 0) return "not seen";
  return told.every((verdict) => verdict === told[0]) ? told[0]! : "partly";
}
