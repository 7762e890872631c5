import type { RequestRecord, RequestStory } from "./RequestRecord.ts";

/** A record without what clients choose the length of. */
const RECORD_SIZE_BYTES = 512;
/** A step, or a header, beside its texts. */
const ENTRY_SIZE_BYTES = 64;

/** Roughly what a record takes in memory, so that clients cannot choose how much all of them take. */
export function roughSize({ target, key, userAgent, story }: RequestRecord): number {
  const texts = target.length + (key?.length ?? 0) + (userAgent?.length ?? 0);
  return RECORD_SIZE_BYTES + texts + (story === undefined ? 0 : sizeOfStory(story));
}

function sizeOfStory({ headers, steps, error, canonicalRequest = "", stringToSign = "", stack = "" }: RequestStory): number {
  let size = canonicalRequest.length + stringToSign.length + stack.length;
  for (const [name, value] of headers) size += ENTRY_SIZE_BYTES + name.length + value.length;
  for (const [name, value] of error?.details ?? []) size += ENTRY_SIZE_BYTES + name.length + value.length;
  for (const { facts } of steps) size += ENTRY_SIZE_BYTES + (facts === undefined ? 0 : JSON.stringify(facts).length);
  return size + (error?.message.length ?? 0) + (error?.explanation?.length ?? 0);
}
