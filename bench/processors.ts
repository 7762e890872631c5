import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Who runs where: the measured servers on some processors, the client on another. */
export interface Processors {
  readonly servers: readonly number[] | undefined;
  /** One sentence for the reader of the figures. */
  readonly note: string;
}

/** The numbers in a list such as "0-2,5", which /proc/PID/status has of the processors a process may use. */
export function parseProcessorList(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}

/**
 * Moves this process to the last processor it may use and leaves the first ones, one for each worker, to the servers: a client must not
 * take time from what it measures. Without a second processor, or without `taskset`, everything runs everywhere, and the note says so.
 */
export function shareProcessors(workers: number): Processors {
  const all = parseProcessorList(/Cpus_allowed_list:\s*(\S+)/.exec(statusOfThisProcess())?.[1] ?? "");
  if (all.length < 2) return { servers: undefined, note: "Client and servers share one processor: read the CPU times only." };
  const client = all.at(-1)!;
  const servers = all.slice(0, Math.min(Math.max(workers, 1), all.length - 1));
  const moved = spawnSync("taskset", ["-a", "-p", "-c", String(client), String(process.pid)], { stdio: "ignore" });
  if (moved.status !== 0) return { servers: undefined, note: "Without taskset, client and servers compete for the processors." };
  return { servers, note: `Servers on processor ${servers.join(", ")}, client on processor ${client}.` };
}

function statusOfThisProcess(): string {
  try {
    return readFileSync("/proc/self/status", "latin1");
  } catch {
    return ""; // Not Linux.
  }
}
