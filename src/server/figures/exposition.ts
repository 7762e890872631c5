import type { LogLineCounts } from "../../accessLogs/ServerAccessLogs.ts";
import type { BlobStatistics } from "../../store/blobs/BlobEngine.ts";
import type { LifecycleFigures } from "../../tasks/lifecycle/LifecycleRounds.ts";
import type { BucketCensus } from "../../tasks/bucketCensus.ts";
import { bucketFamilies } from "./bucketFamilies.ts";
import type { DiskFigures } from "./DiskSpace.ts";
import type { Samples } from "./families.ts";
import { family, heading, one } from "./families.ts";
import { buildFamily, diskFamilies, processFamilies } from "./machineFamilies.ts";
import type { ProcessFigures } from "./ProcessFigures.ts";
import type { ProcessUse } from "./ProcessUse.ts";
import type { MetricsSnapshot } from "./RequestMetrics.ts";
import { LATENCY_BOUNDS_SECONDS } from "./RequestMetrics.ts";

/** Figures of the store, beside those of the requests. */
export interface StoreFigures {
  readonly metadataSizeBytes: number;
  readonly metadataEntries: number;
  /** `undefined` until those that were there at the start have been counted. */
  readonly blobs: BlobStatistics | undefined;
  /** What lifecycle has done; not there before it runs. */
  readonly lifecycle?: { readonly figures: LifecycleFigures; readonly logLines: LogLineCounts } | undefined;
  readonly disks: readonly DiskFigures[];
  /** `undefined` until they have been counted. */
  readonly buckets: BucketCensus | undefined;
}

/** All that is told of a server. */
export interface ServerFigures {
  readonly version: string;
  /** Of Node, such as "24.1.0". */
  readonly node: string;
  /** Of the processes that answer requests, those that are no more among them. */
  readonly processes: readonly ProcessFigures[];
  /** A first process that answers none itself. */
  readonly primary?: ProcessUse | undefined;
  readonly store: StoreFigures;
}

/**
 * The figures of all processes in Prometheus' text format, version 0.0.4. Names of operations, statuses and codes are letters and digits, so that
 * nothing in a label needs escaping.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposition({ version, node, processes: all, primary, store }: ServerFigures): string {
  const processes = all.map(({ requests }) => requests);
  const answers = summed(processes, ({ answers: counts }) => counts, answerLabels);
  const errors = summed(processes, ({ errors: counts }) => counts, codeLabels);
  for (const code of WATCHED_CODES) errors.set(codeLabels(code), errors.get(codeLabels(code)) ?? 0);
  const sum = (figure: "receivedSizeBytes" | "sentSizeBytes" | "underWay" | "failures"): Samples =>
    new Map([["", processes.reduce((total, figures) => total + figures[figure], 0)]]);
  return [
    buildFamily({ version, node }),
    family("holdfast_requests_total", "counter", "Requests by operation and status.", answers),
    family("holdfast_errors_total", "counter", "Answers by error code.", errors),
    family(
      "holdfast_failures_total",
      "counter",
      "Requests that failed by the server's own fault; its log tells of each.",
      sum("failures"),
    ),
    family("holdfast_received_bytes_total", "counter", "Bytes of request bodies.", sum("receivedSizeBytes")),
    family("holdfast_sent_bytes_total", "counter", "Bytes of response bodies.", sum("sentSizeBytes")),
    family("holdfast_requests_under_way", "gauge", "Requests that are being answered.", sum("underWay")),
    family(
      "holdfast_server_access_log_lines_total",
      "counter",
      "Lines of server access logs by what became of them.",
      logLines([
        ...processes.map((figures) => figures.logLines),
        ...(store.lifecycle === undefined ? [] : [store.lifecycle.logLines]),
      ]),
    ),
    family(
      "holdfast_journal_records_dropped_total",
      "counter",
      "Records of requests that could not be written to the journal.",
      one(all.reduce((dropped, { journalDropped }) => dropped + journalDropped, 0)),
    ),
    ...processFamilies([primary, ...all.map(({ use }) => use)].filter((use) => use !== undefined)),
    ...diskFamilies(store.disks),
    family("holdfast_metadata_bytes", "gauge", "Bytes the index takes.", one(store.metadataSizeBytes)),
    family("holdfast_metadata_entries", "gauge", "Rows in the index.", one(store.metadataEntries)),
    ...(store.blobs === undefined
      ? []
      : [
          family("holdfast_blob_bytes", "gauge", "Bytes of the files of blobs.", one(store.blobs.sizeBytes)),
          family(
            "holdfast_blobs",
            "gauge",
            "Files of blobs: objects and parts that do not lie in the index.",
            one(store.blobs.blobs),
          ),
        ]),
    ...(store.buckets === undefined ? [] : bucketFamilies(store.buckets)),
    ...(store.lifecycle === undefined ? [] : lifecycle(store.lifecycle.figures)),
    histogram(processes),
  ].join("\n");
}

function logLines(counts: readonly LogLineCounts[]): Samples {
  const total = (outcome: "delivered" | "dropped"): number => counts.reduce((sum, lines) => sum + lines[outcome], 0);
  return new Map([
    ['{outcome="delivered"}', total("delivered")],
    ['{outcome="dropped"}', total("dropped")],
  ]);
}

const MILLISECONDS_PER_SECOND = 1000;

function lifecycle({ total, isRunning, endedAtMs }: LifecycleFigures): string[] {
  const actions = Object.entries(total.actions).map(([action, count]) => [`{action="${action}"}`, count] as const);
  return [
    family("holdfast_lifecycle_actions_total", "counter", "What lifecycle has done, by what it was.", new Map(actions)),
    family(
      "holdfast_lifecycle_looked_total",
      "counter",
      "Objects, versions and uploads that lifecycle has looked at.",
      one(total.looked),
    ),
    family("holdfast_lifecycle_failures_total", "counter", "What lifecycle could not do and tries again.", one(total.failed)),
    family("holdfast_lifecycle_running", "gauge", "1 while a run of lifecycle is under way.", one(isRunning ? 1 : 0)),
    ...(endedAtMs === undefined
      ? []
      : [
          family(
            "holdfast_lifecycle_ended_timestamp_seconds",
            "gauge",
            "When the latest run of lifecycle ended, by S3's time.",
            one(endedAtMs / MILLISECONDS_PER_SECOND),
          ),
        ]),
  ];
}

/** Told from the start, as 0: of a figure that appears as 1, nobody who watches sees that it grew. */
const WATCHED_CODES = ["InternalError", "ServiceUnavailable", "SlowDown"];

function codeLabels(code: string): string {
  return `{code="${code}"}`;
}

function answerLabels(name: string): string {
  const [operation, status] = name.split(" ");
  return `{operation="${operation}",status="${status}"}`;
}

/** Counts of all processes together, by label. */
function summed(
  processes: readonly MetricsSnapshot[],
  counts: (figures: MetricsSnapshot) => Readonly<Record<string, number>>,
  labels: (name: string) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const figures of processes) {
    for (const [name, count] of Object.entries(counts(figures))) {
      const label = labels(name);
      sums.set(label, (sums.get(label) ?? 0) + count);
    }
  }
  return sums;
}

function histogram(processes: readonly MetricsSnapshot[]): string {
  const name = "holdfast_request_seconds";
  let text = heading(name, "histogram", "Time from a request's head to the end of its answer.");
  for (const operation of new Set(processes.flatMap((figures) => Object.keys(figures.operations)))) {
    const all = processes.flatMap((figures) => figures.operations[operation] ?? []);
    let below = 0;
    for (const [index, bound] of [...LATENCY_BOUNDS_SECONDS, "+Inf"].entries()) {
      below += all.reduce((sum, counts) => sum + counts.latencies[index]!, 0);
      text += `${name}_bucket{operation="${operation}",le="${bound}"} ${below}\n`;
    }
    text += `${name}_sum{operation="${operation}"} ${all.reduce((sum, counts) => sum + counts.durationSeconds, 0)}\n`;
    text += `${name}_count{operation="${operation}"} ${below}\n`;
  }
  return text;
}
