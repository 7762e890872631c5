import { readdirSync, readFileSync } from "node:fs";

/** What the command line of a worker process names. */
const WORKER_MODULE = "workerMain";

/**
 * Memory that a process has for itself, in MiB; `undefined` when it has ended, or where the system does not say. Pages of files are not in
 * it: LMDB maps the index, whose pages are the system's to take back and belong to all who map it, even while only one does, and every Node
 * shares one program.
 */
export function ownMemoryMiB(pid: number): number | undefined {
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`)) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** The processes of a server that answer requests: its workers, or itself if it has none. */
export function answeringProcesses(primary: number): number[] {
  const workers = childrenOf(primary).filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(WORKER_MODULE));
  return workers.length === 0 ? [primary] : workers;
}

/** How many files a process has open; 0 when it has ended. */
export function openFileCount(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number));
  } catch {
    return []; // It has ended.
  }
}

/** A process may end at any moment: then it says nothing any more. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
