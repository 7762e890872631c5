/** Upper bounds of the latency buckets, in seconds. */
export const LATENCY_BOUNDS_SECONDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
];

/** What is known of an answered request. */
export interface MeasuredRequest {
  /** The operation, or "none" when it never became known. */
  readonly operation: string;
  readonly status: number;
  /** The error code, if it was an error. */
  readonly errorCode: string | undefined;
  readonly durationSeconds: number;
  readonly receivedSizeBytes: number;
  readonly sentSizeBytes: number;
}

/** Counts of one operation. */
export interface OperationCounts {
  durationSeconds: number;
  /** One count for each bound of `LATENCY_BOUNDS_SECONDS`, and one for what is above all. */
  readonly latencies: number[];
}

/** The figures of one process, as plain numbers that can be sent to another. */
export interface MetricsSnapshot {
  /** "operation status" -> requests. */
  readonly answers: Record<string, number>;
  /** Error code -> requests. */
  readonly errors: Record<string, number>;
  readonly operations: Record<string, OperationCounts>;
  readonly receivedSizeBytes: number;
  readonly sentSizeBytes: number;
  readonly underWay: number;
  /** Requests that failed by the server's own fault. */
  readonly failures: number;
  /** Lines of server access logs that were delivered, and that were dropped. */
  readonly logLines: { readonly delivered: number; readonly dropped: number };
}

const NO_LOG_LINES: MetricsSnapshot["logLines"] = { delivered: 0, dropped: 0 };

/** Counts requests as they are answered. A few additions for each: cheap enough for every request. */
export class RequestMetrics {
  readonly #answers = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #operations = new Map<string, OperationCounts>();
  #receivedSizeBytes = 0;
  #sentSizeBytes = 0;
  #underWay = 0;
  #failures = 0;

  /** A request has begun. */
  begin(): void {
    this.#underWay += 1;
  }

  /** A request has failed in a way that the operator is told of. */
  fail(): void {
    this.#failures += 1;
  }

  /** A request has been answered, or its client has gone. */
  end(request: MeasuredRequest): void {
    this.#underWay -= 1;
    increase(this.#answers, `${request.operation} ${request.status}`);
    if (request.errorCode !== undefined) increase(this.#errors, request.errorCode);
    this.#receivedSizeBytes += request.receivedSizeBytes;
    this.#sentSizeBytes += request.sentSizeBytes;
    let counts = this.#operations.get(request.operation);
    if (counts === undefined) {
      counts = { durationSeconds: 0, latencies: Array.from({ length: LATENCY_BOUNDS_SECONDS.length + 1 }, () => 0) };
      this.#operations.set(request.operation, counts);
    }
    counts.durationSeconds += request.durationSeconds;
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS_SECONDS.length && request.durationSeconds > LATENCY_BOUNDS_SECONDS[bucket]!) bucket += 1;
    counts.latencies[bucket]! += 1;
  }

  /** The figures so far, with those of the server access logs. */
  snapshot(logLines: MetricsSnapshot["logLines"] = NO_LOG_LINES): MetricsSnapshot {
    return {
      answers: Object.fromEntries(this.#answers),
      errors: Object.fromEntries(this.#errors),
      operations: Object.fromEntries(this.#operations),
      receivedSizeBytes: this.#receivedSizeBytes,
      sentSizeBytes: this.#sentSizeBytes,
      underWay: this.#underWay,
      failures: this.#failures,
      logLines,
    };
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
