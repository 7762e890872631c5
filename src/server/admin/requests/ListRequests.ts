import type { RequestRecord } from "../../../journal/RequestRecord.ts";
import { REQUESTS_ARN } from "../AdminOperation.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { listOf, object, reference, text } from "../description/schema.ts";
import { fits } from "../../../journal/fits.ts";
import { MAX_WAIT_MS, recordsAfter } from "./following.ts";
import { latestRequests } from "./latestRequests.ts";
import { FILTER_PARAMETERS, requestFilter } from "./requestFilter.ts";

/** Requests that one answer has at most. */
const MAX_REQUESTS = 1_000;
const DEFAULT_REQUESTS = 100;

/** Lists requests, or waits for further ones. */
export const ListRequests: AdminOperation = {
  name: "ListRequests",
  method: "GET",
  path: "/-/requests",
  summary: "Lists requests, in the order in which they ended; their stories are told one by one.",
  resource: REQUESTS_ARN,
  parameters: {
    ...FILTER_PARAMETERS,
    limit: {
      description: "The latest so many; behind `after`, the first so many.",
      schema: { type: "integer", minimum: 1, maximum: MAX_REQUESTS, default: DEFAULT_REQUESTS },
    },
    own: {
      description: "`true`: also the requests of this API, which are left out otherwise.",
      schema: { type: "string", enum: ["true", "false"], default: "false" },
    },
    after: {
      description: "The id of a request: only what ended after it. InvalidArgument once the journal does not have it any more.",
      schema: text(),
    },
    waitMs: {
      description:
        "With `after`: how long to wait for a request that fits, in milliseconds; the answer is an empty list if none came.",
      schema: { type: "integer", minimum: 0, maximum: MAX_WAIT_MS, default: 0 },
    },
  },
  answers: {
    description:
      "The requests. `last` is the id to go on after: of the last one that was looked at; not there in an empty journal.",
    schema: object({ requests: listOf(reference("RequestRecord")) }, { last: text() }),
  },
  errors: { InvalidArgument: "A parameter that is unknown, repeated, or not in its form." },
  async handle(call) {
    const { query, service } = call;
    const filter = requestFilter(query);
    const limit = query.wholeNumber("limit", 1, MAX_REQUESTS) ?? DEFAULT_REQUESTS;
    const isOwnAsked = query.word("own", ["true", "false"]) === "true";
    const after = query.text("after");
    const waitMs = query.wholeNumber("waitMs", 0, MAX_WAIT_MS) ?? 0;
    const isOthers = (record: RequestRecord): boolean => isOwnAsked || !isOwn(record);
    if (after !== undefined) {
      const isAsked = (record: RequestRecord): boolean => fits(record, filter) && isOthers(record);
      const behind = await recordsAfter(call, after, waitMs, isAsked);
      const found = behind.filter(isAsked);
      const shown = found.slice(0, limit);
      return answered(shown, found.length > limit ? shown.at(-1) : behind.at(-1), after);
    }
    // Before the others are looked for: where none of them fits, what ends meanwhile comes after this one.
    const [latest] = await service.journal.find({ limit: 1 });
    const { records } = await latestRequests(service.journal, filter, (found) => found.filter(isOthers).length >= limit);
    return answered(records.filter(isOthers).slice(-limit), records.at(-1) ?? latest);
  },
};

function answered(records: readonly RequestRecord[], lastSeen: RequestRecord | undefined, after?: string) {
  return { requests: records.map(withoutStory), last: lastSeen?.requestId ?? after };
}

/** Requests of the admin API: who follows would otherwise see their own questions, and ask again at once. */
function isOwn({ operation, target }: RequestRecord): boolean {
  return operation === undefined && target.startsWith("/-/");
}

/** A request without its story, which may be as long as many of them. */
function withoutStory({ story: _, ...record }: RequestRecord): RequestRecord {
  return record;
}
