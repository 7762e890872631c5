import type { RequestRecord } from "../RequestRecord.ts";
import type { FailedCondition } from "./Explained.ts";
import { lastFacts, text } from "./facts.ts";

/** The condition that a request made and that did not hold; `undefined` where its record has none. */
export function failedConditionOf(record: RequestRecord): FailedCondition | undefined {
  const facts = lastFacts(record, "condition");
  const header = text(facts?.["header"]);
  const sent = text(facts?.["sent"]);
  if (header === undefined || sent === undefined) return undefined;
  return { header, sent, found: text(facts?.["found"]) ?? null };
}

/** What a failed condition means, and what to do. */
export function explainCondition(
  { header, sent, found }: FailedCondition,
  { status, method }: RequestRecord,
): { readonly why: string; readonly change: readonly string[] } {
  const name = header.toLowerCase();
  const isOfSource = name.startsWith("x-amz-copy-source-");
  const whose = isOfSource ? "the source" : "the object";
  const what = name.endsWith("since") ? "time of last modification" : "ETag";
  const has = found === null ? "there is no object under this key" : `${whose}'s ${what} is ${found}`;
  const why = `The condition ${header}: ${sent} does not hold: ${has}.`;
  if (status === 304) return { why, change: ["Use the copy that the client has: it is the object as it is now."] };
  if (found === null)
    return { why, change: ["Look whether the key is right, or leave the condition out to write a new object."] };
  if (name.endsWith("none-match") && sent.trim() === "*")
    return {
      why,
      change: [
        "Read what is there and decide: somebody wrote it first, perhaps an earlier try of this very request whose answer was lost.",
        `To replace it, send If-Match: ${found} in place of If-None-Match.`,
      ],
    };
  const isRead = method === "GET" || method === "HEAD";
  const again =
    isRead || isOfSource ? "Begin anew with the object as it is now" : "Read the object again, decide anew, and write";
  return { why, change: [`${again}, with ${header}: ${found}.`] };
}
