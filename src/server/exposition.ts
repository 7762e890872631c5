import type { MetricsSnapshot } from "./RequestMetrics.ts";
import { LATENCY_BOUNDS_SECONDS } from "./RequestMetrics.ts";

/** Figures of the store, beside those of the requests. */
export interface StoreFigures {
  readonly metadataSizeBytes: number;
  readonly metadataEntries: number;
  readonly blobSizeBytes: number;
  readonly blobs: number;
}

/**
 * The figures of all processes in Prometheus' text format.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export async function exposition(processes: readonly MetricsSnapshot[], store: StoreFigures): Promise<string> {
  // Loaded at the first scrape: a server nobody scrapes never needs it.
  const { Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, value: number): void => new Gauge({ name, help, registers }).set(value);
  const answers = counter("holdfast_requests_total", "Requests by operation and status.", ["operation", "status"]);
  const errors = counter("holdfast_errors_total", "Answers by error code.", ["code"]);
  const received = counter("holdfast_received_bytes_total", "Bytes of request bodies.");
  const sent = counter("holdfast_sent_bytes_total", "Bytes of response bodies.");
  for (const figures of processes) {
    for (const [name, count] of Object.entries(figures.answers)) {
      const [operation = "", status = ""] = name.split(" ");
      answers.inc({ operation, status }, count);
    }
    for (const [code, count] of Object.entries(figures.errors)) errors.inc({ code }, count);
    received.inc(figures.receivedSizeBytes);
    sent.inc(figures.sentSizeBytes);
  }
  gauge(
    "holdfast_requests_under_way",
    "Requests that are being answered.",
    processes.reduce((sum, { underWay }) => sum + underWay, 0),
  );
  gauge("holdfast_metadata_bytes", "Bytes the index takes.", store.metadataSizeBytes);
  gauge("holdfast_metadata_entries", "Rows in the index.", store.metadataEntries);
  gauge("holdfast_blob_bytes", "Bytes of blobs.", store.blobSizeBytes);
  gauge("holdfast_blobs", "Blobs.", store.blobs);
  return (await registry.metrics()) + histogram(processes);
}

/** Latencies were counted in buckets already, which prom-client's histogram cannot take over. */
function histogram(processes: readonly MetricsSnapshot[]): string {
  const name = "holdfast_request_seconds";
  let text = `# HELP ${name} Time from a request's head to the end of its answer.\n# TYPE ${name} histogram\n`;
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
