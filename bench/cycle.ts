import type { Step } from "./load.ts";
import type { RequestPlan } from "./requests.ts";
import { prepare } from "./requests.ts";
import type { MeasuredServer } from "./servers.ts";

/** Takes prepared requests in an order that is the same in every run and looks like none: prime to every count used here. */
const STRIDE = 7_919;

/**
 * A step that sends prepared requests in turn. Throws when one is not answered with the status, or with an error
 * inside a 200.
 */
export function cycle(server: MeasuredServer, count: number, plan: (index: number) => RequestPlan, status = 200): Step {
  const now = new Date();
  const requests = Array.from({ length: count }, (_, index) => prepare(server.target, plan((index * STRIDE) % count), now));
  return async (connection, index) => {
    const request = requests[index % count]!;
    const answer = await connection.send(request);
    if (answer.status !== status || (status === 200 && answer.body.includes("<Error>"))) {
      throw new Error(`${server.name}: ${plan(0).method} answered ${answer.status} instead of ${status}: ${answer.body}`);
    }
    return request.body.reduce((sum, piece) => sum + piece.length, answer.bodySizeBytes);
  };
}
