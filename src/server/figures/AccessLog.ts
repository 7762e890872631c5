import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";

/** Lines wait together for this long, or until there are this many characters of them. */
const FLUSH_INTERVAL_MS = 1_000;
const FLUSH_SIZE_CHARACTERS = 64 * 1024;
/** When the disk does not keep up, lines are dropped beyond this, and counted. */
const MAX_WAITING_CHARACTERS: number = 16 * 1024 * 1024;

const FILE_MODE = 0o600;

/** A line of the access log. */
export interface AccessLogEntry {
  readonly time: string;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly method: string;
  readonly target: string;
  readonly operation: string;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly sentBytes: number;
  readonly milliseconds: number;
}

/**
 * A file with a line of JSON for every answered request, written in batches so that requests do not wait for it. What cannot be written,
 * for want of room for instance, waits for better times.
 */
export class AccessLog {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #waiting = "";
  #dropped = 0;
  /** What is being written, or could not be. */
  #rest: Buffer = Buffer.alloc(0);
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

  /** Writes what waits, if it can be written, and closes the file. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed = true;
    await this.#writing;
    while (this.#rest.length > 0 || this.#waiting !== "") if (!(await this.#writeNext())) break;
    await this.#file?.close();
  }

  /** Writes what waits, unless the file has not taken yet what it was given before. */
  #flush(): void {
    if (this.#closed || this.#writing !== undefined) return;
    this.#writing = this.#writeNext().then(() => (this.#writing = undefined));
  }

  /** Writes what is left of the last batch, or the next one. Resolves with whether it could: a log that cannot be written ends no server. */
  async #writeNext(): Promise<boolean> {
    if (this.#rest.length === 0) this.#rest = this.#takeWaiting();
    try {
      await this.#writeRest();
      return true;
    } catch {
      return false;
    }
  }

  #takeWaiting(): Buffer {
    if (this.#dropped > 0) this.#waiting += `${JSON.stringify({ droppedLines: this.#dropped })}\n`;
    this.#dropped = 0;
    const taken = Buffer.from(this.#waiting);
    this.#waiting = "";
    return taken;
  }

  /** What was written stays written: after a failure, the next try goes on within the line that was cut. */
  async #writeRest(): Promise<void> {
    while (this.#rest.length > 0) {
      this.#file ??= await open(this.#path, "a", FILE_MODE);
      const { bytesWritten } = await this.#file.write(this.#rest);
      this.#rest = this.#rest.subarray(bytesWritten);
    }
  }
}
