import type { ClientError } from "./ClientError.ts";
import type { Pace } from "./Pace.ts";
import type { RetryAdvice } from "./RetryAdvice.ts";
import { adviceFor } from "./adviceFor.ts";
import { systemRandom, systemSleep } from "./surroundings.ts";

/** What is about to be done, for logs. */
export interface RetryNotice {
  readonly error: ClientError;
  /** How often it was sent so far. */
  readonly attempts: number;
  /** How long it waits before it is sent again. */
  readonly delayMs: number;
}

/** How failed requests are sent again. Times are in milliseconds. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included. Default: 10, as S3's guidance has it. */
  readonly attempts?: number;
  /** The pause before the n-th repetition is random, up to `baseDelayMs` × 2ⁿ⁻¹. Default: 100. */
  readonly baseDelayMs?: number;
  /** The same where the service asks for less (SlowDown, ServiceUnavailable). Default: 1 000. */
  readonly slowBaseDelayMs?: number;
  /** No random pause is longer. Default: 20 000. */
  readonly maxDelayMs?: number;
  /** A server that asks (Retry-After) for a longer pause than this is not waited for: the error is thrown. Default: 60 000. */
  readonly maxRetryAfterMs?: number;
  /**
   * The pace that requests share once the service asks for less. `false`: none. Default: each strategy has one, and a call by `withRetries` none.
   */
  readonly pace?: Pace | false;
  /** Is told before each pause. */
  readonly onRetry?: (notice: RetryNotice) => void;
  /** A number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Resolves after so many milliseconds, rejects when the signal says so. Default: a timer. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Whether, when and how slowly: what `retryStrategy` and `withRetries` have in common. */
export class RetryPolicy {
  readonly attempts: number;
  readonly pace: Pace | undefined;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #options: RetryOptions;

  constructor(options: RetryOptions = {}) {
    this.attempts = options.attempts ?? 10;
    this.sleep = options.sleep ?? systemSleep;
    this.pace = options.pace === false ? undefined : options.pace;
    this.#options = options;
  }

  /**
   * How long to wait before a request is sent again that was sent `attempts` times; `undefined` if it is not. `isMended` says that what was wrong
   * has been changed, whatever the advice.
   */
  delayMs(error: ClientError, attempts: number, isMended: boolean): number | undefined {
    const advice = adviceFor(error);
    if (!(isMended || advice.retry === "asIs" || advice.retry === "slower")) return undefined;
    if (attempts >= Math.min(this.attempts, advice.attempts ?? Infinity)) return undefined;
    const { maxDelayMs = 20_000, maxRetryAfterMs = 60_000, random = systemRandom } = this.#options;
    const { retryAfterMs = 0 } = error;
    if (retryAfterMs > maxRetryAfterMs) return undefined;
    const backoffMs = random() * Math.min(maxDelayMs, this.#baseMs(advice) * 2 ** (attempts - 1));
    return Math.max(Math.round(backoffMs), retryAfterMs);
  }

  /** Tells whoever wants to know. */
  notify(notice: RetryNotice): void {
    this.#options.onRetry?.(notice);
  }

  #baseMs({ retry }: RetryAdvice): number {
    const { baseDelayMs = 100, slowBaseDelayMs = 1000 } = this.#options;
    return retry === "slower" ? slowBaseDelayMs : baseDelayMs;
  }
}
