import { MAX_WAIT_MS } from "../../faults/actions.ts";
import { SYSTEM_TIME } from "../limits/systemTime.ts";
import type { Exchange } from "../requests/Exchange.ts";

/** How often those that wait look whether the server stops. */
const LOOK_INTERVAL_MS = 100;

/** Waits because a rule says so, for `MAX_WAIT_MS` at most; ends at once when the client has gone, and within a moment when the server stops. */
export async function faultWait({ service, life }: Exchange, waitMs: number): Promise<void> {
  const { signal } = life!;
  const endsAtMs = performance.now() + Math.min(waitMs, MAX_WAIT_MS);
  for (;;) {
    const restMs = endsAtMs - performance.now();
    if (restMs <= 0 || signal.aborted || service.stopping()) return;
    await SYSTEM_TIME.sleep(Math.min(restMs, LOOK_INTERVAL_MS), signal);
  }
}
