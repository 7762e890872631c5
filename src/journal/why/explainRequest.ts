import type { RequestRecord } from "../RequestRecord.ts";
import type { Explained } from "./Explained.ts";

/** What helps to explain a request. */
export interface ExplainOptions {
  /**
   * What the client signed by its own account: its canonical request or its string to sign, told apart by their form. It is compared with the
   * server's line by line. Line ends of Windows and empty lines at the end do not count.
   */
  readonly canonical?: string;
}

/** Explains a request from its record and the catalogue of errors alone. A function of its arguments. */
export function explainRequest(record: RequestRecord, _options: ExplainOptions = {}): Explained {
  const { requestId, hostId, atMs, method, target, remoteAddress, milliseconds } = record;
  return {
    requestId,
    hostId,
    asked: { atMs, method, target, remoteAddress },
    outcome: "done",
    why: [],
    change: [],
    stages: [],
    milliseconds,
  };
}
