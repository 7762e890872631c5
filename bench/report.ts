import type { Conditions } from "./baseline.ts";
import type { Series } from "./chart.ts";
import type { StartTimes } from "./starts.ts";
import type { Figures } from "./statistics.ts";
import type { Table } from "./table.ts";
import { figure, quotient, sizeText } from "./table.ts";
import type { Usage } from "./processes.ts";

/** A row of a run: what each server reached, by the server's name. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly inFlight: number;
  readonly servers: Readonly<Record<string, Figures>>;
  /** Holdfast's throughput as a share of each other server's, by that server's name: the median of the rounds' ratios. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** Memory of one server, of all its processes. */
export interface MemoryResult {
  readonly idle: Usage;
  /** Behind a second of GETs on as many connections as the table says. */
  readonly connected: Usage;
  /** Behind all rows. */
  readonly afterLoad: Usage;
}

/** Everything a run has found; this is what is written as JSON. */
export interface Results {
  readonly measuredAt: string;
  readonly node: string;
  readonly processors: string;
  readonly conditions: Conditions;
  readonly seconds: number;
  readonly rounds: number;
  readonly rows: readonly RowResult[];
  readonly memory: Readonly<Record<string, MemoryResult>>;
  readonly start: StartTimes;
  /** Throughput by concurrency, where the run measured it. */
  readonly lines?: readonly Series[];
}

/** More digits than a measurement has. */
const RATIO_DIGITS = 4;

/** Connections held open while memory is measured. */
export const MEMORY_CONNECTIONS = 256;

/** The main table: a line for each row and server. */
export function rowTable(rows: readonly RowResult[], main: string): Table {
  const lines = rows.flatMap((row) =>
    Object.entries(row.servers).map(([name, of]) => [
      name === main ? `${row.title} ×${row.inFlight}` : `  ${name}`,
      figure(of.perSecond) + (of.clientBound ? "*" : ""),
      figure(of.p50Ms),
      figure(of.p99Ms),
      of.megabytesPerSecond >= 1 ? figure(of.megabytesPerSecond) : "–",
      figure(of.cpuMicrosecondsPerRequest),
      sizeText(of.allocatedBytesPerRequest),
      name === main ? "" : figure(quotient(row.servers[main]?.perSecond, of.perSecond)),
    ]),
  );
  return { head: ["work ×in flight", "/s", "p50 ms", "p99 ms", "MB/s", "CPU µs", "allocated", `${main} ÷ it`], rows: lines };
}

/** What the columns of {@link rowTable} mean; every table is printed with it. */
export const ROW_NOTES = `"÷ it": requests a second of Holdfast as a multiple of that server's, the columns beside each other divided. CPU: user and system time of all
processes of the server, per request, from /proc (ticks of 10 ms). Allocated: bytes on the JavaScript heaps of the server's processes
per request, as V8's own collections count them (--trace-gc-nvp); buffers outside the heap are not in it; "–" where too few collections
came for a figure. *: this client ran out of CPU before the server did, so the server can do more.
`;

/** Names of the servers of other makers in a run, in its order. */
export function peersOf({ rows }: Results, main: string, floor: string): string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row.servers)));
  return [...names].filter((name) => name !== floor && name !== main && !name.startsWith(`${main} `));
}

/** A line for each row: what Holdfast reached, and each peer beside it. */
export function peerTable({ rows }: Results, main: string, peers: readonly string[]): Table {
  const lines = rows.map(({ title, inFlight, servers }) => {
    const own = servers[main]?.perSecond;
    const beside = peers.flatMap((name) => {
      const other = servers[name];
      return [figure(other?.perSecond) + (other?.clientBound === true ? "*" : ""), figure(quotient(own, other?.perSecond))];
    });
    return [`${title} ×${inFlight}`, figure(own), ...beside];
  });
  return { head: ["work ×in flight", `${main} /s`, ...peers.flatMap((name) => [`${name} /s`, `${main} ÷ it`])], rows: lines };
}

/** Memory and start times. */
export function otherTable(results: Results): Table {
  const memory = (used: Usage): string => `${figure(used.residentMiB)} (${figure(used.anonymousMiB)})`;
  const rows = Object.entries(results.memory).map(([name, of]) => [
    `${name}, MiB resident (without mapped files)`,
    memory(of.idle),
    memory(of.connected),
    memory(of.afterLoad),
  ]);
  return { head: ["memory of all processes", "idle", `${MEMORY_CONNECTIONS} connections`, "after all rows"], rows };
}

/** One line about starting. */
export function startText({ holdfastMs, floorMs, libraryMs, importMs, libraryStartMs }: StartTimes): string {
  return (
    `Start: node to listening ${figure(holdfastMs)} ms (raw node:http ${figure(floorMs)} ms); library: ${figure(libraryMs)} ms from node, ` +
    `of which import ${figure(importMs)} ms, start() ${figure(libraryStartMs)} ms.\n`
  );
}

/** What the baseline keeps of a run: every figure as a multiple of the floor's in the same run; more is better. */
export function ratiosOf(results: Results, main: string, floor: string): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const { id, ratios: measured, servers } of results.rows) {
    if (measured[floor] !== undefined) ratios[id] = measured[floor];
    const [own, other] = [servers[main]?.cpuMicrosecondsPerRequest, servers[floor]?.cpuMicrosecondsPerRequest];
    if (own !== undefined && other !== undefined) ratios[`${id} cpu`] = other / own;
  }
  const [own, other] = [results.memory[main], results.memory[floor]];
  if (own !== undefined && other !== undefined) {
    ratios["memory-idle"] = other.idle.residentMiB / own.idle.residentMiB;
    ratios["memory-connected"] = other.connected.residentMiB / own.connected.residentMiB;
  }
  ratios["start"] = results.start.floorMs / results.start.holdfastMs;
  ratios["start-library"] = results.start.floorMs / results.start.libraryMs;
  return Object.fromEntries(Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toPrecision(RATIO_DIGITS))]));
}
