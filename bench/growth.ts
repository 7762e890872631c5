import { cycle } from "./cycle.ts";
import { runRound } from "./load.ts";
import type { RequestPlan } from "./requests.ts";
import type { MeasuredServer } from "./servers.ts";
import type { Sample } from "./statistics.ts";
import { ratioOf, summarise } from "./statistics.ts";
import type { Table } from "./table.ts";
import { figure } from "./table.ts";

/** The same request on a small store and on a large one, in turn. */
export interface GrowthRow {
  readonly title: string;
  readonly inFlight: number;
  /** The request at one of several places of a store of this size. */
  plan(size: number, index: number): RequestPlan;
}

/** A server on a store of some size. */
export interface SizedServer {
  readonly server: MeasuredServer;
  readonly size: number;
}

/** How such rows are measured. */
export interface GrowthPlan {
  readonly seconds: number;
  readonly rounds: number;
  /** Most places of a store at which requests are made. */
  readonly places: number;
}

/** A row of the table of a small store and a large one. */
export async function measureGrowth(row: GrowthRow, stores: readonly SizedServer[], plan: GrowthPlan): Promise<string[]> {
  const steps = stores.map(({ server, size }) => cycle(server, Math.min(plan.places, size), (at) => row.plan(size, at)));
  const samples = stores.map((): Sample[] => []);
  for (let round = 1; round <= plan.rounds; round += 1) {
    process.stderr.write(`round ${round} of ${plan.rounds}: ${row.title}\n`);
    for (const [index, { server }] of stores.entries()) {
      const load = { step: steps[index]!, inFlight: row.inFlight, seconds: plan.seconds };
      samples[index]!.push(await runRound(server, load));
    }
  }
  const [small, large] = samples.map(summarise);
  return [
    `${row.title} ×${row.inFlight}, ms`,
    figure(small!.p50Ms),
    figure(large!.p50Ms),
    figure(ratioOf(samples[0]!, samples[1]!)),
    figure(small!.cpuMicrosecondsPerRequest),
    figure(large!.cpuMicrosecondsPerRequest),
    figure(quotient(large!.cpuMicrosecondsPerRequest, small!.cpuMicrosecondsPerRequest)),
  ];
}

/** The table of such rows; `things` is what the stores have so many of. */
export function growthTable(rows: string[][], things: string, sizes: readonly number[]): Table {
  const [small, large] = sizes.map((size) => size.toLocaleString("en"));
  return { head: ["", `${small} ${things}`, large!, "time ×", `CPU µs, ${small}`, large!, "CPU ×"], rows };
}

function quotient(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined ? undefined : value / by;
}
