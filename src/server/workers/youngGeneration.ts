/**
 * How much V8 lets short-lived objects gather before it collects them. Unbidden, this young generation grows under load to twice 64 MiB in
 * every process and stays there; twice 32 MiB cost no CPU time that can be measured, less does. See docs/performance.md.
 *
 * A process cannot bound its own: `npm start` passes the same option, and whoever runs a single process by other means can.
 */
export const MAX_SEMI_SPACE_SIZE_MIB = 16;

/** Options of Node for a worker process, from those this process was started with, which go before ours. */
export function workerExecArgv(given: readonly string[]): string[] {
  // Of an option that is there twice, V8 takes the last.
  return [`--max-semi-space-size=${MAX_SEMI_SPACE_SIZE_MIB}`, ...given];
}
