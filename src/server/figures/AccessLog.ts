import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";

/** Lines wait together for this long, or until there are this many characters of them. */
const FLUSH_INTERVAL_MS = 1_000;
const FLUSH_SIZE_CHARACTERS = 64 * 1024;
/** When the disk does not keep up, lines are dropped beyond this, and counted. */
const MAX_WAITING_CHARACTERS: number = 16 * 1024 * 1024;

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

/** A file with a line of JSON for every answered request, written in batches so that requests do not wait for it. */
export class AccessLog {
  readonly #stream: WriteStream;
  readonly #timer: NodeJS.Timeout;
  #waiting = "";
  #dropped = 0;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { flags: "a", mode: 0o600 });
    // A log that cannot be written must not end the server.
    this.#stream.on("error", () => undefined);
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

  /** Writes what waits and closes the file. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#writeWaiting();
    return new Promise((resolve) => this.#stream.end(() => resolve()));
  }

  /** Writes what waits, unless the file has not taken yet what it was given before. */
  #flush(): void {
    if (!this.#stream.writableNeedDrain) this.#writeWaiting();
  }

  #writeWaiting(): void {
    if (this.#waiting === "") return;
    if (this.#dropped > 0) this.#waiting += `${JSON.stringify({ droppedLines: this.#dropped })}\n`;
    this.#dropped = 0;
    this.#stream.write(this.#waiting);
    this.#waiting = "";
  }
}
