import type { Caller } from "../../auth/Caller.ts";
import type { PrefixRates, ServerSettings } from "../../config/ServerSettings.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { prefixOf } from "./prefixOf.ts";
import type { TokenRate } from "./tokenBucket.ts";
import { TokenBuckets } from "./TokenBuckets.ts";

/** The longest a request waits for its token; one that would have to wait longer is refused at once. */
export const MAX_TOKEN_WAIT_MS = 250;
/** Requests of a process that wait for tokens at the same time; further ones are refused at once. */
export const MAX_WAITING_REQUESTS = 1_024;
/** A bucket holds what comes in this time, and at least one token. */
const BURST_SECONDS = 1;

/** What the limiter asks of the world. */
export interface LimiterTime {
  /** Milliseconds from any beginning; never goes back. */
  now(): number;
  /** Resolves after a time, or sooner when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What the limiter looks at. */
export interface LimitedRequest {
  readonly caller: Caller;
  readonly request: Pick<WireRequest, "method" | "address">;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
}

/** The tokens of a kind that one request needs. */
interface Need {
  readonly buckets: TokenBuckets;
  readonly name: string;
  /** Whose requests are counted, and how many are taken; for the explanation. */
  readonly explain: () => string;
}

/**
 * Refuses requests beyond the rates of their caller and of their prefix with SlowDown, after a short wait for a token. A refused request
 * takes no token, and a client that goes away while it waits gives its own back.
 */
export class RequestLimiter {
  readonly #settings: LimiterSettings;
  readonly #time: LimiterTime;
  readonly #maxWaiting: number;
  readonly #callers: TokenBuckets | undefined;
  readonly #writes: TokenBuckets | undefined;
  readonly #reads: TokenBuckets | undefined;
  #waiting = 0;

  /** Each of the settings' processes has an equal share of the rates. */
  constructor(settings: LimiterSettings, time: LimiterTime, maxWaiting: number = MAX_WAITING_REQUESTS) {
    const { limitRequests, limitPrefix, workers } = settings;
    const share = (perSecond: number | undefined): TokenBuckets | undefined =>
      perSecond === undefined ? undefined : new TokenBuckets(rateOf(perSecond / workers), MAX_TOKEN_WAIT_MS);
    this.#settings = settings;
    this.#time = time;
    this.#maxWaiting = maxWaiting;
    this.#callers = share(limitRequests);
    this.#writes = share(limitPrefix?.writesPerSecond);
    this.#reads = share(limitPrefix?.readsPerSecond);
  }

  /** Requests that wait for a token now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Lets a request pass, perhaps after a wait. Throws SlowDown. */
  async admit(limited: LimitedRequest): Promise<void> {
    const nowMs = this.#time.now();
    const needs = this.#needs(limited);
    let waitMs = 0;
    for (const { buckets, name, explain } of needs) {
      const wait = buckets.waitMs(name, nowMs);
      if (wait > MAX_TOKEN_WAIT_MS) throw slowDown(explain());
      waitMs = Math.max(waitMs, wait);
    }
    if (waitMs > 0 && this.#waiting >= this.#maxWaiting) throw slowDown(`${this.#waiting} other requests wait already`);
    for (const { buckets, name } of needs) buckets.take(name, nowMs);
    if (waitMs > 0) await this.#wait(waitMs, needs, limited.signal);
  }

  /** Waits for tokens that were taken before they came. Throws SlowDown, which nobody hears, when the client goes away. */
  async #wait(waitMs: number, needs: readonly Need[], signal: AbortSignal): Promise<void> {
    this.#waiting += 1;
    await this.#time.sleep(waitMs, signal);
    this.#waiting -= 1;
    if (!signal.aborted) return;
    for (const { buckets, name } of needs) buckets.giveBack(name, this.#time.now());
    throw slowDown("the client went away while the request waited");
  }

  #needs({ caller, request }: LimitedRequest): Need[] {
    const needs: Need[] = [];
    if (this.#callers !== undefined) {
      const explain = (): string => `${nameOf(caller)} may send ${this.#settings.limitRequests} requests a second`;
      needs.push({ buckets: this.#callers, name: caller.canonicalId, explain });
    }
    const { bucket, key = "" } = request.address;
    const isRead = request.method === "GET" || request.method === "HEAD";
    const buckets = isRead ? this.#reads : this.#writes;
    if (bucket !== undefined && buckets !== undefined) {
      const prefix = prefixOf(key);
      const explain = (): string => explainPrefix(prefix, isRead, this.#settings.limitPrefix!);
      needs.push({ buckets, name: `${bucket}/${prefix}`, explain });
    }
    return needs;
  }
}

/** The settings of a server that the limiter follows. */
export type LimiterSettings = Pick<ServerSettings, "limitRequests" | "limitPrefix" | "workers">;

/** The limiter the settings ask for; `undefined` when there is no limit. */
export function limiterFor(settings: LimiterSettings, time: LimiterTime): RequestLimiter | undefined {
  if (settings.limitRequests === undefined && settings.limitPrefix === undefined) return undefined;
  return new RequestLimiter(settings, time);
}

function rateOf(perSecond: number): TokenRate {
  return { perSecond, burst: Math.max(1, perSecond * BURST_SECONDS) };
}

function nameOf(caller: Caller): string {
  return caller.kind === "anonymous" ? "all callers who do not sign together" : caller.displayName;
}

function explainPrefix(prefix: string, isRead: boolean, rates: PrefixRates): string {
  const where = prefix === "" ? 'the bucket itself and its keys without "/"' : `the keys below "${prefix}"`;
  const rate = isRead ? `${rates.readsPerSecond} reads` : `${rates.writesPerSecond} writes`;
  return `${where} together take ${rate} a second`;
}

function slowDown(reason: string): S3Error {
  return new S3Error("SlowDown", {
    explanation: `Too many requests came at once: ${reason}. Nothing was done; send it again, each time after a longer wait.`,
  });
}
