/** A step of a request: what happened, when, and facts about it. Never a secret. */
export interface JournalStep {
  readonly atMs: number;
  readonly step: string;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
}

/** What is kept of a request that has something to tell: one that was refused, failed, or took an unusual way. */
export interface JournalEntry {
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly method: string;
  readonly target: string;
  /** Who sent it, as far as that was known when the first step was noted. */
  readonly accessKeyId: string | undefined;
  readonly steps: JournalStep[];
}

/** Requests remembered by each process. */
const JOURNAL_CAPACITY = 4_096;

/** What happened to the latest of these requests in this process: a ring, so that memory stays bounded. Others cost nothing. */
export class Journal {
  readonly #ring: (JournalEntry | undefined)[];
  #next = 0;

  constructor(capacity: number = JOURNAL_CAPACITY) {
    this.#ring = Array.from({ length: capacity });
  }

  /** Enters a request; the oldest one is forgotten. */
  enter(entry: JournalEntry): void {
    this.#ring[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#ring.length;
  }

  /** What is remembered of a request. */
  find(requestId: string): JournalEntry | undefined {
    return this.#ring.find((entry) => entry?.requestId === requestId);
  }
}
