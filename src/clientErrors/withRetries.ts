import type { ClientError } from "./ClientError.ts";
import { parseError } from "./parseError.ts";
import { adviceFor } from "./adviceFor.ts";
import type { RetryOptions } from "./RetryPolicy.ts";
import { RetryPolicy } from "./RetryPolicy.ts";

/** How `withRetries` sends again what failed. */
export interface CallOptions extends RetryOptions {
  /** Ends the pauses, and the call with them; the function has to look at it for itself. */
  readonly signal?: AbortSignal;
  /**
   * Changes what an error with the advice "afterChange" asks for (new credentials, the clock, the endpoint), and says whether it did; then
   * the call is repeated. Default: nothing is changed.
   */
  readonly mend?: (error: ClientError) => boolean | Promise<boolean>;
}

/**
 * Calls a function until it succeeds, fails for good, or was called often enough; then throws what it threw last. It is told which attempt
 * this is, from 1. For fetch, whose failures are answers, it throws what `readError` says:
 *
 * ```ts
 * const response = await withRetries(async () => {
 *   const answer = await fetch(url);
 *   if (!answer.ok) throw await readError(answer);
 *   return answer;
 * });
 * ```
 *
 * Calls that are to slow down together are given the same `pace`: one for each bucket or prefix, or one for all.
 */
export async function withRetries<T>(call: (attempt: number) => T | Promise<T>, options: CallOptions = {}): Promise<T> {
  const policy = new RetryPolicy(options);
  const { signal, mend } = options;
  let minMs = 0;
  let last: ClientError | undefined;
  for (let attempt = 1; ; attempt++) {
    const turn = policy.pace?.take();
    const delayMs = Math.max(minMs, turn?.waitMs ?? 0);
    if (last !== undefined) policy.notify({ error: last, attempts: attempt - 1, delayMs });
    if (delayMs > 0) await policy.sleep(delayMs, signal);
    signal?.throwIfAborted();
    try {
      const value = await call(attempt);
      policy.pace?.succeed();
      return value;
    } catch (thrown) {
      last = parseError(thrown);
      const { retry } = adviceFor(last);
      if (turn !== undefined && retry === "slower") policy.pace!.slowDown(turn);
      const isMended = retry === "afterChange" && attempt < policy.attempts && ((await mend?.(last)) ?? false);
      const nextMs = policy.delayMs(last, attempt, isMended);
      if (nextMs === undefined) throw thrown;
      minMs = nextMs;
    }
  }
}
