import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";

/** A reaper that was ended is replaced after this long. */
const RESTART_DELAY_MS = 1_000;

/**
 * Reads lines of process ids until whoever writes them is gone, however that ended, and kills the processes of the last line. Signals of
 * a terminal go to every process of a group; this one outlives them.
 */
const SCRIPT = 'trap "" HUP INT QUIT TERM; while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids';

/**
 * Sees to it that no worker outlives the primary process, not even one that is stuck or stopped and hears of nothing: a small process
 * that waits for the primary's end. Where there is no shell, workers end only as they learn of that end themselves.
 */
export class Reaper {
  #child: ChildProcess;
  #pids: readonly number[] = [];
  #closed = false;

  constructor() {
    this.#child = this.#start();
  }

  /** The workers from now on. */
  watch(pids: readonly number[]): void {
    this.#pids = pids;
    this.#child.stdin?.write(`${pids.join(" ")}\n`);
  }

  /** Ends the watch; the workers have ended. */
  close(): void {
    this.#closed = true;
    this.watch([]);
    this.#child.stdin?.end();
  }

  #start(): ChildProcess {
    const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], env: {} });
    // Neither keeps the server from ending.
    child.unref();
    (child.stdin as Socket | null)?.unref();
    child.on("error", () => undefined);
    child.stdin?.on("error", () => undefined);
    child.once("exit", () => {
      if (!this.#closed) setTimeout(() => this.#restart(), RESTART_DELAY_MS).unref();
    });
    return child;
  }

  #restart(): void {
    if (this.#closed) return;
    this.#child = this.#start();
    this.watch(this.#pids);
  }
}
