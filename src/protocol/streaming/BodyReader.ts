import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { S3Error } from "../../errors/S3Error.ts";

const NOTHING: Buffer = Buffer.alloc(0);

/** Memory below this size is left to the collector: giving it back by hand would cost more. */
const MIN_RETURNED_SIZE_BYTES: number = 16 * 1024;

/**
 * Taken from one body before other connections have their turn. Without an end, the system's buffer of a fast client would be emptied
 * first, megabytes at a time; and bodies that take turns are hashed together.
 */
const MAX_TURN_SIZE_BYTES: number = 256 * 1024;

const LINE_FEED = 0x0a;

/**
 * Takes the bytes of a request body from the socket when they are asked for, so that a slow store holds the client back. A client that
 * sends nothing for the idle timeout while bytes are waited for gets RequestTimeout. Never destroys the body: the answer, too, needs its
 * socket.
 */
export class BodyReader {
  readonly #body: Readable;
  readonly #idleTimeoutMs: number;
  #takenSizeBytes = 0;
  /** Bytes taken from the socket and not handed out yet. */
  #pending: Buffer = NOTHING;
  /** Bytes as they came from the socket, and handed out since the last `giveBack`. */
  #spent: Buffer[] = [];
  /** Taken from the socket since others had their turn. */
  #turnSizeBytes = 0;
  #wake: ((isTimeout: boolean) => void) | undefined;
  #isListening = false;

  constructor(body: Readable, idleTimeoutMs: number) {
    this.#body = body;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** True when the connection was lost before the body's end; the body then seems to end there. */
  get wasCut(): boolean {
    return !this.#body.readableEnded && (this.#body.destroyed || this.#body.errored !== null);
  }

  /** How many bytes were handed out. */
  get takenSizeBytes(): number {
    return this.#takenSizeBytes;
  }

  /** The next bytes, as many as are at hand but at most `limitBytes`; `undefined` at the end. */
  async next(limitBytes: number): Promise<Buffer | undefined> {
    if (this.#pending.length === 0 && !(await this.#fill())) return undefined;
    return this.#take(Math.min(limitBytes, this.#pending.length));
  }

  /** The bytes at hand, at least one, which stay to be taken; `undefined` at the end. For who has to see them to know how many to take. */
  async peek(): Promise<Buffer | undefined> {
    return this.#pending.length > 0 || (await this.#fill()) ? this.#pending : undefined;
  }

  /** The next line without its CR LF; `undefined` when there is none within `limitBytes`. */
  async line(limitBytes: number): Promise<string | undefined> {
    let text = "";
    while (text.length < limitBytes && (this.#pending.length > 0 || (await this.#fill()))) {
      const end = this.#pending.indexOf(LINE_FEED);
      text += this.#take(end < 0 ? this.#pending.length : end + 1).toString("latin1");
      if (end < 0) continue;
      return text.length <= limitBytes && text.endsWith("\r\n") ? text.slice(0, -2) : undefined;
    }
    return undefined;
  }

  /** Everything up to the end; `undefined` when that is more than `limitBytes`. */
  async remainder(limitBytes: number): Promise<string | undefined> {
    let text = "";
    while (this.#pending.length > 0 || (await this.#fill())) {
      text += this.#take(this.#pending.length).toString("latin1");
      if (text.length > limitBytes) return undefined;
    }
    return text;
  }

  /**
   * Gives the memory of all bytes handed out back to the system: whoever took them must be done with them. Left to the collector, a large
   * body would fill ten thousands of pages with bytes that nobody needs any more, and make it run for each of them.
   */
  giveBack(): void {
    const spent = this.#pending.length === 0 ? this.#spent.splice(0) : this.#spent.splice(0, this.#spent.length - 1);
    for (const { buffer, byteLength } of spent) {
      // Part of a larger piece of memory belongs to somebody else, too.
      if (byteLength === buffer.byteLength && byteLength >= MIN_RETURNED_SIZE_BYTES) (buffer as ArrayBuffer).transfer(0);
    }
  }

  /** Lets go of the body; call when no more is going to be read, or not for now: until it is let go, nobody else can read it. */
  close(): void {
    this.#isListening = false;
    for (const event of EVENTS) this.#body.off(event, this.#onEvent);
  }

  #take(sizeBytes: number): Buffer {
    const piece = this.#pending.subarray(0, sizeBytes);
    this.#pending = this.#pending.subarray(sizeBytes);
    this.#takenSizeBytes += piece.length;
    return piece;
  }

  /** Waits until bytes are pending; false at the end. Throws RequestTimeout. */
  async #fill(): Promise<boolean> {
    if (this.#turnSizeBytes >= MAX_TURN_SIZE_BYTES) {
      this.#turnSizeBytes = 0;
      await turn();
    }
    for (;;) {
      const bytes = this.#body.read() as Buffer | null;
      if (bytes !== null) {
        this.#pending = bytes;
        this.#turnSizeBytes += bytes.length;
        this.#spent.push(bytes);
        return true;
      }
      if (this.#body.readableEnded || this.wasCut) return false;
      await this.#event();
    }
  }

  /** Waits for anything to happen to the body. Throws RequestTimeout when nothing does; the time between two waits is the store's. */
  async #event(): Promise<void> {
    if (!this.#isListening) {
      this.#isListening = true;
      for (const event of EVENTS) this.#body.on(event, this.#onEvent);
    }
    let timer: NodeJS.Timeout | undefined;
    const isTimeout = await new Promise<boolean>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#idleTimeoutMs, true);
    });
    clearTimeout(timer);
    this.#wake = undefined;
    if (isTimeout) throw this.#timeout();
  }

  readonly #onEvent = (): void => this.#wake?.(false);

  #timeout(): S3Error {
    return new S3Error("RequestTimeout", {
      explanation: `The body is not complete, and nothing came for ${this.#idleTimeoutMs / 1000} seconds. The connection is closed; send the request again.`,
    });
  }
}

const EVENTS = ["readable", "end", "error", "close"] as const;
