/** Handles items in their order, so many at a time. The first error ends it, once what is under way has ended. */
export async function inParallel<Item>(
  items: Iterator<Item>,
  jobs: number,
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  let failed = false;
  const work = async (): Promise<void> => {
    for (let next = items.next(); next.done !== true && !failed; next = items.next()) {
      try {
        await handle(next.value);
      } catch (cause) {
        failed = true;
        throw cause;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: jobs }, work));
  const rejected = ends.find((end) => end.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
}
