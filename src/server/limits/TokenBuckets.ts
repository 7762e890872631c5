import type { TokenBucket, TokenRate } from "./tokenBucket.ts";
import { fullBucket, refilled, waitForToken, withoutToken, withToken } from "./tokenBucket.ts";

/** At most twice as many buckets are kept. Beyond it, those that were longest out of use are forgotten early, which forgives them. */
export const MAX_YOUNG_BUCKETS = 16_384;

/**
 * Token buckets by name, all of one rate. A full bucket is like a new one, so one that was out of use for as long as it takes to fill is
 * dropped without anyone noticing: names used since the last turn are young, those of the turn before old, all others gone.
 */
export class TokenBuckets {
  readonly rate: TokenRate;
  readonly #turnMs: number;
  #young = new Map<string, TokenBucket>();
  #old = new Map<string, TokenBucket>();
  #turnedAtMs = Number.NEGATIVE_INFINITY;

  /** `maxWaitMs`: the longest anyone waits for a token, and so the most a bucket owes. */
  constructor(rate: TokenRate, maxWaitMs: number) {
    this.rate = rate;
    this.#turnMs = (rate.burst / rate.perSecond) * 1000 + maxWaitMs;
  }

  /** Buckets in memory. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** How long a request of this name would wait for its token, in milliseconds. */
  waitMs(name: string, nowMs: number): number {
    return waitForToken(this.rate, this.#bucket(name, nowMs));
  }

  /** Takes a token, which may be one still to come. */
  take(name: string, nowMs: number): void {
    this.#put(name, withoutToken(this.#bucket(name, nowMs)), nowMs);
  }

  /** Gives a token back that nobody used. */
  giveBack(name: string, nowMs: number): void {
    this.#put(name, withToken(this.rate, this.#bucket(name, nowMs)), nowMs);
  }

  #bucket(name: string, nowMs: number): TokenBucket {
    const bucket = this.#young.get(name) ?? this.#old.get(name);
    return bucket === undefined ? fullBucket(this.rate, nowMs) : refilled(this.rate, bucket, nowMs);
  }

  #put(name: string, bucket: TokenBucket, nowMs: number): void {
    if (nowMs - this.#turnedAtMs >= this.#turnMs || this.#young.size >= MAX_YOUNG_BUCKETS) {
      this.#old = nowMs - this.#turnedAtMs >= 2 * this.#turnMs ? new Map() : this.#young;
      this.#young = new Map();
      this.#turnedAtMs = nowMs;
    }
    this.#young.set(name, bucket);
  }
}
