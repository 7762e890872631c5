/**
 * Gathers what comes up within one turn of the event loop and handles it together at the turn's end, which is at once when nothing else
 * comes. A request takes a long way through code that does not fit into a processor's caches. Handled one by one, between two reads from
 * sockets, each of them finds the caches cold; together they take every stretch of the way in a row, in less than half the time.
 */
export class Turns<Item> {
  readonly #handle: (item: Item) => void;
  #waiting: Item[] = [];

  constructor(handle: (item: Item) => void) {
    this.#handle = handle;
  }

  /** Has an item handled at the end of this turn; in the order in which they came. */
  add(item: Item): void {
    if (this.#waiting.push(item) === 1) setImmediate(() => this.#end());
  }

  #end(): void {
    const items = this.#waiting;
    this.#waiting = [];
    for (const item of items) this.#handle(item);
  }
}
