/** Requests each process works on at the same time. Each may hold a buffer or two: more would be paid for with everyone's memory. */
export const MAX_REQUESTS_UNDER_WAY = 4_096;

/** The places of a process for requests under way. Who finds none is turned away before any work is done. */
export class Places {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number = MAX_REQUESTS_UNDER_WAY) {
    this.#limit = limit;
  }

  /** Takes a place; false when there is none. */
  take(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken += 1;
    return true;
  }

  /** Gives a place back that was taken. */
  leave(): void {
    this.#taken -= 1;
  }
}
