/**
 * One result for all who ask within some milliseconds of when it was begun, and for all who ask while it is made: however many ask, and
 * however long it takes, it is made once at a time. A failure is shared as well.
 */
export function sharedResult<Result>(
  make: () => Promise<Result>,
  lifetimeMs: number,
  now: () => number = () => performance.now(),
): () => Promise<Result> {
  let latest: Promise<Result> | undefined;
  let begunAtMs = 0;
  let isMaking = false;
  return () => {
    if (latest !== undefined && (isMaking || now() - begunAtMs < lifetimeMs)) return latest;
    begunAtMs = now();
    isMaking = true;
    return (latest = make().finally(() => (isMaking = false)));
  };
}
