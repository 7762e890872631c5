import { readdir } from "node:fs/promises";
import { openFilesLimit } from "../limits/connectionLimit.ts";

/** Files are counted again no sooner than this after the last count: with thousands of connections it takes milliseconds. */
const FILES_INTERVAL_MS = 10_000;
const MICROSECONDS_PER_SECOND = 1_000_000;
const MILLISECONDS_PER_SECOND = 1000;
/** What Linux shows of a process's open files; other systems do not have it. */
const OPEN_FILES_FOLDER = "/proc/self/fd";

/** What a process takes of the machine. */
export interface ProcessUse {
  /** "main" for the first process, "worker-1" and so on for workers: the place, which a replacement takes over. */
  readonly name: string;
  /** Memory that is its own or shared, as the system counts it. */
  readonly residentSizeBytes: number;
  /** Of that, JavaScript's objects. */
  readonly heapSizeBytes: number;
  /** Seconds of a processor since it began. */
  readonly cpuSeconds: number;
  /** When it began, in seconds since 1970. */
  readonly startedAtSeconds: number;
  /** Files, sockets and the like that it has open; `undefined` where the system does not say, and for the first moment. */
  readonly openFiles: number | undefined;
  /** So many it may have open, `Infinity` for no bound; `undefined` where the system does not say. */
  readonly maxOpenFiles: number | undefined;
}

let openFiles: number | undefined;
let filesCountedAtMs = Number.NEGATIVE_INFINITY;
let isCountingFiles = false;
let maxOpenFiles: number | undefined;

/**
 * What this process takes now. Never waits: a process is asked for this each second, to see whether it is alive, and must be able to say so
 * while all its disks are busy.
 */
export function processUse(name: string): ProcessUse {
  countFiles();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    name,
    residentSizeBytes: rss,
    heapSizeBytes: heapUsed,
    cpuSeconds: (user + system) / MICROSECONDS_PER_SECOND,
    startedAtSeconds: performance.timeOrigin / MILLISECONDS_PER_SECOND,
    openFiles,
    maxOpenFiles,
  };
}

function countFiles(): void {
  if (isCountingFiles || performance.now() - filesCountedAtMs < FILES_INTERVAL_MS) return;
  isCountingFiles = true;
  maxOpenFiles ??= openFilesLimit();
  void readdir(OPEN_FILES_FOLDER)
    .then(
      // One of them is the folder itself.
      (names) => (openFiles = names.length - 1),
      () => (openFiles = undefined),
    )
    .finally(() => {
      filesCountedAtMs = performance.now();
      isCountingFiles = false;
    });
}
