import type { BlobStatistics } from "../../store/blobs/BlobEngine.ts";
import type { Store } from "../../store/Store.ts";
import type { RequestProcess } from "../RequestProcess.ts";
import type { ProcessUse } from "./ProcessUse.ts";
import { processUse } from "./ProcessUse.ts";
import type { MetricsSnapshot } from "./RequestMetrics.ts";

/** What a process has counted since it began, as plain numbers that can be sent to another. */
export interface ProcessFigures {
  readonly requests: MetricsSnapshot;
  /** What its blob engine has counted. */
  readonly blobs: BlobStatistics;
  /** Records of requests that never came into the journal. */
  readonly journalDropped: number;
  /** `undefined` for processes that are no more. */
  readonly use: ProcessUse | undefined;
}

/** The figures of this process, which answers requests on a store; the first one if nobody says otherwise. */
export async function ownFigures(
  running: Pick<RequestProcess, "metrics" | "journal">,
  store: Pick<Store, "blobs">,
): Promise<ProcessFigures> {
  return {
    requests: running.metrics(),
    blobs: await store.blobs.statistics(),
    journalDropped: running.journal.dropped ?? 0,
    use: processUse(FIRST_PROCESS),
  };
}

/** The name of a server's first process. */
export const FIRST_PROCESS = "main";

/** Blobs of several processes together. */
export function sumOfBlobs(all: readonly BlobStatistics[]): BlobStatistics {
  return {
    blobs: all.reduce((sum, { blobs }) => sum + blobs, 0),
    sizeBytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
