import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Linux counts CPU time in ticks of this many per second. */
const CLOCK_TICKS_PER_SECOND = 100;
const START_TIMEOUT_MS = 60_000;
/** The state of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";
/** A line of `--trace-gc-nvp`: what was allocated since the collection before. */
const ALLOCATED = / allocated=(\d+) /g;

/** What a server and all its descendants have used so far. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** The part of it that is not a mapped file: LMDB's pages belong to the page cache. */
  readonly anonymousMiB: number;
}

/** CPU time (user and system) and memory of a process and all its descendants. */
export function usage(pid: number): Usage {
  let ticks = 0;
  let residentKiB = 0;
  let anonymousKiB = 0;
  for (const member of family(pid)) {
    const fields = statFields(member);
    const status = textOf(`/proc/${member}/status`);
    if (fields === undefined) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    residentKiB += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    anonymousKiB += Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }
  return {
    cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND,
    residentMiB: residentKiB / 1024,
    anonymousMiB: anonymousKiB / 1024,
  };
}

/** CPU time of a process's first thread alone: in Node, the one that runs JavaScript. */
export function mainThreadCpuSeconds(pid: number): number {
  const fields = statFields(`${pid}/task/${pid}`);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** The process that listens on a port of this machine, if it is one we may look into: a server measured beside ours. */
export function listenerOf(port: number): number | undefined {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((path) => textOf(path).split("\n"))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(hex) === true && fields[3] === LISTENING);
  const sockets = new Set(lines.map((fields) => `socket:[${fields[9]}]`));
  return processes().find((pid) => openFiles(pid).some((file) => sockets.has(file)));
}

/** A Node program under measurement. */
export class MeasuredProcess {
  readonly pid: number;
  /** What it had printed when it was ready. */
  readonly announcement: string;
  readonly startedInMs: number;
  readonly #child: ChildProcess;
  readonly #allocated = { bytes: 0, collections: 0 };

  private constructor(child: ChildProcess, announcement: string, startedInMs: number) {
    this.pid = child.pid!;
    this.announcement = announcement;
    this.startedInMs = startedInMs;
    this.#child = child;
    child.stdout!.on("data", (text: string) => this.#count(text));
  }

  /** Starts a Node program, on the processors given, and resolves once it has printed what matches `ready`. */
  static async start(
    args: readonly string[],
    options: { readonly processors: readonly number[] | undefined; readonly env?: NodeJS.ProcessEnv; readonly ready: RegExp },
  ): Promise<MeasuredProcess> {
    const command = [...pinning(options.processors), process.execPath, ...args];
    const startedAt = performance.now();
    const env = { ...process.env, ...options.env };
    const child = spawn(command[0]!, command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
    endWithUs(child);
    child.stderr.pipe(process.stderr, { end: false });
    child.stdout.setEncoding("utf8");
    let output = "";
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${what}: ${args.join(" ")}\n${output}`));
      const timer = setTimeout(() => fail("not ready in time"), START_TIMEOUT_MS);
      child.once("error", reject);
      child.once("exit", (code) => fail(`ended with ${code}`));
      child.stdout.on("data", (text: string) => {
        output += text;
        if (!options.ready.test(output)) return;
        clearTimeout(timer);
        child.stdout.removeAllListeners("data");
        resolve();
      });
    });
    return new MeasuredProcess(child, output, performance.now() - startedAt);
  }

  /** What `--trace-gc-nvp` has told of so far. */
  get allocated(): { readonly bytes: number; readonly collections: number } {
    return { ...this.#allocated };
  }

  /** Ends the program and waits for it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    // What a server says when it is asked to end is expected.
    this.#child.stderr!.unpipe().resume();
    this.#child.kill("SIGTERM");
    await ended;
  }

  /** A line cut in two by the pipe is lost to the count: one collection of many. */
  #count(text: string): void {
    for (const [, bytes] of text.matchAll(ALLOCATED)) {
      this.#allocated.bytes += Number(bytes);
      this.#allocated.collections += 1;
    }
  }
}

/** However this process ends, it leaves no server behind. */
function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
}

/** What stands before a command to keep it to processors. */
function pinning(processors: readonly number[] | undefined): string[] {
  return processors === undefined ? [] : ["taskset", "-c", processors.join(",")];
}

function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const member of processes()) {
    const parent = Number(statFields(member)?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), member]);
  }
  const members = [pid];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return []; // No /proc: not Linux.
  }
}

/** The fields of a process's or thread's stat file behind the command name: state, parent, … */
function statFields(task: number | string): string[] | undefined {
  const text = textOf(`/proc/${task}/stat`);
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return []; // Another user's process, or one that has ended.
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
