/** For so long is waited for records of requests that are answered. */
const MAX_WAIT_MS = 1_000;

/** A request that is not recorded yet. */
export interface RequestUnderWay {
  /** Whether its client may have all of the answer. */
  readonly isAnswered: boolean;
}

/**
 * The requests of a process that are not recorded yet. A client may have all of an answer before this side knows that it has ended: who asks
 * then for its record is to find it.
 */
export class RequestsUnderWay {
  readonly #requests = new Set<RequestUnderWay>();
  readonly #waits = new Set<(request: RequestUnderWay) => void>();

  /** One has begun. */
  add(request: RequestUnderWay): void {
    this.#requests.add(request);
  }

  /** One has been recorded. */
  delete(request: RequestUnderWay): void {
    this.#requests.delete(request);
    for (const wait of this.#waits) wait(request);
  }

  /** Resolves once those are recorded that are answered now; after a second at the latest, for a client may take its time to go. */
  async recorded(): Promise<void> {
    const answered = new Set([...this.#requests].filter((request) => request.isAnswered));
    if (answered.size === 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waits.delete(wait);
        resolve();
      };
      const wait = (request: RequestUnderWay): void => {
        answered.delete(request);
        if (answered.size === 0) end();
      };
      const timer = setTimeout(end, MAX_WAIT_MS);
      this.#waits.add(wait);
    });
  }
}
