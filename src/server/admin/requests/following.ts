import { invalidArgument } from "../../../errors/invalidArgument.ts";
import { quoted } from "../../../errors/quoted.ts";
import type { S3Error } from "../../../errors/S3Error.ts";
import type { RequestRecord } from "../../../journal/RequestRecord.ts";
import { SYSTEM_TIME } from "../../limits/systemTime.ts";
import type { AdminCall } from "../AdminOperation.ts";
import { latestRequests } from "./latestRequests.ts";

/** The longest that a request waits for others. */
export const MAX_WAIT_MS = 30_000;
/** How often a request that waits looks: other processes tell nobody of what they answered. */
const LOOK_INTERVAL_MS = 200;

/**
 * The records behind the one of an id, as soon as one of them `isAsked` for, and at the latest after `waitMs`, or when the client has gone or
 * the server stops. Throws InvalidArgument where the journal does not have the one, or not any more: something would be missing.
 */
export async function recordsAfter(
  { service, life }: Pick<AdminCall, "service" | "life">,
  after: string,
  waitMs: number,
  isAsked: (record: RequestRecord) => boolean,
): Promise<readonly RequestRecord[]> {
  const placeOf = (records: readonly RequestRecord[]): number =>
    records.findIndex(({ requestId, hostId }) => requestId === after || hostId === after);
  const endsAt = performance.now() + waitMs;
  for (;;) {
    const { records } = await latestRequests(service.journal, {}, (found) => placeOf(found) >= 0);
    const place = placeOf(records);
    if (place < 0) throw forgotten(after);
    const behind = records.slice(place + 1);
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0 || behind.some(isAsked) || life.signal.aborted || service.stopping()) return behind;
    await SYSTEM_TIME.sleep(Math.min(LOOK_INTERVAL_MS, leftMs), life.signal);
  }
}

function forgotten(after: string): S3Error {
  return invalidArgument("after", after, {
    explanation: `The journal has no request ${quoted(after)}, or not any more, so nobody can say what came after it. Begin again without "after".`,
  });
}
