import { connect } from "node:net";
import type { Socket } from "node:net";

/** A request ready to be sent: its head, and the pieces of its body. */
export interface PreparedRequest {
  readonly head: Buffer;
  readonly body: readonly Buffer[];
  /** True: the answer's body is kept for the caller. */
  readonly keepsAnswer?: boolean;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly bodySizeBytes: number;
  /** The body of an error, or one that was asked for; otherwise empty: it was counted only. */
  readonly body: string;
}

/** A server that says nothing for this long has failed the measurement. */
const ANSWER_TIMEOUT_MS = 120_000;
/** One buffer takes every read of a connection: large enough that 64 MiB arrive in few system calls. */
const READ_BUFFER_SIZE_BYTES = 256 * 1024;

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const FIRST_ERROR_STATUS = 300;

/**
 * One kept-alive HTTP/1.1 connection that sends prepared bytes and reads just enough of the answer to know its end, so that a core of
 * client can fill a core of server. Chunked bodies are counted with their framing.
 */
export class Connection {
  readonly #socket: Socket;
  #settle: { readonly resolve: (answer: Answer) => void; readonly reject: (cause: Error) => void } | undefined;
  #headRequest = false;
  #keepsAnswer = false;
  #inHead = true;
  #head: Buffer = EMPTY;
  #chunked = false;
  #status = 0;
  #expectedSizeBytes = 0;
  #receivedSizeBytes = 0;
  #kept: Buffer[] = [];
  #tail: Buffer = EMPTY;

  private constructor(host: string, port: number) {
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_SIZE_BYTES),
      callback: (sizeBytes: number, buffer: Uint8Array): boolean => {
        this.#receive(Buffer.from(buffer.buffer, buffer.byteOffset, sizeBytes));
        return true;
      },
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#socket.setTimeout(ANSWER_TIMEOUT_MS, () => this.#socket.destroy(new Error("no answer in time")));
    this.#socket.on("error", (cause) => this.#fail(cause));
    this.#socket.on("close", () => this.#fail(new Error("the server closed the connection")));
    this.#socket.resume();
  }

  /** Opens a connection. */
  static open(host: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(host, port);
      connection.#socket.once("error", reject);
      connection.#socket.once("connect", () => resolve(connection));
    });
  }

  /** Sends a request and resolves when the whole answer has been read. One at a time. */
  send(request: PreparedRequest): Promise<Answer> {
    this.#headRequest = request.head[0] === 0x48 && request.head[1] === 0x45;
    this.#keepsAnswer = request.keepsAnswer === true;
    this.#inHead = true;
    this.#receivedSizeBytes = 0;
    // Stands for the line break that ends the head, so that a body of only the last chunk is seen to end.
    this.#tail = HEAD_END.subarray(2);
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw new Error("the connection is closed");
      this.#settle = { resolve, reject };
      this.#socket.cork();
      this.#socket.write(request.head);
      for (const piece of request.body) this.#socket.write(piece);
      this.#socket.uncork();
    });
  }

  /** Closes the connection. */
  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    let body = bytes;
    if (this.#inHead) {
      const head = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
      const end = head.indexOf(HEAD_END);
      // The read buffer is used again: what must outlive this call is copied.
      this.#head = end < 0 ? Buffer.from(head) : EMPTY;
      if (end < 0) return;
      this.#readHead(head.toString("latin1", 0, end));
      this.#inHead = false;
      body = head.subarray(end + HEAD_END.length);
    }
    this.#receivedSizeBytes += body.length;
    if (this.#keepsAnswer && body.length > 0) this.#kept.push(Buffer.from(body));
    if (this.#chunked) this.#tail = Buffer.concat([this.#tail, body]).subarray(-LAST_CHUNK.length);
    const complete = this.#chunked ? this.#tail.equals(LAST_CHUNK) : this.#receivedSizeBytes >= this.#expectedSizeBytes;
    if (complete) this.#finish();
  }

  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12));
    this.#keepsAnswer ||= this.#status >= FIRST_ERROR_STATUS;
    const bodiless = this.#headRequest || this.#status === 204 || this.#status === 304;
    this.#chunked = !bodiless && CHUNKED.test(head);
    this.#expectedSizeBytes = bodiless ? 0 : Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
  }

  #finish(): void {
    const settle = this.#settle;
    this.#settle = undefined;
    const body = this.#kept.length === 0 ? "" : Buffer.concat(this.#kept.splice(0)).toString();
    settle?.resolve({ status: this.#status, bodySizeBytes: this.#receivedSizeBytes, body });
  }

  #fail(cause: Error): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.reject(cause);
  }
}
