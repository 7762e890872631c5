/** For so long is waited for records of requests that are answered. */
const MAX_WAIT_MS = 1_000;

/** A request that has begun. */
export interface RequestUnderWay {
  /** Whether its client may have all of the answer, and its record is still to be entered. */
  readonly awaitsRecord: boolean;
}

/**
 * The requests of a process that are not recorded yet. A client may have all of an answer before this side knows that it has ended: who asks
 * then for its record is to find it. Which they are is asked when somebody wants to know, of those who answer them: a list of their own, that each
 * request enters and leaves, would keep V8 from freeing them young.
 */
export class RequestsUnderWay {
  #all: () => Iterable<RequestUnderWay> = () => [];
  readonly #waits = new Set<(request: RequestUnderWay) => void>();

  /** Has `all` asked for the requests under way. */
  watch(all: () => Iterable<RequestUnderWay>): void {
    this.#all = all;
  }

  /** One has been recorded. */
  recordOf(request: RequestUnderWay): void {
    for (const wait of this.#waits) wait(request);
  }

  /** Resolves once those are recorded that are answered now; after a second at the latest, for a client may take its time to go. */
  async recorded(): Promise<void> {
    // A connection that has just ended is no more among those who are asked, and its request is recorded within this turn.
    await new Promise((resolve) => setImmediate(resolve));
    const answered = new Set([...this.#all()].filter((request) => request.awaitsRecord));
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
