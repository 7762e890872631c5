const LINE_INTERVAL_MS = 1_000;

/** Prints a line a second, made by `line`, for as long as work takes; nothing for work that takes less than a second. */
export async function withProgress<Result>(line: () => string, work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => process.stderr.write(`${line()}\n`), LINE_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
