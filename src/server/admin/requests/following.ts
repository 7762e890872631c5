import { quoted } from "../../../errors/quoted.ts";
import { invalidArgument } from "../../../errors/invalidArgument.ts";
import type { RequestRecord } from "../../../journal/RequestRecord.ts";
import { SYSTEM_TIME } from "../../limits/systemTime.ts";
import type { AdminCall } from "../AdminOperation.ts";

/** The longest that a request waits for others. */
export const MAX_WAIT_MS = 30_000;
/** How often a request that waits looks: other processes tell nobody of what they answered. */
const LOOK_INTERVAL_MS = 200;

/**
 * The records behind the one of an id, as soon as one of them is `asked` for, and at the latest after `waitMs`, or when the client has gone or
 * the server stops. Throws InvalidArgument where the journal does not have the one, or not any more: something would be missing.
 */
export async function recordsAfter(
  { service, life }: Pick<AdminCall, "service" | "life">,
  after: string,
  waitMs: number,
  isAsked: (record: RequestRecord) => boolean,
): Promise<RequestRecord[]> {
  const endsAt = performance.now() + waitMs;
  for (;;) {
    const all = await service.journal.find({});
    const index = all.findIndex(({ requestId, hostId }) => requestId === after || hostId === after);
    if (index < 0) throw forgotten(after);
    const behind = all.slice(index + 1);
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0 || behind.some(isAsked) || life.signal.aborted || service.stopping()) return behind;
    await SYSTEM_TIME.sleep(Math.min(LOOK_INTERVAL_MS, leftMs), life.signal);
  }
}

function forgotten(after: string) {
  return invalidArgument("after", after, {
    explanation: `The journal has no request ${quoted(after)}, or not any more, so it cannot be said what came after it. Begin again without "after".`,
  });
}
