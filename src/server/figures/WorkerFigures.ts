import type { ProcessFigures } from "./ProcessFigures.ts";
import { sumOfBlobs } from "./ProcessFigures.ts";
import type { MetricsSnapshot, OperationCounts } from "./RequestMetrics.ts";

/** The figures of worker processes together. What a worker counted stays counted when it has died, as far as it has told. */
export class WorkerFigures<Worker> {
  readonly #latest = new Map<Worker, ProcessFigures>();
  /** The number of each worker's place, from 1; who replaces a worker gets its place. */
  readonly #places = new Map<Worker, number>();
  #departed: ProcessFigures | undefined;

  /** Takes note of what a worker has counted since it began. */
  hear(worker: Worker, figures: ProcessFigures): void {
    if (!this.#places.has(worker)) this.#places.set(worker, this.#freePlace());
    this.#latest.set(worker, figures);
  }

  /** A worker has ended. */
  leave(worker: Worker): void {
    const last = this.#latest.get(worker);
    this.#latest.delete(worker);
    this.#places.delete(worker);
    if (last === undefined) return;
    // Nobody answers any more what it had under way.
    const ended = { ...last, requests: { ...last.requests, underWay: 0 }, use: undefined };
    this.#departed = this.#departed === undefined ? ended : sum(this.#departed, ended);
  }

  /** The figures of each worker, by name, and of those that are no more. */
  all(): ProcessFigures[] {
    const present = [...this.#latest].map(([worker, figures]) => {
      const name = `worker-${this.#places.get(worker)}`;
      return { ...figures, use: figures.use === undefined ? undefined : { ...figures.use, name } };
    });
    return [...present, ...(this.#departed === undefined ? [] : [this.#departed])];
  }

  #freePlace(): number {
    const taken = new Set(this.#places.values());
    let place = 1;
    while (taken.has(place)) place += 1;
    return place;
  }
}

function sum(a: ProcessFigures, b: ProcessFigures): ProcessFigures {
  return {
    requests: sumOfRequests(a.requests, b.requests),
    blobs: sumOfBlobs([a.blobs, b.blobs]),
    journalDropped: a.journalDropped + b.journalDropped,
    use: undefined,
  };
}

function sumOfRequests(a: MetricsSnapshot, b: MetricsSnapshot): MetricsSnapshot {
  return {
    answers: merged(a.answers, b.answers, (x, y) => x + y),
    errors: merged(a.errors, b.errors, (x, y) => x + y),
    operations: merged(a.operations, b.operations, sumOfCounts),
    receivedSizeBytes: a.receivedSizeBytes + b.receivedSizeBytes,
    sentSizeBytes: a.sentSizeBytes + b.sentSizeBytes,
    underWay: a.underWay + b.underWay,
    failures: a.failures + b.failures,
    logLines: {
      delivered: a.logLines.delivered + b.logLines.delivered,
      dropped: a.logLines.dropped + b.logLines.dropped,
    },
  };
}

function sumOfCounts(a: OperationCounts, b: OperationCounts): OperationCounts {
  return {
    durationSeconds: a.durationSeconds + b.durationSeconds,
    latencies: a.latencies.map((count, index) => count + b.latencies[index]!),
  };
}

function merged<Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  add: (x: Value, y: Value) => Value,
): Record<string, Value> {
  const all = { ...a };
  for (const [name, value] of Object.entries(b)) all[name] = all[name] === undefined ? value : add(all[name], value);
  return all;
}
