import type { ClientError } from "./ClientError.ts";
import { Pace } from "./Pace.ts";
import type { Turn } from "./Pace.ts";
import { parseError } from "./parseError.ts";
import { adviceFor } from "./adviceFor.ts";
import type { RetryOptions } from "./RetryPolicy.ts";
import { RetryPolicy } from "./RetryPolicy.ts";

/** What the AWS SDK for JavaScript calls a retry token: where a request stands. */
export interface S3RetryToken {
  /** How often the request was sent again. */
  getRetryCount(): number;
  /** Always 0: the strategy has waited already. */
  getRetryDelay(): number;
  /** What the strategy waited, which the SDK adds up as `$metadata.totalRetryDelay`. */
  readonly $retryLog: { readonly acquisitionDelay: number };
}

/** What the AWS SDK for JavaScript 3 takes as `retryStrategy`: RetryStrategyV2 of @smithy/types. */
export interface S3RetryStrategy {
  readonly mode: string;
  acquireInitialRetryToken(scope: string): Promise<S3RetryToken>;
  refreshRetryTokenForRetry(token: { getRetryCount(): number }, failure: { readonly error?: unknown }): Promise<S3RetryToken>;
  recordSuccess(token: { getRetryCount(): number }): void;
}

/**
 * A `retryStrategy` for clients of the AWS SDK for JavaScript 3 that follows S3's guidance: `new S3Client({ retryStrategy: retryStrategy() })`.
 *
 * It acts on codes, not on statuses: what can only fail again is not sent again, not even inside a 200, which the SDK reports as 503. It sends
 * a request up to ten times, with random pauses whose bound doubles, and with longer ones when the service asks for less; then all requests
 * of the client (or of all clients that were given the same strategy) go slower. Retry-After is respected. A clock that is wrong is corrected by
 * the SDK, and the request sent again.
 *
 * Bodies that are streams cannot be sent again, and the SDK does not: give it text or bytes, or use its `Upload`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorBestPractices.html
 */
export function retryStrategy(options: RetryOptions = {}): S3RetryStrategy {
  return new Strategy(new RetryPolicy({ ...options, pace: options.pace ?? new Pace() }));
}

class Strategy implements S3RetryStrategy {
  /** As the SDK's own strategy that has a pace calls itself. */
  readonly mode = "adaptive";
  readonly #policy: RetryPolicy;
  readonly #turns = new WeakMap<object, Turn>();

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
  }

  async acquireInitialRetryToken(): Promise<S3RetryToken> {
    return await this.#wait(0, 0);
  }

  async refreshRetryTokenForRetry(
    token: { getRetryCount(): number },
    failure: { readonly error?: unknown },
  ): Promise<S3RetryToken> {
    const error = parseError(failure.error);
    const turn = this.#turns.get(token);
    if (turn !== undefined && adviceFor(error).retry === "slower") this.#policy.pace?.slowDown(turn);
    const attempts = token.getRetryCount() + 1;
    const delayMs = this.#policy.delayMs(error, attempts, wasClockCorrected(failure.error, error));
    if (delayMs === undefined) throw error;
    return await this.#wait(attempts, delayMs, error);
  }

  recordSuccess(): void {
    this.#policy.pace?.succeed();
  }

  /** Waits, at least so long and until it is the request's turn. */
  async #wait(retries: number, minMs: number, error?: ClientError): Promise<S3RetryToken> {
    const turn = this.#policy.pace?.take();
    const delayMs = Math.max(minMs, turn?.waitMs ?? 0);
    if (error !== undefined) this.#policy.notify({ error, attempts: retries, delayMs });
    if (delayMs > 0) await this.#policy.sleep(delayMs);
    const token: S3RetryToken = {
      getRetryCount: () => retries,
      getRetryDelay: () => 0,
      $retryLog: { acquisitionDelay: delayMs },
    };
    if (turn !== undefined) this.#turns.set(token, turn);
    return token;
  }
}

/**
 * Whether the SDK has just corrected its clock, so that the same request will be signed with the right time. HEAD's answers have no body: any
 * refusal may have been for the time.
 */
function wasClockCorrected(thrown: unknown, { code, isCodeGuessed, status }: ClientError): boolean {
  const { $metadata } = (thrown ?? {}) as { readonly $metadata?: { readonly clockSkewCorrected?: unknown } };
  if ($metadata?.clockSkewCorrected !== true) return false;
  return code === "RequestTimeTooSkewed" || (isCodeGuessed && status === 403);
}
