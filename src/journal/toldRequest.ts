import type { RequestRecord } from "./RequestRecord.ts";
import type { Explained } from "./why/Explained.ts";

/** What a request comes to, and that as text for people. */
export interface ToldRequest {
  readonly explained: Explained;
  readonly text: string;
}

/**
 * Explains a request; `canonical` is what its client signed, where that is to be compared. What is known of errors is loaded for the first one
 * that is asked about: most processes never need it.
 */
export async function toldRequest(record: RequestRecord, canonical?: string): Promise<ToldRequest> {
  const [{ explainRequest }, { tell }] = await Promise.all([import("./why/explainRequest.ts"), import("./why/tell.ts")]);
  const explained = explainRequest(record, canonical === undefined ? {} : { canonical });
  return { explained, text: tell(explained) };
}
