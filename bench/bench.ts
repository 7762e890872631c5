/**
 * `npm run bench`: Holdfast beside raw `node:http`, and beside any other S3 server, in interleaved rounds of the same work. Read the
 * ratios: absolute figures belong to the machine. docs/performance.md tells how to repeat a run; `--help` lists the options.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "./baseline.ts";
import { comparisonText, readBaseline } from "./baseline.ts";
import type { Content } from "./buckets.ts";
import type { Series } from "./chart.ts";
import { fillServer, fillWideBulk } from "./buckets.ts";
import { runRound } from "./load.ts";
import { OptionError, runCommand } from "./command.ts";
import type { BenchOptions } from "./options.ts";
import { HELP, parseOptions } from "./options.ts";
import type { Processors } from "./processors.ts";
import { shareProcessors } from "./processors.ts";
import { usage } from "./processes.ts";
import { record } from "./record.ts";
import type { MemoryResult, Results, RowResult } from "./report.ts";
import { MEMORY_CONNECTIONS, otherTable, ratiosOf, ROW_NOTES, rowTable, startText } from "./report.ts";
import type { Row } from "./rows.ts";
import { allRows } from "./rows.ts";
import type { MeasuredServer } from "./servers.ts";
import { FLOOR, peer, startFloor, startHoldfast, warm, withFolder } from "./servers.ts";
import { measureStarts } from "./starts.ts";
import type { Sample } from "./statistics.ts";
import { ratioOf, summarise } from "./statistics.ts";
import { sweep } from "./sweep.ts";
import { plainTable } from "./table.ts";

const MAIN = "holdfast";
const BEFORE = "before";
/** The name of the same one without encryption. */
const PLAIN = "plain";
const SETTLE_MS = 1_000;
const MEMORY_ROW = "get-4k";
const CHART_ROWS: ReadonlySet<string> = new Set(["get-4k", "put-4k"]);

/** The rows asked for. Throws `OptionError` for a row there is not. */
function chosenRows(options: BenchOptions): readonly Row[] {
  const rows = allRows(options.keys);
  if (options.rows === undefined) return rows;
  const ids = new Set(["none", ...rows.map((row) => row.id)]);
  const unknown = options.rows.filter((id) => !ids.has(id));
  if (unknown.length > 0) throw new OptionError(`no row ${unknown.join(", ")}; there are ${[...ids].join(", ")}`);
  return rows.filter((row) => options.rows!.includes(row.id));
}

/**
 * Starts one Holdfast for each durability setting, the first one on a wide bucket, the one to compare it with, which is filled as it is, and
 * the floor.
 */
async function startServers(
  options: BenchOptions,
  rows: readonly Row[],
  processors: Processors,
  folder: string,
): Promise<MeasuredServer[]> {
  const servers: MeasuredServer[] = [];
  const { workers, before } = options;
  const common = { workers, processors: processors.servers };
  await warm({ ...common, name: MAIN, data: join(folder, "warm"), durability: options.durabilities[0]! });
  for (const [index, durability] of options.durabilities.entries()) {
    const name = index === 0 ? MAIN : `${MAIN} ${durability}`;
    const data = join(folder, durability);
    const hasWide = index === 0 && before === undefined && !options.plain && rows.some((row) => row.needs.includes("wide"));
    if (hasWide) {
      process.stderr.write(`filling ${options.keys.toLocaleString("en")} keys to list, without HTTP\n`);
      await fillWideBulk(data, options.keys, () => undefined);
    }
    servers.push(await startHoldfast({ ...common, name, data, hasWide, durability }));
  }
  if (before !== undefined) {
    const other = { ...common, name: BEFORE, kind: "peer", checkout: before, durability: options.durabilities[0]! } as const;
    await warm({ ...other, data: join(folder, "warm before") });
    servers.push(await startHoldfast({ ...other, data: join(folder, BEFORE) }));
  }
  if (options.plain) {
    const args = ["--default-encryption", "off"];
    const plan = { ...common, name: PLAIN, kind: "peer", args, durability: options.durabilities[0]! } as const;
    servers.push(await startHoldfast({ ...plan, data: join(folder, PLAIN) }));
  }
  servers.push(await startFloor(processors.servers));
  return servers;
}

/** Servers with another durability setting do only what the setting changes. */
function takesPart(server: MeasuredServer, row: Row): boolean {
  return server.kind !== "holdfast" || server.name === MAIN || row.writes;
}

async function measureRows(
  rows: readonly Row[],
  servers: readonly MeasuredServer[],
  options: BenchOptions,
): Promise<RowResult[]> {
  const tasks = rows.map((row) => ({
    row,
    entries: servers
      .filter((server) => takesPart(server, row))
      .map((server) => ({ server, work: row.on(server), samples: [] as Sample[] })),
  }));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { row, entries } of tasks) {
      process.stderr.write(`round ${round} of ${options.rounds}: ${row.title}\n`);
      // Now the first one goes first, now the last: a disk or processor that tires is everybody's.
      for (const { server, work, samples } of round % 2 === 1 ? entries : entries.toReversed()) {
        await work.before?.();
        const { step, most } = work;
        const plan = { step, inFlight: row.inFlight, seconds: options.seconds };
        samples.push(await runRound(server, most === undefined ? plan : { ...plan, most }));
      }
    }
  }
  return tasks.map(({ row: { id, title, inFlight }, entries }) => {
    const ours = entries.find(({ server }) => server.name === MAIN)!.samples;
    const others = entries.filter(({ server }) => server.name !== MAIN);
    return {
      id,
      title,
      inFlight,
      servers: Object.fromEntries(entries.map(({ server, samples }) => [server.name, summarise(samples)])),
      ratios: Object.fromEntries(others.map(({ server, samples }) => [server.name, ratioOf(ours, samples)])),
    };
  });
}

/** Runs `work` between the measurements of memory. Servers whose processes cannot be seen are left out. */
async function withMemory<Result>(
  servers: readonly MeasuredServer[],
  fill: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly memory: Record<string, MemoryResult> }> {
  const seen = servers.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  const now = () => seen.map(({ pid }) => usage(pid));
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const idle = now();
  await fill();
  const row = allRows(1).find(({ id }) => id === MEMORY_ROW)!;
  for (const server of servers) await runRound(server, { step: row.on(server).step, inFlight: MEMORY_CONNECTIONS, seconds: 1 });
  const connected = now();
  const result = await work();
  const afterLoad = now();
  const entries = seen.map(
    ({ name }, index) => [name, { idle: idle[index]!, connected: connected[index]!, afterLoad: afterLoad[index]! }] as const,
  );
  return { result, memory: Object.fromEntries(entries) };
}

async function run(options: BenchOptions, folder: string): Promise<void> {
  const rows = chosenRows(options);
  const processors = shareProcessors(options.workers ?? 1);
  const durability = options.durabilities[0]!;
  const start = await measureStarts(processors.servers, durability, options.workers);
  const own = await startServers(options, rows, processors, folder);
  try {
    const servers = [...own, ...options.peers.map(({ name, url, ...keys }) => peer(name, url, keys))];
    const needed = new Set<Content>(["narrow", ...rows.flatMap((row) => row.needs)]);
    const fill = async (): Promise<void> => {
      for (const server of servers) await fillServer(server, needed, options.keys);
    };
    const { result, memory } = await withMemory(servers, fill, () => measureRows(rows, servers, options));
    const results: Results = {
      measuredAt: new Date().toISOString(),
      node: process.version,
      processors: processors.note,
      conditions: { durability, workers: options.workers ?? "default", keys: options.keys },
      seconds: options.seconds,
      rounds: options.rounds,
      rows: result,
      memory,
      start,
      ...(options.record ? { lines: await measureLines(options, own) } : {}),
    };
    finish(results, options);
    if (options.record) record(results, { main: MAIN, floor: FLOOR, baselinePath: options.baselinePath });
  } finally {
    for (const server of own) await server.process?.stop();
  }
}

/** The lines of the chart. */
async function measureLines(options: BenchOptions, own: readonly MeasuredServer[]): Promise<Series[]> {
  const compared = own.filter(({ kind, name }) => kind === "floor" || name === MAIN);
  const rows = allRows(options.keys).filter(({ id }) => CHART_ROWS.has(id));
  return await sweep(rows, compared, options.seconds);
}

/** Prints the results, keeps them, and says how they stand to the baseline. */
function finish(results: Results, options: BenchOptions): void {
  const { conditions, seconds, rounds, processors } = results;
  const compared: Baseline = { conditions, ratios: ratiosOf(results, MAIN, FLOOR) };
  process.stdout.write(
    `\nDurability ${conditions.durability}, ${conditions.workers} workers, Node ${results.node}; ${rounds} rounds of ${seconds} s. ${processors}\n\n` +
      (results.rows.length === 0 ? "" : `${plainTable(rowTable(results.rows, MAIN))}\n${ROW_NOTES}\n`) +
      `${plainTable(otherTable(results))}\n${startText(results.start)}\n` +
      comparisonText(readBaseline(options.baselinePath), compared),
  );
  writeFileSync(options.resultsPath, `${JSON.stringify({ ...results, ratios: compared.ratios }, undefined, 2)}\n`);
  process.stdout.write(`Results: ${options.resultsPath}\n`);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else if (options.from !== undefined) {
    const results = JSON.parse(readFileSync(options.from, "utf8")) as Results;
    record(results, { main: MAIN, floor: FLOOR, baselinePath: options.baselinePath });
  } else await withFolder((folder) => run(options, folder));
}

runCommand(main, HELP);
