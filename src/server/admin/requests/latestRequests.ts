import type { RequestFilter, RequestSource } from "../../../journal/Journal.ts";
import type { RequestRecord } from "../../../journal/RequestRecord.ts";

/** How many records are looked at first, and how many times more with each further look. */
const FIRST_LOOK = 256;
const GROWTH = 4;

/**
 * The latest records that fit, as many as it takes for `isEnough`, or all: a journal is read from its end, and no further than it must. The
 * oldest comes first.
 */
export async function latestRequests(
  journal: RequestSource,
  filter: RequestFilter,
  isEnough: (records: readonly RequestRecord[]) => boolean,
): Promise<{ readonly records: readonly RequestRecord[]; readonly isAll: boolean }> {
  let before = -1;
  for (let limit = FIRST_LOOK; ; limit *= GROWTH) {
    const records = await journal.find({ ...filter, limit });
    // A journal may have a most of its own.
    const isAll = records.length < limit || records.length === before;
    if (isAll || isEnough(records)) return { records, isAll };
    before = records.length;
  }
}
