import { systemNow } from "./surroundings.ts";

/** How a pace begins and grows. */
export interface PaceOptions {
  /** It never gets slower than this, in requests per second. Default: 1. */
  readonly minRatePerSecond?: number;
  /** No request waits for its turn longer than this. Default: 30 000. */
  readonly maxWaitMs?: number;
  /** Milliseconds since any time. Default: the system's clock. */
  readonly now?: () => number;
}

/** A request's turn. */
export interface Turn {
  /** How long to wait before sending it. */
  readonly waitMs: number;
  /** Tells requests that were under way when the pace was cut from those that were sent at the new one. */
  readonly number: number;
}

/** What a refusal leaves of a rate, as TCP does it. */
const CUT_TO = 0.5;
/** How much of the rate before a cut is given back in each second of success. */
const REGAINED_PER_SECOND = 0.1;
/** At so many times the rate before the last cut, there is no limit any more. */
const FREE_AT = 2;
const MS_PER_SECOND = 1000;

/**
 * The pace that requests to one place share: one client's, one bucket's or one prefix's. There is no limit until the service asks for less
 * (SlowDown). Then the rate is half of what it was, once for all the requests that were under way, and grows again with each success, by steps
 * that do not depend on how many there are. Requests wait for their turn in the order in which they ask.
 */
export class Pace {
  readonly #now: () => number;
  readonly #minRatePerSecond: number;
  readonly #maxWaitMs: number;
  /** `undefined` while there is no limit. */
  #ratePerSecond: number | undefined;
  /** Before the last cut. */
  #rateBefore = 0;
  #nextTurnMs = 0;
  #turns = 0;
  #turnsAtCut = 0;
  /** The turns of this second and of the one before, by which the rate is known when it is first cut. */
  #secondStartMs = 0;
  #inSecond = 0;
  #inSecondBefore = 0;

  constructor({ minRatePerSecond = 1, maxWaitMs = 30_000, now = systemNow }: PaceOptions = {}) {
    this.#minRatePerSecond = minRatePerSecond;
    this.#maxWaitMs = maxWaitMs;
    this.#now = now;
  }

  /** The rate that requests are held to, in requests per second; `undefined` while there is no limit. */
  get ratePerSecond(): number | undefined {
    return this.#ratePerSecond;
  }

  /** Takes the next turn. */
  take(): Turn {
    const now = this.#now();
    this.#count(now);
    const number = ++this.#turns;
    if (this.#ratePerSecond === undefined) return { waitMs: 0, number };
    const turnMs = Math.max(now, this.#nextTurnMs);
    this.#nextTurnMs = turnMs + MS_PER_SECOND / this.#ratePerSecond;
    return { waitMs: Math.min(turnMs - now, this.#maxWaitMs), number };
  }

  /** The service asked for less, in answer to the request with this turn. */
  slowDown({ number }: Turn): void {
    // Those that were sent before the last cut say nothing new.
    if (number <= this.#turnsAtCut) return;
    const now = this.#now();
    this.#rateBefore = Math.max(this.#ratePerSecond ?? this.#measuredRate(now), this.#minRatePerSecond);
    this.#ratePerSecond = Math.max(this.#rateBefore * CUT_TO, this.#minRatePerSecond);
    this.#turnsAtCut = this.#turns;
    this.#nextTurnMs = Math.max(this.#nextTurnMs, now + MS_PER_SECOND / this.#ratePerSecond);
  }

  /** A request succeeded. */
  succeed(): void {
    if (this.#ratePerSecond === undefined) return;
    this.#ratePerSecond += (this.#rateBefore * REGAINED_PER_SECOND) / this.#ratePerSecond;
    if (this.#ratePerSecond >= this.#rateBefore * FREE_AT) this.#ratePerSecond = undefined;
  }

  #count(now: number): void {
    const elapsedMs = now - this.#secondStartMs;
    if (elapsedMs >= MS_PER_SECOND) {
      this.#inSecondBefore = elapsedMs < 2 * MS_PER_SECOND ? this.#inSecond : 0;
      this.#secondStartMs = now;
      this.#inSecond = 0;
    }
    this.#inSecond++;
  }

  #measuredRate(now: number): number {
    const shareOfBefore = Math.max(0, 1 - (now - this.#secondStartMs) / MS_PER_SECOND);
    return this.#inSecond + this.#inSecondBefore * shareOfBefore;
  }
}
