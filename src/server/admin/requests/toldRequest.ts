import type { Explained } from "../../../journal/why/Explained.ts";
import type { RequestRecord } from "../../../journal/RequestRecord.ts";

/** What a request comes to, and that as text for people. */
export interface Told {
  readonly explained: Explained;
  readonly text: string;
}

/** Explains a request. What is known of errors is loaded for the first one that is asked about. */
export async function toldRequest(request: RequestRecord, options: { readonly canonical?: string } = {}): Promise<Told> {
  const [{ explainRequest }, { tell }] = await Promise.all([
    import("../../../journal/why/explainRequest.ts"),
    import("../../../journal/why/tell.ts"),
  ]);
  const found = explainRequest(request, options);
  return { explained: found, text: tell(found) };
}
