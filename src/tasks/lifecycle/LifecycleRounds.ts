import type { LifecycleRunRecord } from "../../store/records/LifecycleRunRecord.ts";
import { LIFECYCLE_RUN_ROW } from "../../store/records/LifecycleRunRecord.ts";
import { put } from "../../store/records/Row.ts";
import type { Store } from "../../store/Store.ts";
import { readRow, transact } from "../../store/transact.ts";
import type { LifecyclePlace, LifecycleProgress, LifecycleRunOptions } from "./LifecycleRun.ts";
import { NO_PROGRESS, runLifecycle } from "./LifecycleRun.ts";

/** How often it is looked whether a run is due: so soon a moved clock is noticed. */
export const LIFECYCLE_LOOK_INTERVAL_MS = 1000;

/** How often a run writes down where it is; what lies between is looked at again after a crash. */
const PLACE_INTERVAL_MS = 1000;

const DAY_MS: number = 24 * 60 * 60 * 1000;

/** What lifecycle has done since the process began, for metrics. */
export interface LifecycleFigures {
  /** Of all runs together. */
  readonly total: LifecycleProgress;
  readonly isRunning: boolean;
  /** When the latest run that came to its end did so, in milliseconds since 1970 by S3's time; `undefined`: none has yet. */
  readonly endedAtMs: number | undefined;
}

/** What rounds are told. */
export interface LifecycleRoundOptions extends Pick<LifecycleRunOptions, "signal" | "onFailure" | "onEvent" | "pause"> {
  /** At most so long after the latest run began, by S3's time, the next one begins; and at once when a day has begun since. */
  readonly intervalMs: number;
  /** Hears of a run that came to its end and has done something, or could not. */
  readonly onRun?: (progress: LifecycleProgress) => void;
}

/**
 * The runs of lifecycle over a store, one behind the other, by S3's time. A run that was cut short goes on where the store says it was. One
 * process at a time does this: the server's first.
 */
export class LifecycleRounds {
  readonly #store: Store;
  readonly #options: LifecycleRoundOptions;
  #startedAtMs: number | undefined;
  #endedAtMs: number | undefined;
  #total: LifecycleProgress = NO_PROGRESS;
  #present: LifecycleProgress | undefined;

  constructor(store: Store, options: LifecycleRoundOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** What was done so far. */
  get figures(): LifecycleFigures {
    const isRunning = this.#present !== undefined;
    return { total: sum(this.#total, this.#present ?? NO_PROGRESS), isRunning, endedAtMs: this.#endedAtMs };
  }

  /** Runs if it is time to. Resolves when that has ended. Throws what the store throws. */
  async look(): Promise<void> {
    const nowMs = this.#store.clock();
    const kept = this.#startedAtMs === undefined ? await readRow(this.#store, LIFECYCLE_RUN_ROW) : undefined;
    const place = kept === undefined ? undefined : placeIn(kept);
    const latestMs = this.#startedAtMs ?? kept?.startedAtMs;
    if (place === undefined && latestMs !== undefined && !this.#isDue(latestMs, nowMs)) return;
    await this.#run(place, nowMs);
  }

  #isDue(latestMs: number, nowMs: number): boolean {
    if (Math.floor(latestMs / DAY_MS) !== Math.floor(nowMs / DAY_MS)) return true;
    // A clock that was set back is no reason to wait.
    return Math.abs(nowMs - latestMs) >= this.#options.intervalMs;
  }

  async #run(from: LifecyclePlace | undefined, startedAtMs: number): Promise<void> {
    const { signal } = this.#options;
    let writtenAtMs = Number.NEGATIVE_INFINITY;
    this.#present = NO_PROGRESS;
    try {
      const done = await runLifecycle(this.#store, {
        ...this.#options,
        from,
        onPage: async (progress, place) => {
          this.#present = progress;
          const realNowMs = this.#store.realClock();
          if (Math.abs(realNowMs - writtenAtMs) < PLACE_INTERVAL_MS) return;
          writtenAtMs = realNowMs;
          await this.#write({ startedAtMs, endedAtMs: 0, ...place });
        },
      });
      this.#present = done;
      // What was cut short goes on where it was.
      if (signal.aborted) return;
      this.#endedAtMs = this.#store.clock();
      if (done.buckets > 0 || from !== undefined) await this.#write({ ...ENDED, startedAtMs, endedAtMs: this.#endedAtMs });
      if (done.failed > 0 || Object.values(done.actions).some((count) => count > 0)) this.#options.onRun?.(done);
    } finally {
      this.#total = sum(this.#total, this.#present);
      this.#present = undefined;
      this.#startedAtMs = startedAtMs;
    }
  }

  async #write(record: LifecycleRunRecord): Promise<void> {
    await transact(this.#store, {}, () => ({ changes: [put(LIFECYCLE_RUN_ROW, record)], result: undefined }));
  }
}

const ENDED: Pick<LifecycleRunRecord, "bucket" | "phase" | "key"> = { bucket: "", phase: undefined, key: "" };

/** Where a run was cut short. */
function placeIn({ endedAtMs, bucket, phase, key }: LifecycleRunRecord): LifecyclePlace | undefined {
  return endedAtMs !== 0 || phase === undefined ? undefined : { bucket, phase, key };
}

function sum(one: LifecycleProgress, other: LifecycleProgress): LifecycleProgress {
  const actions = { ...one.actions };
  for (const action of Object.keys(actions) as (keyof typeof actions)[]) actions[action] += other.actions[action];
  return { buckets: one.buckets + other.buckets, looked: one.looked + other.looked, actions, failed: one.failed + other.failed };
}
