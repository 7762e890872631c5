import type { BucketLogging } from "../store/buckets/logging.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import { dayOfLog } from "./logKey.ts";

/** A log becomes an object when its lines come to this, before its time. */
export const MAX_LOG_SIZE_BYTES: number = 1024 * 1024;

/** Lines that are to become one object. */
export interface LogBatch {
  readonly lines: readonly string[];
  readonly sizeBytes: number;
  /** How often it could not be delivered. */
  tries: number;
}

/** Where a line belongs: lines of the same place go into the same objects. */
export interface LogPlace {
  readonly source: BucketRecord;
  readonly logging: BucketLogging;
  /** As `dayOfLog` says. */
  readonly dayMs: number | undefined;
}

/** The place of a line about a request of this time. */
export function placeOf(source: BucketRecord, logging: BucketLogging, timeMs: number): LogPlace {
  return { source, logging, dayMs: dayOfLog(logging, timeMs) };
}

/** The name of a place: that of another one differs. Grants do not count, for what was said of them last holds. */
export function nameOfPlace({ source, logging: { targetBucket, targetPrefix, keyFormat }, dayMs }: LogPlace): string {
  return JSON.stringify([source.id, targetBucket, keyFormat, dayMs, targetPrefix]);
}

/** Lines of one place that wait for their delivery, in the order in which they came. */
export class LogQueue {
  /** As the latest line has it. */
  place: LogPlace;
  /** What is being delivered now. */
  delivering: Promise<void> | undefined;
  #lines: string[] = [];
  #sizeBytes = 0;
  #batch: LogBatch | undefined;

  constructor(place: LogPlace) {
    this.place = place;
  }

  /** Of all its lines. */
  get sizeBytes(): number {
    return this.#sizeBytes + (this.#batch?.sizeBytes ?? 0);
  }

  get isEmpty(): boolean {
    return this.#batch === undefined && this.#lines.length === 0;
  }

  /** True when there is enough for an object, and nothing that could not be delivered stands in its way. */
  get isDue(): boolean {
    return this.#batch === undefined && this.#sizeBytes >= MAX_LOG_SIZE_BYTES;
  }

  /** Adds a line, of which each character is a byte. */
  add(line: string): void {
    this.#lines.push(line);
    this.#sizeBytes += line.length;
  }

  /** What is to be delivered next: the same again until it is `done`. `undefined` for an empty queue. */
  next(): LogBatch | undefined {
    if (this.#batch !== undefined || this.#lines.length === 0) return this.#batch;
    let sizeBytes = 0;
    let count = 0;
    while (count < this.#lines.length && sizeBytes < MAX_LOG_SIZE_BYTES) sizeBytes += this.#lines[count++]!.length;
    const rest = this.#lines.splice(count);
    this.#batch = { lines: this.#lines, sizeBytes, tries: 0 };
    this.#lines = rest;
    this.#sizeBytes -= sizeBytes;
    return this.#batch;
  }

  /** The batch is delivered, or given up. */
  done(): void {
    this.#batch = undefined;
  }
}
