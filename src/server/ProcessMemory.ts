import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * What V8's collector is told. See docs/performance.md.
 * - Old objects are collected when there is twice as much of them as is alive; V8 would let them grow to four times as much. They are few here,
 *   most of them what requests left behind that lived through two young collections: more room for them spares no work that can be measured.
 * - None is placed among the old ones from the start because many that were made at the same line lived long when the process was young. An old
 *   array keeps alive what lies in it, the objects of a page of a list for example, until old objects are collected.
 * - Young objects are collected between two pieces of work, when hardly any is alive, once there are so many percent of what may be: a page of a
 *   list has to find room in the rest.
 * - What is alive then is too little to be worth waking other threads.
 */
export const COLLECTOR_FLAGS: readonly string[] = [
  "--heap-growing-percent=100",
  "--no-allocation-site-pretenuring",
  "--minor-gc-task-trigger=50",
  "--no-parallel-scavenge",
];

/**
 * How often a process looks at itself. Who comes back after such a collection finds a small young generation and code that has to be
 * compiled again, and pays for it: so it is not made in every pause.
 */
const LOOK_INTERVAL_MS = 20_000;
/** A process that used less CPU time between two looks has nothing to do. */
const IDLE_CPU_MS = 400;

/** What V8's collector is asked for, once it is there to be called. */
type Collect = (options: { readonly type: "major"; readonly execution: "sync"; readonly flavor: "last-resort" }) => void;

/**
 * Keeps the memory of a process small: what V8 would keep for a heap that once was large. It collects old objects late, and the pages of
 * what was collected stay with the process, used or not, until a collection that is to reduce memory. By itself it makes such a one only in
 * a process that allocates little; and one that allocates nothing any more stays what it was under load (`--trace-memory-reducer` says
 * "high alloc"), and keeps its pages for good.
 */
export class ProcessMemory {
  readonly #cpuMs: () => number;
  readonly #collect: () => void;
  #lastMs: number;
  #wasBusy = false;

  constructor(cpuMs: () => number = cpuTimeMs, collect: () => void = collectAll) {
    this.#cpuMs = cpuMs;
    this.#collect = collect;
    this.#lastMs = cpuMs();
  }

  /** Looks after this process from now on, and does not keep it from ending. */
  static keepSmall(): void {
    for (const flag of COLLECTOR_FLAGS) setFlagsFromString(flag);
    const memory = new ProcessMemory();
    setInterval(() => memory.look(), LOOK_INTERVAL_MS).unref();
  }

  /** Collects if this process was busy before the last look and has not been since. */
  look(): void {
    const isBusy = this.#cpuMs() - this.#lastMs > IDLE_CPU_MS;
    if (this.#wasBusy && !isBusy) this.#collect();
    this.#wasBusy = isBusy;
    // What the collection took is no work.
    this.#lastMs = this.#cpuMs();
  }
}

function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let collect: Collect | undefined;

/** Collects everything there is to collect, and gives all free pages back to the system. */
export function collectAll(): void {
  if (collect === undefined) {
    // Of the ways to ask V8, this is the only one that gives pages back.
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
    setFlagsFromString("--no-expose-gc");
  }
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
