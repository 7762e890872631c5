import type { RingContent } from "./RingContent.ts";

/** What a change of a ring comes to: its content from now on, and what whoever changed it wants to know. */
export interface RingChange<Result> {
  readonly content: RingContent;
  readonly result: Result;
}

/** Where a ring is kept: in memory, or in a file that other processes change as well. */
export interface Ring {
  /** As it was seen last; the same object until it is another content. */
  readonly content: RingContent;
  /** Looks whether others have changed it, before something is called missing. */
  look(): void;
  /** Changes the ring as it is now, one change after the other; the new content is kept for good when this resolves. Rejects with what `change` throws. */
  change<Result>(change: (content: RingContent) => RingChange<Result>): Promise<Result>;
}

/** A ring in memory. */
export class MemoryRing implements Ring {
  #content: RingContent;

  constructor(content: RingContent) {
    this.#content = content;
  }

  get content(): RingContent {
    return this.#content;
  }

  look(): void {}

  async change<Result>(change: (content: RingContent) => RingChange<Result>): Promise<Result> {
    const { content, result } = change(this.#content);
    this.#content = content;
    return result;
  }
}
