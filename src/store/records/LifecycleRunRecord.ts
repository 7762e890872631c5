import { integer, numberedNames, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { NumberedNames } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** What of a bucket lifecycle walks: current objects, then what lies below them, then uploads under way. */
export type LifecyclePhase = "current" | "noncurrent" | "uploads";

const PHASES: NumberedNames<LifecyclePhase> = numberedNames({ current: 1, noncurrent: 2, uploads: 3 });

/** The latest run of lifecycle over the store, and how far it has come; times in milliseconds since 1970, by S3's time. */
export interface LifecycleRunRecord {
  readonly startedAtMs: number;
  /** 0 for a run that is under way, or was cut short. */
  readonly endedAtMs: number;
  /** Where it goes on: with this key of this bucket. */
  readonly bucket: string;
  readonly phase: LifecyclePhase | undefined;
  readonly key: string;
}

const lifecycleRunCodec: Codec<LifecycleRunRecord, Buffer> = recordCodec<LifecycleRunRecord>(
  () => ({ startedAtMs: 0, endedAtMs: 0, bucket: "", phase: undefined, key: "" }),
  [integer(1, "startedAtMs"), integer(2, "endedAtMs", 0), text(3, "bucket", ""), oneOf(4, "phase", PHASES), text(5, "key", "")],
);

/** The one run of a store; without the row, lifecycle has never had anything to do. */
export const LIFECYCLE_RUN_ROW: Row<LifecycleRunRecord> = { key: namedKey(TABLES.lifecycleRuns, ""), codec: lifecycleRunCodec };

/** The same, for whoever looks at all records. */
export function lifecycleRuns(limit: number): Rows<LifecycleRunRecord> {
  return rowsIn(tableRange(TABLES.lifecycleRuns), limit, lifecycleRunCodec);
}
