/**
 * `npm run bench:stages`: where the time of one PUT and one GET of 4 KiB goes. Runs Holdfast under V8's sampling profiler and counts
 * every sample of the measured seconds for the room of the source it was in. Linux only: CPU times come from /proc. `--record` writes the table of docs/performance.md.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillServer } from "./buckets.ts";
import { OptionError, positive, runCommand } from "./command.ts";
import { runRound } from "./load.ts";
import { mainThreadCpuSeconds } from "./processes.ts";
import { shareProcessors } from "./processors.ts";
import type { CpuProfile } from "./profile.ts";
import { STAGES, stageTimes } from "./profile.ts";
import { writeSection } from "./record.ts";
import { allRows } from "./rows.ts";
import { startHoldfast, withFolder } from "./servers.ts";
import { figure, markdownTable, plainTable } from "./table.ts";

const HELP = `npm run bench:stages -- [options]

  --seconds N      how long each kind of request is measured (default 5)
  --record         writes the table of docs/performance.md
`;
const SAMPLE_INTERVAL_US = 200;
const ROWS: ReadonlySet<string> = new Set(["put-4k", "get-4k"]);

/** A kind of request while it was measured, on the clock that profiles use: microseconds since the machine started. */
interface Measured {
  readonly title: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly requests: number;
  /** CPU time of the thread that runs JavaScript, and of all threads; microseconds. */
  readonly mainCpuUs: number;
  readonly allCpuUs: number;
}

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Runs the rows one after the other on a profiled server and resolves with their times and the profile. */
async function measure(
  folder: string,
  seconds: number,
): Promise<{ readonly measured: Measured[]; readonly profile: CpuProfile }> {
  const processors = shareProcessors(1).servers;
  const flags = ["--cpu-prof", `--cpu-prof-interval=${SAMPLE_INTERVAL_US}`, `--cpu-prof-dir=${join(folder, "profile")}`];
  const data = join(folder, "data");
  const server = await startHoldfast({ name: "holdfast", data, durability: "synced", workers: 1, processors, flags });
  const measured: Measured[] = [];
  try {
    await fillServer(server, new Set(["narrow"]), 0);
    for (const row of allRows(1).filter(({ id }) => ROWS.has(id))) {
      process.stderr.write(`${row.title}: ${seconds} s\n`);
      const { step } = row.on(server);
      const mainBefore = mainThreadCpuSeconds(server.process.pid);
      const fromUs = nowUs();
      const { requests, serverCpuSeconds } = await runRound(server, { step, inFlight: row.inFlight, seconds });
      const toUs = nowUs();
      const mainCpuUs = (mainThreadCpuSeconds(server.process.pid) - mainBefore) * 1e6;
      measured.push({
        title: `${row.title} ×${row.inFlight}`,
        fromUs,
        toUs,
        requests,
        mainCpuUs,
        allCpuUs: serverCpuSeconds! * 1e6,
      });
    }
  } finally {
    await server.process.stop();
  }
  const file = readdirSync(join(folder, "profile")).find((name) => name.endsWith(".cpuprofile"))!;
  return { measured, profile: JSON.parse(readFileSync(join(folder, "profile", file), "utf8")) as CpuProfile };
}

async function run(seconds: number, record: boolean, folder: string): Promise<void> {
  const { measured, profile } = await measure(folder, seconds);
  const columns = measured.map(({ fromUs, toUs, requests, mainCpuUs, allCpuUs }) => {
    const times = stageTimes(profile, fromUs, toUs);
    const sampledUs = [...times.values()].reduce((sum, time) => sum + time, 0);
    // Samples say how the thread's time is shared out; how much it was, the system knows better.
    const perRequest = STAGES.map((stage) => (((times.get(stage) ?? 0) / sampledUs) * mainCpuUs) / requests);
    return [...perRequest, mainCpuUs / requests, (allCpuUs - mainCpuUs) / requests, allCpuUs / requests].map(figure);
  });
  const names = [...STAGES, "main thread, together", "other threads (commits, files, collections)", "all CPU time"];
  const table = {
    head: ["µs per request", ...measured.map(({ title }) => title)],
    rows: names.map((name, index) => [name, ...columns.map((column) => column[index]!)]),
  };
  process.stdout.write(`\n${plainTable(table)}`);
  if (record) writeSection("stages", markdownTable(table));
}

async function main(): Promise<void> {
  let values;
  try {
    values = parseArgs({
      options: { seconds: { type: "string" }, record: { type: "boolean" }, help: { type: "boolean" } },
    }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help === true) return void process.stdout.write(HELP);
  const seconds = positive("seconds", values.seconds ?? "5");
  await withFolder((folder) => run(seconds, values.record === true, folder));
}

runCommand(main, HELP);
