import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time in ticks of this many per second. */
const CLOCK_TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_TICK = 1_000_000 / CLOCK_TICKS_PER_SECOND;
const START_TIMEOUT_MS = 30_000;

/** CPU time (user and system, in microseconds) and resident memory (in MiB) of a process and all its descendants. */
export function usage(pid: number): { readonly cpuMicroseconds: number; readonly residentMiB: number } {
  let ticks = 0;
  let residentKiB = 0;
  for (const member of family(pid)) {
    const fields = statFields(member);
    if (fields === undefined) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    residentKiB += residentOf(member);
  }
  return { cpuMicroseconds: ticks * MICROSECONDS_PER_TICK, residentMiB: residentKiB / 1024 };
}

/** Starts a Node program on processor `cpu` and waits until its output holds `ready`. */
export async function startNode(
  args: readonly string[],
  options: { cpu: number; env: NodeJS.ProcessEnv; ready: RegExp },
): Promise<ChildProcess> {
  const child = spawn("taskset", ["-c", String(options.cpu), process.execPath, ...args], {
    env: options.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${args.join(" ")}\n${output}`)), START_TIMEOUT_MS);
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (!options.ready.test(output)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${args.join(" ")}\n${output}`)));
  });
  return child;
}

/** Ends a child and waits for it. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : undefined;
    if (fields === undefined) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const members = [pid];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
}

/** The fields of /proc/PID/stat behind the command name: state, parent, … */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // The process has ended meanwhile.
  }
}

function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
