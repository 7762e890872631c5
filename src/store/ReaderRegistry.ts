/**
 * Who is still reading. The collector of dead blobs waits until every read that began before a blob died has ended, in every
 * worker process, so that a reader of an overwritten object gets all of it.
 */
export class ReaderRegistry {
  readonly #readers = new Set<{ readonly startedAtMs: number }>();

  /** Enters a reader; the returned function, called once at its end, takes it out again. */
  enter(startedAtMs: number): () => void {
    const reader = { startedAtMs };
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** When the oldest reader still at work began, in milliseconds since 1970; `undefined` without readers. */
  oldestStartedAtMs(): number | undefined {
    // Not the first that entered: a clock can be set back.
    let oldest: number | undefined;
    for (const { startedAtMs } of this.#readers) oldest = Math.min(startedAtMs, oldest ?? startedAtMs);
    return oldest;
  }
}
