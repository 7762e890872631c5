/**
 * Whether a request that failed is worth sending again:
 * - `no`: it would fail again; a person has to change it, or what it is about;
 * - `asIs`: the same request may succeed, after a pause;
 * - `slower`: the same request may succeed, after a longer pause and with fewer requests beside it;
 * - `afterChange`: it may succeed once a program has changed one named thing: the clock, the credentials, the endpoint, what it had read.
 */
export type Retry = "no" | "asIs" | "slower" | "afterChange";

/** What to do with a request that failed. */
export interface RetryAdvice {
  readonly retry: Retry;
  /** One or two sentences: how to send it again and what to change first, or why not. */
  readonly how: string;
  /** Where fewer are right than for most: how often a request may be sent in all. */
  readonly attempts?: number;
}
