/**
 * Token buckets, decided without a clock of their own. A request takes one token. Where there is none yet it may take one that is still to
 * come and wait for it: the bucket then owes, and whoever comes next waits longer. So a number is a queue, in the order of arrival.
 */

/** How a bucket fills. */
export interface TokenRate {
  readonly perSecond: number;
  /** The most tokens it holds, at least 1: what may come at once after a pause. */
  readonly burst: number;
}

/** A bucket at a moment; `tokens` below zero are owed. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A bucket nobody has taken from. */
export function fullBucket(rate: TokenRate, nowMs: number): TokenBucket {
  return { tokens: rate.burst, atMs: nowMs };
}

/** The bucket as it is now. A clock that goes back fills nothing. */
export function refilled(rate: TokenRate, bucket: TokenBucket, nowMs: number): TokenBucket {
  if (nowMs <= bucket.atMs) return bucket;
  const come = ((nowMs - bucket.atMs) / 1000) * rate.perSecond;
  return { tokens: Math.min(rate.burst, bucket.tokens + come), atMs: nowMs };
}

/** How long the next request waits for its token, in milliseconds; `bucket` is as it is now. */
export function waitForToken(rate: TokenRate, bucket: TokenBucket): number {
  return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) / rate.perSecond) * 1000;
}

/** The bucket after one token, there or still to come, was taken. */
export function withoutToken(bucket: TokenBucket): TokenBucket {
  return { tokens: bucket.tokens - 1, atMs: bucket.atMs };
}

/** The bucket after a token that nobody used came back. */
export function withToken(rate: TokenRate, bucket: TokenBucket): TokenBucket {
  return { tokens: Math.min(rate.burst, bucket.tokens + 1), atMs: bucket.atMs };
}
