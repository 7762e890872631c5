import { Connection } from "./Connection.ts";
import type { RequestPlan } from "./requests.ts";
import { prepare } from "./requests.ts";
import type { MeasuredServer } from "./servers.ts";

/** Requests under way while something is filled. */
const IN_FLIGHT = 32;
const PROGRESS_INTERVAL_MS = 1_000;

/** Creates a bucket; one that is there already is good as well. */
export async function createBucket(server: MeasuredServer, name: string): Promise<void> {
  await sendAll(server, {
    what: `bucket ${name}`,
    count: 1,
    plan: () => ({ method: "PUT", path: `/${name}` }),
    accept: [200, 409],
  });
}

/** Many requests of one kind. */
export interface Fill {
  /** For the progress line. */
  readonly what: string;
  readonly count: number;
  readonly accept?: readonly number[];
  plan(index: number): RequestPlan;
}

/** Sends requests as fast as they are answered. Throws when one is not answered as accepted (200 unless said). */
export async function sendAll(server: MeasuredServer, { what, count, plan, accept = [200] }: Fill): Promise<void> {
  const now = new Date();
  let next = 0;
  let done = 0;
  const timer = setInterval(
    () => process.stderr.write(`${server.name}: ${what}: ${done.toLocaleString("en")} of ${count.toLocaleString("en")}\n`),
    PROGRESS_INTERVAL_MS,
  );
  const send = async (): Promise<void> => {
    const connection = await Connection.open(server.target.host, server.target.port);
    try {
      while (next < count) {
        const answer = await connection.send(prepare(server.target, plan(next++), now));
        if (!accept.includes(answer.status)) throw new Error(`${server.name}: ${what}: ${answer.status} ${answer.body}`);
        done += 1;
      }
    } finally {
      connection.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, send));
  } finally {
    clearInterval(timer);
  }
}
