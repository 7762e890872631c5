import { readdirSync, readFileSync } from "node:fs";

/** What a server may need beyond what it needed before, whatever the size of what it moves. */
export const LARGEST_GROWTH_BYTES: number = 64 * 1024 * 1024;

const SAMPLE_INTERVAL_MS = 50;

/** Resident memory of the server's processes, in bytes. */
function residentBytes(root: number): number {
  const members = [root];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === root) members.push(Number(name));
    } catch {
      // The process ended meanwhile.
    }
  }
  return members.reduce(
    (sum, pid) => sum + 1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]),
    0,
  );
}

/** Runs work and tells by how much the server's own memory (file mappings aside) rose above where it began. */
export async function growth(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentBytes(pid);
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, residentBytes(pid))), SAMPLE_INTERVAL_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return highest - before;
}
