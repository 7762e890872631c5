/**
 * In how many places at most the threads of a process look for native memory: the main thread has one, all others share the second. Unbidden,
 * glibc opens up to eight for each processor; what a thread gave back stays in its own, free and out of reach of the others, and V8's compilers
 * alone leave 30 MiB so. See docs/performance.md.
 */
const MAX_ARENAS = 2;

/**
 * What a worker process finds in its environment for its native memory, beside what is in this process's, which goes before it. A process cannot
 * tell itself: glibc reads it as the process starts, and `npm start` passes the same.
 * @see https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 */
export function nativeMemoryVariables(given: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return "MALLOC_ARENA_MAX" in given ? {} : { MALLOC_ARENA_MAX: String(MAX_ARENAS) };
}
