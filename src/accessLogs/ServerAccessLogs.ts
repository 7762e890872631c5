import type { BucketLogging } from "../store/buckets/logging.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Store } from "../store/Store.ts";
import { deliverLog } from "./deliverLog.ts";
import type { LogEntry } from "./logLine.ts";
import { logLine } from "./logLine.ts";
import type { LogBatch } from "./LogQueue.ts";
import { LogQueue, MAX_LOG_SIZE_BYTES, nameOfPlace, placeOf } from "./LogQueue.ts";

/** Lines of all buckets together that wait in one process; what comes beyond is dropped. */
export const MAX_WAITING_SIZE_BYTES: number = 16 * 1024 * 1024;

/** Lines that could not be delivered as often as this are dropped. */
export const MAX_DELIVERY_TRIES = 3;

/** When a process ends, it delivers what waits for at most so long. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Lines that left a process. */
export interface LogLineCounts {
  readonly delivered: number;
  readonly dropped: number;
}

/** Hears of what the operator may want to do something about. */
export type Warn = (facts: Readonly<Record<string, unknown>>, what: string) => void;

/**
 * The server access logs of one process: lines of requests that wait for their delivery, bucket by bucket, and their delivery. Best effort, as
 * on S3: what waits when the process is killed is lost. Never throws, and holds up no request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export class ServerAccessLogs {
  readonly store: Store;
  readonly #warn: Warn;
  readonly #queues = new Map<string, LogQueue>();
  #waitingSizeBytes = 0;
  #delivered = 0;
  #dropped = 0;
  /** Lines dropped for want of room since the last warning. */
  #overflown = 0;
  #round: Promise<void> | undefined;
  #closing = false;
  #closed = false;

  constructor(store: Store, warn: Warn) {
    this.store = store;
    this.#warn = warn;
  }

  /** Of all buckets together. */
  get counts(): LogLineCounts {
    return { delivered: this.#delivered, dropped: this.#dropped };
  }

  /** Adds a line to the log of a bucket whose requests are logged. */
  add(source: BucketRecord, logging: BucketLogging, entry: LogEntry): void {
    const line = logLine(entry);
    if (this.#closed || this.#waitingSizeBytes + line.length > MAX_WAITING_SIZE_BYTES) {
      this.#dropped += 1;
      this.#overflown += 1;
      return;
    }
    const place = placeOf(source, logging, entry.timeMs);
    const name = nameOfPlace(place);
    let queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, (queue = new LogQueue(place)));
    queue.place = place;
    queue.add(line);
    this.#waitingSizeBytes += line.length;
    if (queue.isDue) void this.#deliver(name, queue, MAX_LOG_SIZE_BYTES);
  }

  /** Delivers what waits, bucket by bucket; who asks while that goes on gets the end of it. */
  deliver(): Promise<void> {
    return (this.#round ??= this.#deliverAll().finally(() => (this.#round = undefined)));
  }

  /** Delivers what waits, each once more, and takes no further lines. */
  async close(): Promise<void> {
    this.#closing = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
    // What came behind the round under way goes with the next.
    await Promise.race([this.deliver().then(() => this.deliver()), late]);
    clearTimeout(timer);
    this.#closed = true;
    for (const queue of this.#queues.values()) {
      for (let batch = queue.next(); batch !== undefined; batch = queue.next()) {
        this.#drop(queue, batch, "the server stops, and the delivery took too long");
      }
    }
    this.#queues.clear();
  }

  async #deliverAll(): Promise<void> {
    for (const [name, queue] of [...this.#queues]) await this.#deliver(name, queue, queue.sizeBytes);
    if (this.#overflown === 0) return;
    this.#warn({ lines: this.#overflown }, "lines of server access logs were dropped: more came than could be delivered");
    this.#overflown = 0;
  }

  #deliver(name: string, queue: LogQueue, sizeBytes: number): Promise<void> {
    return (queue.delivering ??= this.#deliverQueue(queue, sizeBytes).finally(() => {
      queue.delivering = undefined;
      if (queue.isEmpty) this.#queues.delete(name);
    }));
  }

  /**
   * Delivers so much of a queue, object by object; what comes meanwhile waits, lest there be an object for every few lines. What cannot be
   * delivered, and all behind it, waits for the next round.
   */
  async #deliverQueue(queue: LogQueue, sizeBytes: number): Promise<void> {
    let left = sizeBytes;
    for (let batch = queue.next(); batch !== undefined && left > 0; batch = queue.next()) {
      left -= batch.sizeBytes;
      try {
        await deliverLog(this.store, { ...queue.place, bytes: Buffer.from(batch.lines.join(""), "latin1") });
      } catch (cause) {
        batch.tries += 1;
        if (batch.tries < MAX_DELIVERY_TRIES && !this.#closing) return;
        if (!this.#closed) this.#drop(queue, batch, cause);
        continue;
      }
      if (this.#closed) return;
      this.#delivered += batch.lines.length;
      this.#leave(queue, batch);
    }
  }

  #drop(queue: LogQueue, batch: LogBatch, why: unknown): void {
    const { source, logging } = queue.place;
    const reason = why instanceof Error ? why.message : String(why);
    const facts = { bucket: source.name, targetBucket: logging.targetBucket, lines: batch.lines.length, reason };
    this.#warn(facts, "server access logs could not be delivered and are dropped");
    this.#dropped += batch.lines.length;
    this.#leave(queue, batch);
  }

  #leave(queue: LogQueue, batch: LogBatch): void {
    this.#waitingSizeBytes -= batch.sizeBytes;
    queue.done();
  }
}
