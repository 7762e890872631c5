import { Connection } from "./Connection.ts";
import type { MeasuredServer } from "./servers.ts";
import type { Sample } from "./statistics.ts";
import { quantile } from "./statistics.ts";
import { usage } from "./processes.ts";

/** Does one piece of work on a connection and resolves with the bytes of bodies it carried. `index` counts the pieces of a round. */
export type Step = (connection: Connection, index: number) => Promise<number>;

/** How a round is run. */
export interface RoundPlan {
  readonly step: Step;
  /** Pieces of work under way at the same time, each on a connection of its own. */
  readonly inFlight: number;
  readonly seconds: number;
  /** No more pieces than this, for work that uses up what was prepared. */
  readonly most?: number;
}

/** Runs a closed loop: as soon as an answer is whole, its connection sends the next request. Throws what a step throws. */
export async function runRound(server: MeasuredServer, plan: RoundPlan): Promise<Sample> {
  const { host, port } = server.target;
  const connections = await Promise.all(Array.from({ length: plan.inFlight }, () => Connection.open(host, port)));
  try {
    return await measured(server, plan, connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function measured(server: MeasuredServer, plan: RoundPlan, connections: readonly Connection[]): Promise<Sample> {
  const most = plan.most ?? Infinity;
  const latencies: number[] = [];
  const cpuBefore = server.pid === undefined ? undefined : usage(server.pid).cpuSeconds;
  const allocatedBefore = server.process?.allocated;
  const clientBefore = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1000;
  let next = 0;
  let bytes = 0;
  const work = async (connection: Connection): Promise<void> => {
    let now = performance.now();
    while (next < most && (now < endsAt || next < connections.length)) {
      const carried = await plan.step(connection, next++);
      bytes += carried;
      const before = now;
      now = performance.now();
      latencies.push(now - before);
    }
  };
  await Promise.all(connections.map(work));
  const seconds = (performance.now() - startedAt) / 1000;
  const client = process.cpuUsage(clientBefore);
  const allocated = server.process?.allocated;
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: sorted.length,
    seconds,
    megabytes: bytes / 1e6,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    serverCpuSeconds: server.pid === undefined ? undefined : usage(server.pid).cpuSeconds - cpuBefore!,
    clientCpuSeconds: (client.user + client.system) / 1e6,
    allocated:
      allocated === undefined
        ? undefined
        : {
            bytes: allocated.bytes - allocatedBefore!.bytes,
            collections: allocated.collections - allocatedBefore!.collections,
          },
  };
}
