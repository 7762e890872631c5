import { DURATION_FORM, readDuration, readTime, TIME_FORM } from "../config/times.ts";
import type { Store } from "../store/Store.ts";
import type { TestClockMove } from "../store/testClock.ts";
import { moveTestClock, RESET, TestClockError } from "../store/testClock.ts";

/** The time that a server goes by: for tests to read and to move. It runs on from wherever it is moved to. */
export class ServerClock {
  readonly #store: () => Store;
  readonly #run: string;

  /** The clock of whatever store a server has at the time; `run` names the run that the store's test clock belongs to. */
  constructor(store: () => Store, run: string) {
    this.#store = store;
    this.#run = run;
  }

  /** What it shows. */
  get now(): Date {
    return new Date(this.#store().clock());
  }

  /**
   * Moves it forward: "31 days", "90 minutes", "1h30m", "P31D". From then on every request is later by that. Resolves with what it shows.
   * Rejects with a `RangeError` for what is no length of time, for a server without a test clock, and behind the year 9998.
   */
  async advance(duration: string): Promise<Date> {
    const lengthMs = readDuration(duration);
    if (lengthMs === undefined) throw new TestClockError(`${JSON.stringify(duration)} is not ${DURATION_FORM}.`);
    return this.#move((nowMs) => nowMs + lengthMs);
  }

  /** Sets it, forward or back: a `Date`, or ISO 8601. Resolves with what it shows. Rejects as `advance` does. */
  async set(time: Date | string): Promise<Date> {
    const timeMs = typeof time === "string" ? readTime(time) : time.getTime();
    if (timeMs === undefined) throw new TestClockError(`${JSON.stringify(time)} is not ${TIME_FORM}.`);
    return this.#move(() => timeMs);
  }

  /** Sets it back to real time. Resolves with what it shows. Rejects with a `RangeError` for a server without a test clock. */
  async reset(): Promise<Date> {
    return this.#move(RESET);
  }

  async #move(move: TestClockMove): Promise<Date> {
    const store = this.#store();
    const aheadMs = await moveTestClock(store, this.#run, move);
    return new Date(store.realClock() + aheadMs);
  }
}
