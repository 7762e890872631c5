import type { ClientError } from "./ClientError.ts";
import { wasNeverSent } from "./connectionCode.ts";
import { parseError } from "./parseError.ts";
import { adviceFor } from "./adviceFor.ts";

/**
 * Whether the same request, unchanged, is worth sending again. Takes whatever `parseError` takes. The code decides, not the status: RequestTimeout
 * (400) is, NotImplemented (501) is not; an error inside a 200 counts by its code, although SDKs report it as 503.
 */
export function isRetryable(error: unknown): boolean {
  const { retry } = adviceFor(error);
  return retry === "asIs" || retry === "slower";
}

/** Refused before anything was done, although the status is above 499. */
const REFUSED_AT_ONCE: ReadonlySet<string> = new Set(["SlowDown", "503 SlowDown", "NotImplemented", "Throttling"]);

/**
 * Whether the request may have been carried out although it failed: the connection was lost, the caller gave up, or the service failed without
 * saying how far it came. A conditional write that is sent again after such a failure may meet itself, and is then answered 412.
 * Takes whatever `parseError` takes.
 */
export function mayHaveHappened(error: unknown): boolean {
  const { kind, code, status = 0 }: ClientError = parseError(error);
  if (kind === "answer") return status >= 500 && !REFUSED_AT_ONCE.has(code);
  return kind !== "connection" || !wasNeverSent(code);
}
