import { adviceByCode, NO_RETRY } from "./adviceByCode.ts";
import { parseError } from "./parseError.ts";
import type { RetryAdvice } from "./RetryAdvice.ts";

const FAILED: RetryAdvice = {
  retry: "asIs",
  how: "Send it again after a pause that grows. It may have been carried out: writes must bear a repetition.",
};
const OVERLOADED: RetryAdvice = {
  retry: "slower",
  how: "Send it again after longer pauses, and fewer requests at a time.",
};
const UNANSWERED: RetryAdvice = {
  retry: "asIs",
  how: "Send it again on a new connection. Unless the connection was never made, it may have been carried out: writes must bear a repetition.",
};
const GIVEN_UP: RetryAdvice = {
  retry: "no",
  how: "Whoever sent it gave it up, and it may have been carried out all the same.",
};
const UNKNOWN: RetryAdvice = {
  retry: "no",
  how: "This is no answer of a service and no failure of a connection. Look at what threw it.",
};

/** What codes that nobody lists are worth, by their HTTP status: those of proxies and of other services. */
const BY_STATUS: ReadonlyMap<number, RetryAdvice> = new Map([
  [408, FAILED],
  [429, OVERLOADED],
  [500, FAILED],
  [502, FAILED],
  [503, OVERLOADED],
  [504, FAILED],
]);

/** What to do with a code of S3's, IAM's or STS's; by its HTTP status where the code is none of theirs. */
export function adviceForCode(code: string, status: number | undefined): RetryAdvice {
  return adviceByCode(code) ?? BY_STATUS.get(status ?? 0) ?? NO_RETRY;
}

/**
 * What to do with a request that failed so: whether and how to send it again. Takes whatever `parseError` takes. The code decides, and the status only
 * where nobody knows the code.
 */
export function adviceFor(input: unknown): RetryAdvice {
  const error = parseError(input);
  switch (error.kind) {
    case "answer":
      return adviceForCode(error.code, error.status);
    case "connection":
      return UNANSWERED;
    case "aborted":
      return GIVEN_UP;
    case "unknown":
      return UNKNOWN;
  }
}
