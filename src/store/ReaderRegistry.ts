/**
 * Who is still reading. The collector of dead blobs waits until every read that began before a blob died has ended, in every
 * worker process, so that a reader of an overwritten object gets all of it.
 */
export class ReaderRegistry {
  readonly #startedAtMs = new Set<{ readonly startedAtMs: number }>();

  /** Enters a reader; the returned function, called once at its end, takes it out again. */
  enter(startedAtMs: number): () => void {
    const reader = { startedAtMs };
    this.#startedAtMs.add(reader);
    return () => void this.#startedAtMs.delete(reader);
  }

  /** When the oldest reader still at work began, in milliseconds since 1970; `undefined` without readers. */
  oldestStartedAtMs(): number | undefined {
    // A Set keeps the order of insertion, and time does not run backwards within a process: the first is the oldest.
    for (const reader of this.#startedAtMs) return reader.startedAtMs;
    return undefined;
  }
}
