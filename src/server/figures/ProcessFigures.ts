import type { BlobStatistics } from "../../store/blobs/BlobEngine.ts";
import type { MetricsSnapshot } from "./RequestMetrics.ts";

/** What a process has counted since it began, as plain numbers that can be sent to another. */
export interface ProcessFigures {
  readonly requests: MetricsSnapshot;
  /** What its blob engine has counted. */
  readonly blobs: BlobStatistics;
}

/** Blobs of several processes together. */
export function sumOfBlobs(all: readonly BlobStatistics[]): BlobStatistics {
  return {
    blobs: all.reduce((sum, { blobs }) => sum + blobs, 0),
    sizeBytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
