/**
 * `npm run soak`: does memory stay level under mixed load, and come back afterwards? Plays small objects, lists and large bodies at the same
 * time, looks every second at what each answering process has for itself, and fails above the goals. `--help` lists the options.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillServer, fillWideBulk } from "./buckets.ts";
import { OptionError, positive, runCommand, whole } from "./command.ts";
import { runRound } from "./load.ts";
import { answeringProcesses, ownMemoryMiB } from "./ownMemory.ts";
import { writeSection } from "./record.ts";
import type { Row } from "./rows.ts";
import { allRows } from "./rows.ts";
import type { MeasuredServer } from "./servers.ts";
import { startHoldfast, warm, withFolder } from "./servers.ts";
import { median } from "./statistics.ts";
import { figure, markdownTable, plainTable } from "./table.ts";

/** The rows played at the same time, and the connections each has: 48 in all. */
const CONNECTIONS: Readonly<Record<string, number>> = { "put-4k": 16, "get-4k": 16, "list-1000": 8, "put-64m": 4, "get-64m": 4 };
/** Keys of the bucket that is listed. */
const WIDE_KEYS = 20_000;
const SAMPLE_INTERVAL_MS = 1_000;
/** How long the idle server is watched. */
const REST_SECONDS = 60;

const GOAL_UNDER_LOAD_MIB = 180;
const GOAL_AFTERWARDS_MIB = 110;

const HELP = `npm run soak -- [options]

  --minutes N          how long the load lasts (default 15)
  --workers N          worker processes of the server (default 2)
  --under-load MIB     fails if a process has more for itself than this under load, the median of any minute (default ${GOAL_UNDER_LOAD_MIB})
  --afterwards MIB     fails if a process has more than this ${REST_SECONDS} seconds after the load (default ${GOAL_AFTERWARDS_MIB})
  --node-option TEXT   for the server, after its own; more than one may be given
  --record             writes the table of docs/performance.md
`;

interface SoakOptions {
  readonly minutes: number;
  readonly workers: number;
  readonly underLoadMiB: number;
  readonly afterwardsMiB: number;
  readonly nodeOptions: readonly string[];
  readonly record: boolean;
}

/** What was seen of the answering processes during a piece of time: of each, what it had for itself, second by second, in MiB. */
type Watched = ReadonlyMap<number, readonly number[]>;

function parseOptions(args: readonly string[]): SoakOptions | undefined {
  const values = parsed(args);
  if (values.help === true) return undefined;
  return {
    minutes: positive("minutes", values.minutes ?? "15"),
    workers: whole("workers", values.workers ?? "2"),
    underLoadMiB: positive("under-load", values["under-load"] ?? String(GOAL_UNDER_LOAD_MIB)),
    afterwardsMiB: positive("afterwards", values.afterwards ?? String(GOAL_AFTERWARDS_MIB)),
    nodeOptions: values["node-option"] ?? [],
    record: values.record === true,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: text,
        workers: text,
        "under-load": text,
        afterwards: text,
        "node-option": { type: "string", multiple: true },
        record: flag,
        help: flag,
      },
    }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Looks at the answering processes once a second until `work` is done. */
async function watch(primary: number, work: () => Promise<unknown>): Promise<Watched> {
  const seen = new Map<number, number[]>();
  const look = (): void => {
    for (const pid of answeringProcesses(primary)) {
      const mebibytes = ownMemoryMiB(pid);
      if (mebibytes !== undefined) seen.set(pid, [...(seen.get(pid) ?? []), mebibytes]);
    }
  };
  const timer = setInterval(look, SAMPLE_INTERVAL_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return seen;
}

/** Plays every row at once, each over new connections, as clients come and go. Resolves with the requests per second. */
async function play(server: MeasuredServer, rows: readonly Row[], seconds: number): Promise<number> {
  const samples = await Promise.all(
    rows.map((row) => runRound(server, { step: row.on(server).step, inFlight: CONNECTIONS[row.id]!, seconds })),
  );
  return samples.reduce((sum, { requests, seconds: took }) => sum + requests / took, 0);
}

const peak = (values: readonly number[]): number => Math.max(...values);
const last = (values: readonly number[]): number => values.at(-1)!;

/** One line of the table: a figure of each process. */
function line(title: string, perSecond: number | undefined, watched: Watched): string[] {
  const each = (of: (values: readonly number[]) => number): string =>
    [...watched.values()].map((values) => figure(of(values))).join(", ");
  return [title, figure(perSecond), each(median), each(peak), each(last)];
}

async function soak(options: SoakOptions, folder: string): Promise<void> {
  const { minutes, workers, nodeOptions: flags } = options;
  const rows = allRows(WIDE_KEYS).filter(({ id }) => CONNECTIONS[id] !== undefined);
  const data = join(folder, "data");
  const plan = { name: "holdfast", data, durability: "synced", workers, processors: undefined, flags, hasWide: true } as const;
  await warm({ ...plan, data: join(folder, "warm") });
  await fillWideBulk(data, WIDE_KEYS, () => undefined);
  const server = await startHoldfast(plan);
  const lines: string[][] = [];
  const underLoad: Watched[] = [];
  const note = (title: string, perSecond: number | undefined, watched: Watched): void => {
    lines.push(line(title, perSecond, watched));
    process.stderr.write(`${lines.at(-1)!.join("  ")}\n`);
  };
  const watched = (work: () => Promise<unknown>): Promise<Watched> => watch(server.process.pid, work);
  try {
    note("started", undefined, await watched(async () => undefined));
    await fillServer(server, new Set(rows.flatMap(({ needs }) => needs)), WIDE_KEYS);
    for (let minute = 1; minute <= Math.ceil(minutes); minute += 1) {
      let perSecond = 0;
      const seconds = Math.min(minutes - minute + 1, 1) * 60;
      underLoad.push(await watched(async () => (perSecond = await play(server, rows, seconds))));
      note(`minute ${minute} of load`, perSecond, underLoad.at(-1)!);
    }
    const afterwards = await watched(() => new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1000)));
    note(`${REST_SECONDS} seconds of rest`, 0, afterwards);
    finish(options, lines, { underLoad, afterwards });
  } finally {
    await server.process.stop();
  }
}

/** Prints the table, and says with the exit code whether the goals were met. */
function finish(
  { underLoadMiB, afterwardsMiB, record }: SoakOptions,
  lines: readonly string[][],
  seen: { readonly underLoad: readonly Watched[]; readonly afterwards: Watched },
): void {
  const head = ["MiB of each process's own", "requests/s", "median", "peak", "at the end"];
  process.stdout.write(`\n${plainTable({ head, rows: lines })}`);
  const highest = Math.max(...seen.underLoad.flatMap((watched) => [...watched.values()].map(median)));
  const kept = Math.max(...[...seen.afterwards.values()].map(last));
  const isMet = highest <= underLoadMiB && kept <= afterwardsMiB;
  process.stdout.write(
    `At most ${figure(highest)} MiB under load, the median of a minute; the goal is ${underLoadMiB}. ` +
      `${figure(kept)} MiB after ${REST_SECONDS} seconds of rest; the goal is ${afterwardsMiB}.\n`,
  );
  process.exitCode = isMet ? 0 : 1;
  // The minutes in between are alike, or the goal is missed.
  if (record)
    writeSection("soak", markdownTable({ head, rows: lines.filter((_, index) => index < 2 || index >= lines.length - 2) }));
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await withFolder((folder) => soak(options, folder));
}

runCommand(main, HELP);
