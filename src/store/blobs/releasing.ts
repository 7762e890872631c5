import type { Piece } from "../../protocol/Payload.ts";

/**
 * A stream over a generator that holds something open. `release` runs exactly once: when the stream ends, fails or is left early,
 * and also when it is left before its first chunk, where a generator's own `finally` would never run.
 */
export function releasing(
  generator: AsyncGenerator<Piece, void, undefined>,
  release: () => void | Promise<void>,
): AsyncIterableIterator<Piece, void> {
  let released = false;
  const end = async (): Promise<void> => {
    if (released) return;
    released = true;
    await release();
  };
  return {
    async next() {
      try {
        const item = await generator.next();
        if (item.done === true) await end();
        return item;
      } catch (error) {
        await end();
        throw error;
      }
    },
    async return() {
      // A generator queues this behind a `next` under way, so nothing is released while it is still being read.
      await generator.return();
      await end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
