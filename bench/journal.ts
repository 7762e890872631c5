/**
 * `npm run bench:journal`: what the journal adds to a request. Two servers, one that keeps a journal and one that keeps none, answer the same requests in
 * short rounds by turns; what a round of one takes more of the processors than that of the other is the journal's: making the record, the line, the
 * batch, and its writing. Linux only: CPU times come from /proc.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillServer } from "./buckets.ts";
import { OptionError, positive, runCommand } from "./command.ts";
import type { Step } from "./load.ts";
import { runRound } from "./load.ts";
import { mainThreadCpuSeconds } from "./processes.ts";
import { shareProcessors } from "./processors.ts";
import { allRows } from "./rows.ts";
import type { MeasuredServer } from "./servers.ts";
import { startHoldfast, withFolder } from "./servers.ts";
import { figure, plainTable } from "./table.ts";

const HELP = `npm run bench:journal -- [options]

  --seconds N      how long each round takes (default 2)
  --rounds N       rounds of each server for each kind of request (default 20)
`;
const ROWS: ReadonlySet<string> = new Set(["get-4k", "head-4k", "put-4k"]);
const SERVERS = [
  { name: "with", args: [] },
  { name: "without", args: ["--journal-size-bytes", "0"] },
] as const;

/** What a round took of the processors for each request, in microseconds: of the thread that runs JavaScript, and of all. */
interface Cost {
  readonly mainUs: number;
  readonly allUs: number;
}

async function costOf(server: MeasuredServer, step: Step, inFlight: number, seconds: number): Promise<Cost> {
  const pid = server.process!.pid;
  const before = mainThreadCpuSeconds(pid);
  const { requests, serverCpuSeconds } = await runRound(server, { step, inFlight, seconds });
  const mainUs = ((mainThreadCpuSeconds(pid) - before) * 1e6) / requests;
  return { mainUs, allUs: (serverCpuSeconds! * 1e6) / requests };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function run(seconds: number, rounds: number, folder: string): Promise<void> {
  const processors = shareProcessors(1).servers;
  const start = (name: string, args: readonly string[]): ReturnType<typeof startHoldfast> =>
    startHoldfast({ name, data: join(folder, name), durability: "written", workers: 1, processors, args, flags: [] });
  const servers = await Promise.all(SERVERS.map(({ name, args }) => start(name, args)));
  const rows: string[][] = [];
  try {
    for (const server of servers) await fillServer(server, new Set(["narrow"]), 0);
    for (const row of allRows(1).filter(({ id }) => ROWS.has(id))) {
      process.stderr.write(`${row.title}: ${rounds} rounds\n`);
      const steps = servers.map((server) => row.on(server).step);
      const costs: Cost[][] = servers.map(() => []);
      // The first round warms up.
      for (let round = -1; round < rounds; round += 1) {
        for (const [index, server] of servers.entries()) {
          const cost = await costOf(server, steps[index]!, row.inFlight, seconds);
          if (round >= 0) costs[index]!.push(cost);
        }
      }
      const [kept, none] = costs as [Cost[], Cost[]];
      const added = (of: (cost: Cost) => number): string =>
        figure(median(kept.map((cost, round) => of(cost) - of(none[round]!))));
      rows.push([
        `${row.title} ×${row.inFlight}`,
        figure(median(none.map(({ allUs }) => allUs))),
        added(({ mainUs }) => mainUs),
        added(({ allUs }) => allUs),
      ]);
    }
  } finally {
    for (const server of servers) await server.process.stop();
  }
  const head = [
    "µs of CPU time per request",
    "without journal",
    "the journal adds: main thread",
    "the journal adds: all threads",
  ];
  process.stdout.write(`\n${plainTable({ head, rows })}`);
}

async function main(): Promise<void> {
  let values;
  try {
    const options = { seconds: { type: "string" }, rounds: { type: "string" }, help: { type: "boolean" } } as const;
    values = parseArgs({ options }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help === true) return void process.stdout.write(HELP);
  const seconds = positive("seconds", values.seconds ?? "2");
  const rounds = positive("rounds", values.rounds ?? "20");
  await withFolder((folder) => run(seconds, rounds, folder));
}

runCommand(main, HELP);
