import { readFile } from "node:fs/promises";

/** States of processes that have ended, and wait to be asked about. */
const ENDED_STATES: ReadonlySet<string | undefined> = new Set(["Z", "X"]);
/** Behind the name in /proc/PID/stat: the state comes first, and when the process began, in ticks since the machine did, is the twentieth. */
const START_FIELD = 19;

/**
 * Names a process that runs: no other one, on no machine, ever has the same name. `undefined` when there is none, and where the system does
 * not tell: only Linux does.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The name of its program stands between brackets, and may hold brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return ENDED_STATES.has(fields[0]) ? undefined : `${boot.trim()}.${fields[START_FIELD]}`;
  } catch {
    return undefined;
  }
}
