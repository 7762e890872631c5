import type { Series } from "./chart.ts";
import type { Row } from "./rows.ts";
import { runRound } from "./load.ts";
import type { MeasuredServer } from "./servers.ts";
import { median } from "./statistics.ts";

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
const ROUNDS = 3;

/** Measures rows on servers at every concurrency from 1 to 256, interleaved: the lines of the chart. */
export async function sweep(rows: readonly Row[], servers: readonly MeasuredServer[], seconds: number): Promise<Series[]> {
  const lines = rows.flatMap((row) =>
    servers.map((server) => ({
      name: `${row.title}, ${server.name}`,
      server,
      work: row.on(server),
      rates: CONCURRENCIES.map((): number[] => []),
    })),
  );
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [index, inFlight] of CONCURRENCIES.entries()) {
      process.stderr.write(`chart, round ${round} of ${ROUNDS}: ${inFlight} in flight\n`);
      for (const { server, work, rates } of lines) {
        const sample = await runRound(server, { step: work.step, inFlight, seconds });
        rates[index]!.push(sample.requests / sample.seconds);
      }
    }
  }
  return lines.map(({ name, rates }) => ({
    name,
    points: rates.map((round, index) => [CONCURRENCIES[index]!, median(round)] as const),
  }));
}
