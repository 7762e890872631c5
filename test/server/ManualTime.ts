import { setImmediate } from "node:timers/promises";
import type { LimiterTime } from "../../src/server/limits/RequestLimiter.ts";

/** Time that passes only when a test says so. */
export class ManualTime implements LimiterTime {
  #nowMs = 0;
  readonly #sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const sleeper = { untilMs: this.#nowMs + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake);
    });
  }

  /** Lets time pass, and wakes who slept until then. */
  pass(milliseconds: number): void {
    this.#nowMs += milliseconds;
    for (const { untilMs, wake } of this.#sleepers) if (untilMs <= this.#nowMs + 1e-6) wake();
  }

  /** Resolves when everything that was woken has run. */
  async settled(): Promise<void> {
    await setImmediate();
  }
}
