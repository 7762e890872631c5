/** Time and chance as a machine has them. What retries takes them from here unless they are handed in. */

/** Milliseconds since 1970. */
export function systemNow(): number {
  return Date.now();
}

/** A number from 0 up to 1, without 1. */
export function systemRandom(): number {
  return Math.random();
}

/** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
export function systemSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
