import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { WriteLockHolder } from "../WriteLockHolder.ts";

/** A lock that is held this long for one commit is worth a word. */
const HELD_LONG_MS = 1_000;
/** How often the lock is looked at while somebody watches. */
const WATCH_INTERVAL_MS = 200;
/** How often the lock is looked at while somebody waits for it. */
const WAIT_INTERVAL_MS = 20;

const FILE_NAME = "lock.mdb";
const FILE_MODE = 0o600;

/**
 * What is read of LMDB's lock file: its beginning, which holds the number of the last commit and, in a line of the processor's cache of
 * its own, the mutex of writers as the C library lays it out. A robust mutex names the thread that holds it: the kernel itself reads it
 * there when that thread dies.
 */
const READ_SIZE_BYTES = 192;
const COMMIT_OFFSET_BYTES = 8;
/** Where the mutex may be: behind that of readers, which has 40 bytes, or 48 with glibc on ARM. */
const MUTEX_OFFSETS_BYTES = [64, 128];
/** glibc: the lock word first, the kind in the fifth place; a mutex that is shared and robust is of this kind. */
const GLIBC_KIND_OFFSET_BYTES = 16;
const GLIBC_KIND = 0x90;
/** musl: the kind first, the lock word second. */
const MUSL_LOCK_OFFSET_BYTES = 4;
const MUSL_KIND = 0x84;
/** The bits of a lock word that are the thread's number; the others say that somebody waits, and that the holder died. */
const THREAD_ID_MASK = 0x3fff_ffff;

/** One look at the lock while it was held. */
interface Sight {
  readonly threadId: number;
  /** The last commit before the one it is held for. */
  readonly commit: bigint;
  /** By the clock of the watch. */
  readonly sinceMs: number;
}

/**
 * Watches LMDB's write lock from outside: without taking it, who holds it and for how long. On other systems than Linux it sees nothing.
 *
 * A process gives back all locks on a file as soon as it closes it, however often it has it open, and LMDB has one on this file while
 * it uses it: `close` must come after LMDB's own.
 */
export class WriteLockWatch {
  readonly #path: string;
  readonly #file: number;
  readonly #onHeld: ((holder: WriteLockHolder) => void) | undefined;
  readonly #clock: { now(): number };
  readonly #bytes = Buffer.alloc(READ_SIZE_BYTES);
  #sight: Sight | undefined;
  #saidAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `path` is the folder of the index. `onHeld` hears once a second of a holder that has the lock for longer than a second. */
  constructor(path: string, onHeld?: (holder: WriteLockHolder) => void, clock: { now(): number } = performance) {
    this.#path = join(path, FILE_NAME);
    this.#file = openSync(this.#path, "a+", FILE_MODE);
    this.#onHeld = onHeld;
    this.#clock = clock;
  }

  /** Resolves as soon as the lock is free, or is seen to go from hand to hand: then whoever wants it need not wait long. */
  async untilMoving(): Promise<void> {
    const first = this.#look();
    while (first !== undefined && this.#look() === first) {
      this.#say();
      await delay(WAIT_INTERVAL_MS);
    }
  }

  /** Goes on watching beside everything else. */
  start(): void {
    if (this.#onHeld === undefined) return;
    this.#timer = setInterval(() => {
      this.#look();
      this.#say();
    }, WATCH_INTERVAL_MS).unref();
  }

  /** Ends the watch. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    closeSync(this.#file);
  }

  /** Who holds the lock now. */
  holder(): WriteLockHolder | undefined {
    const sight = this.#look();
    if (sight === undefined) return undefined;
    const heldMs = Math.round(this.#clock.now() - sight.sinceMs);
    return { ...processOf(sight.threadId, this.#path), heldMs, isHolding: () => this.#look() === sight };
  }

  #say(): void {
    const nowMs = this.#clock.now();
    if (this.#sight === undefined || nowMs - this.#sight.sinceMs < HELD_LONG_MS || nowMs - this.#saidAtMs < HELD_LONG_MS) return;
    this.#saidAtMs = nowMs;
    const holder = this.holder();
    if (holder !== undefined) this.#onHeld?.(holder);
  }

  /** Who holds the lock; the same object for as long as it is held for the same commit. */
  #look(): Sight | undefined {
    if (this.#closed) return undefined;
    const threadId = readSync(this.#file, this.#bytes, 0, READ_SIZE_BYTES, 0) < READ_SIZE_BYTES ? 0 : holderIn(this.#bytes);
    const commit = this.#bytes.readBigUInt64LE(COMMIT_OFFSET_BYTES);
    if (threadId === 0) this.#sight = undefined;
    else if (this.#sight?.threadId !== threadId || this.#sight.commit !== commit)
      this.#sight = { threadId, commit, sinceMs: this.#clock.now() };
    return this.#sight;
  }
}

/** The thread that holds the lock; 0 for none, and where the mutex has a form that is not known. */
function holderIn(bytes: Buffer): number {
  if (process.platform !== "linux") return 0;
  for (const offset of MUTEX_OFFSETS_BYTES) {
    if (bytes.readUInt32LE(offset + GLIBC_KIND_OFFSET_BYTES) === GLIBC_KIND) return bytes.readUInt32LE(offset) & THREAD_ID_MASK;
    if (bytes.readUInt32LE(offset) === MUSL_KIND) return bytes.readUInt32LE(offset + MUSL_LOCK_OFFSET_BYTES) & THREAD_ID_MASK;
  }
  return 0;
}

/** The process of a thread, if it has the file open: else the number is one of another container's. */
function processOf(threadId: number, path: string): Pick<WriteLockHolder, "pid" | "program" | "stopped"> {
  try {
    const status = readFileSync(`/proc/${threadId}/status`, "utf8");
    const pid = Number(/^Tgid:\s*(\d+)$/m.exec(status)?.[1]);
    if (!hasOpen(pid, path)) return UNSEEN;
    const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const script = args.find((arg) => !arg.startsWith("-")) ?? "";
    const stopped = /^State:\s*[tT]/m.test(status);
    return { pid, program: `${basename(program)} ${basename(script)}`.trim(), stopped };
  } catch {
    return UNSEEN;
  }
}

const UNSEEN = { pid: undefined, program: undefined, stopped: false };

function hasOpen(pid: number, path: string): boolean {
  const file = statSync(path);
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    const open = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
    return open?.ino === file.ino && open.dev === file.dev;
  });
}
