import { setTimeout as sleep } from "node:timers/promises";
import type { LogLineCounts, Warn } from "../accessLogs/ServerAccessLogs.ts";
import { ServerAccessLogs } from "../accessLogs/ServerAccessLogs.ts";
import type { Store } from "../store/Store.ts";
import type { LifecycleFigures } from "../tasks/lifecycle/LifecycleRounds.ts";
import { LIFECYCLE_LOOK_INTERVAL_MS, LifecycleRounds } from "../tasks/lifecycle/LifecycleRounds.ts";
import type { LifecycleProgress } from "../tasks/lifecycle/LifecycleRun.ts";
import { logLifecycle } from "./lifecycleLog.ts";
import { requestIds } from "./requests/requestIds.ts";

/** What lifecycle in a server needs. */
export interface ServerLifecycleOptions {
  /** As `LifecycleRoundOptions` has it. */
  readonly intervalMs: number;
  /** How often the access logs of buckets are delivered. */
  readonly logDeliveryMs: number;
  readonly onFailure: (what: string, cause: unknown) => void;
  readonly warn: Warn;
  /** Hears of each run that has done something. */
  readonly onRun?: (progress: LifecycleProgress) => void;
}

/** Lifecycle beside the requests of a server: in one of its processes, from the start to the end. */
export class ServerLifecycle {
  readonly #options: ServerLifecycleOptions;
  #abort = new AbortController();
  #rounds: LifecycleRounds;
  #logs: ServerAccessLogs;
  #working: Promise<void>;
  readonly #delivery: NodeJS.Timeout;

  constructor(store: Store, options: ServerLifecycleOptions) {
    this.#options = options;
    this.#logs = new ServerAccessLogs(store, options.warn);
    this.#rounds = this.#newRounds(store);
    this.#working = this.#work();
    this.#delivery = setInterval(() => void this.#logs.deliver(), options.logDeliveryMs).unref();
  }

  /** What it has done. */
  get figures(): LifecycleFigures {
    return this.#rounds.figures;
  }

  /** What became of the lines about it in access logs. */
  get logLines(): LogLineCounts {
    return this.#logs.counts;
  }

  /** Goes on with another store; what is under way in the one before ends with the key it is at. */
  replaceStore(store: Store): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#logs = new ServerAccessLogs(store, this.#options.warn);
    this.#rounds = this.#newRounds(store);
    this.#working = Promise.all([this.#working, this.#work()]).then(() => undefined);
  }

  /** Ends it after the commits under way, and delivers what is left of its lines. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearInterval(this.#delivery);
    await this.#working;
    await this.#logs.close();
  }

  #newRounds(store: Store): LifecycleRounds {
    const { intervalMs, onFailure, onRun } = this.#options;
    const logs = this.#logs;
    const newIds = requestIds(store.randomBytes);
    const failed = (cause: unknown): void => onFailure("What lifecycle did could not be logged", cause);
    return new LifecycleRounds(store, {
      intervalMs,
      signal: this.#abort.signal,
      onFailure,
      ...(onRun === undefined ? {} : { onRun }),
      onEvent: (event) => void logLifecycle(store, logs, event, newIds()).catch(failed),
    });
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    const rounds = this.#rounds;
    while (!signal.aborted) {
      try {
        await rounds.look();
      } catch (cause) {
        this.#options.onFailure("A run of lifecycle ended early", cause);
      }
      // An abort ends the pause; whoever paused looks at the signal next.
      await sleep(LIFECYCLE_LOOK_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
