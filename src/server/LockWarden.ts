import { describeHolder } from "../store/metadata/WriteLockHolder.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";

/** Who keeps the lock is said again after this long. */
const SAY_AGAIN_AFTER_MS = 10_000;

/** What is done about a process that holds the index's write lock for too long. */
export interface LockWardenOptions {
  readonly say: (holder: WriteLockHolder, what: string) => void;
  /** Ends a process if it is a silent worker, and says whether; `undefined` for a process of somebody else. */
  readonly endIfSilent: (pid: number | undefined, isInTheWay: () => boolean) => Promise<boolean | undefined>;
}

/** Sees to it that a frozen worker does not keep everybody from writing, and says who else does. */
export class LockWarden {
  readonly #options: LockWardenOptions;
  #saidAtMs = -Infinity;
  #judging = false;

  constructor(options: LockWardenOptions) {
    this.#options = options;
  }

  /** Hears, once a second, who holds the lock. */
  async judge(holder: WriteLockHolder): Promise<void> {
    if (this.#judging) return;
    this.#judging = true;
    try {
      const ended = await this.#options.endIfSilent(holder.pid, holder.isHolding);
      if (ended === true)
        this.#options.say(holder, "a worker process that held the index's write lock said nothing and is ended");
      else if (holder.isHolding()) this.#sayOften(holder);
    } finally {
      this.#judging = false;
    }
  }

  #sayOften(holder: WriteLockHolder): void {
    const nowMs = performance.now();
    if (nowMs - this.#saidAtMs < SAY_AGAIN_AFTER_MS) return;
    this.#saidAtMs = nowMs;
    this.#options.say(holder, describeHolder(holder));
  }
}
