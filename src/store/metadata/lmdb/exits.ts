import { writeSync } from "node:fs";
import { inspect } from "node:util";

/**
 * How a process ends while it commits.
 *
 * LMDB's write lock is taken on a thread of its own, which then waits for this process's JavaScript to decide. A process that exits first
 * waits for its threads: that thread would wait for JavaScript that never runs again, and keep the lock from everybody, for good. A process
 * that is killed leaves no thread: the kernel passes the lock on, and LMDB forgets what was not committed.
 */

const STANDARD_ERROR = 2;

/** Who waits for the lock, or has it and waits for JavaScript. */
const waiting = new Set<object>();
let isListening = false;
let uncaught: { readonly error: unknown } | undefined;

/** Says that from here on the process must not wait for its threads when it ends. */
export function forbidExit(waiter: object): void {
  waiting.add(waiter);
  if (isListening) return;
  // For good: to listen and to stop listening would cost each commit several microseconds.
  isListening = true;
  process.on("exit", endAtOnce);
  process.on("uncaughtExceptionMonitor", remember);
}

/** Says that the process may end as others do. */
export function allowExit(waiter: object): void {
  waiting.delete(waiter);
}

/** Node prints an exception behind the event "exit", which is too late here. */
function remember(error: unknown): void {
  uncaught = { error };
}

function endAtOnce(): void {
  if (waiting.size === 0) return;
  try {
    if (uncaught !== undefined) writeSync(STANDARD_ERROR, `Uncaught ${inspect(uncaught.error)}\n`);
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}
