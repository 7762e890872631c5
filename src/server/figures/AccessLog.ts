import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import type { RequestRecord } from "../../journal/RequestRecord.ts";

/** Lines wait together for this long, or until there are this many characters of them. */
const FLUSH_INTERVAL_MS = 1_000;
const FLUSH_SIZE_CHARACTERS = 64 * 1024;
/** When the disk does not keep up, lines are dropped beyond this, and counted. */
const MAX_WAITING_CHARACTERS: number = 16 * 1024 * 1024;

const FILE_MODE = 0o600;

/**
 * A line of the access log, of what the journal keeps of the request: names, bounds and masks are those of `RequestRecord`. Where something is not
 * known, or there is none, the name is left out. docs/logs.md says what each is.
 */
export interface AccessLogEntry extends Pick<
  RequestRecord,
  | "requestId"
  | "remoteAddress"
  | "caller"
  | "accessKeyId"
  | "method"
  | "host"
  | "target"
  | "operation"
  | "bucket"
  | "key"
  | "versionId"
  | "status"
  | "errorCode"
  | "receivedSizeBytes"
  | "sentSizeBytes"
  | "objectSizeBytes"
  | "milliseconds"
  | "userAgent"
> {
  /** When its head had been read: ISO 8601 with milliseconds, of real time. */
  readonly time: string;
  /** From the last byte of the request to the first of the answer; not there where the answer began before the request had ended. */
  readonly turnAroundMilliseconds: number | undefined;
}

/** A line for a request that has ended. The order of its names is that of the table in docs/logs.md. */
export function accessLogEntry(record: RequestRecord, turnAroundMs: number | undefined): AccessLogEntry {
  return {
    time: new Date(record.atMs).toISOString(),
    requestId: record.requestId,
    remoteAddress: record.remoteAddress,
    caller: record.caller,
    accessKeyId: record.accessKeyId,
    method: record.method,
    host: record.host,
    target: record.target,
    operation: record.operation,
    bucket: record.bucket,
    key: record.key,
    versionId: record.versionId,
    status: record.status,
    errorCode: record.errorCode,
    receivedSizeBytes: record.receivedSizeBytes,
    sentSizeBytes: record.sentSizeBytes,
    objectSizeBytes: record.objectSizeBytes,
    milliseconds: rounded(record.milliseconds),
    turnAroundMilliseconds: turnAroundMs === undefined ? undefined : rounded(turnAroundMs),
    userAgent: record.userAgent,
  };
}

/** Microseconds are enough. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/**
 * A file with a line of JSON for every answered request, written in batches so that requests do not wait for it. What cannot be written,
 * for want of room for instance, waits for better times. Several processes may have the same file: a batch is whole lines, and one write
 * to the end of the file.
 */
export class AccessLog {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #waiting = "";
  #dropped = 0;
  /** What is being written, or could not be: whole lines. */
  #batch: Buffer = NOTHING;
  /** How much of it the file has taken. */
  #written = 0;
  #file: FileHandle | undefined;
  #writing: Promise<unknown> | undefined;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => this.#flush(), FLUSH_INTERVAL_MS).unref();
  }

  /** Adds a line. */
  write(entry: AccessLogEntry): void {
    if (this.#waiting.length > MAX_WAITING_CHARACTERS) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += `${JSON.stringify(entry)}\n`;
    if (this.#waiting.length >= FLUSH_SIZE_CHARACTERS) this.#flush();
  }

  /**
   * Opens the file anew, by its name, for who has moved it away. The lines that wait go to the old one; those that it does not take go to the
   * new one, the line that it has a part of among them.
   */
  async reopen(): Promise<void> {
    if (this.#closed) return;
    while (this.#writing !== undefined) await this.#writing;
    // Who flushes meanwhile finds that somebody writes.
    await (this.#writing = this.#moveOn().then(() => (this.#writing = undefined)));
  }

  async #moveOn(): Promise<void> {
    await this.#writeAll();
    const file = this.#file;
    this.#file = undefined;
    this.#batch = this.#batch.subarray(lineStart(this.#batch, this.#written));
    this.#written = 0;
    await file?.close().catch(() => undefined);
  }

  /** Writes what waits, if it can be written, and closes the file. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed = true;
    await this.#writing;
    await this.#writeAll();
    await this.#file?.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#batch.length > 0 || this.#waiting !== "") if (!(await this.#writeNext())) return;
  }

  /** Writes what waits, unless the file has not taken yet what it was given before. */
  #flush(): void {
    if (this.#closed || this.#writing !== undefined) return;
    this.#writing = this.#writeNext().then(() => (this.#writing = undefined));
  }

  /** Writes what is left of the last batch, or the next one. Resolves with whether it could: a log that cannot be written ends no server. */
  async #writeNext(): Promise<boolean> {
    if (this.#batch.length === 0) this.#batch = this.#takeWaiting();
    try {
      await this.#writeBatch();
      return true;
    } catch {
      return false;
    }
  }

  #takeWaiting(): Buffer {
    if (this.#dropped > 0)
      this.#waiting += `${JSON.stringify({ time: new Date().toISOString(), droppedLines: this.#dropped })}\n`;
    this.#dropped = 0;
    const taken = Buffer.from(this.#waiting);
    this.#waiting = "";
    return taken;
  }

  /** What was written stays written: after a failure, the next try goes on within the line that was cut. */
  async #writeBatch(): Promise<void> {
    while (this.#written < this.#batch.length) {
      this.#file ??= await open(this.#path, "a", FILE_MODE);
      const { bytesWritten } = await this.#file.write(this.#batch.subarray(this.#written));
      this.#written += bytesWritten;
    }
    this.#batch = NOTHING;
    this.#written = 0;
  }
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Where the line begins that a position lies in, or at whose start it is. */
function lineStart(lines: Buffer, position: number): number {
  return position === 0 ? 0 : lines.lastIndexOf("\n", position - 1) + 1;
}
