import type { RequestFilter, RequestSource } from "../journal/Journal.ts";
import type { RequestRecord } from "../journal/RequestRecord.ts";
import { toldRequest } from "../journal/toldRequest.ts";
import type { Explained } from "../journal/why/Explained.ts";

/** Every member of a filter, so that a misspelt one is no filter that lets everything through. */
const MEMBERS: { readonly [Name in keyof Required<RequestFilter>]: true } = {
  id: true,
  operations: true,
  bucket: true,
  key: true,
  prefix: true,
  method: true,
  caller: true,
  status: true,
  errorCode: true,
  fault: true,
  fromMs: true,
  untilMs: true,
  limit: true,
};

/** The records that fit, in the order in which requests ended. Throws `TypeError` for a filter that has another member. */
export async function findRequests(journal: RequestSource, filter: RequestFilter): Promise<RequestRecord[]> {
  for (const name of Object.keys(filter)) {
    if (!Object.hasOwn(MEMBERS, name)) {
      throw new TypeError(`requests() knows no filter "${name}"; it knows ${Object.keys(MEMBERS).join(", ")}.`);
    }
  }
  return journal.find(filter);
}

/** What became of a request, and that as text for people. */
export type ToldRequest = Explained & { readonly text: string };

/** Explains the request of an id, be it either of the two. Throws `Error` where the journal does not have it. */
export async function whyRequest(journal: RequestSource, id: string, canonical: string | undefined): Promise<ToldRequest> {
  const [record] = await journal.find({ id, limit: 1 });
  if (record === undefined)
    throw new Error(`The journal has no request "${id}": it never came to this server, or was forgotten.`);
  const { explained, text } = await toldRequest(record, canonical);
  return { ...explained, text };
}
