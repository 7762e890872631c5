import { connect } from "node:net";
import type { Socket } from "node:net";

/** A request ready to be sent: its head, and a body to send behind it. */
export interface PreparedRequest {
  readonly head: Buffer;
  readonly body: Buffer | undefined;
}

/** What came back; the body is counted, not kept. */
export interface Answer {
  readonly status: number;
  readonly bodySizeBytes: number;
}

/** A server that says nothing for this long has failed the measurement. */
const ANSWER_TIMEOUT_MS = 60_000;

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

/**
 * One kept-alive HTTP/1.1 connection that sends prepared bytes and reads just enough of the answer to know its end.
 * Costs the client a few microseconds a request, so that a core of client can fill a core of server.
 */
export class Connection {
  readonly #socket: Socket;
  #settle: { resolve: (answer: Answer) => void; reject: (cause: Error) => void } | undefined;
  #headRequest = false;
  #inHead = true;
  #head: Buffer = EMPTY;
  #chunked = false;
  #status = 0;
  #expectedSizeBytes = 0;
  #receivedSizeBytes = 0;
  #tail: Buffer = EMPTY;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", (cause) => this.#settle?.reject(cause));
    socket.on("close", () => this.#settle?.reject(new Error("the server closed the connection")));
  }

  /** Opens a connection. */
  static open(host: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
    });
  }

  /** Sends a request and resolves when the whole answer has been read. One at a time. */
  send(request: PreparedRequest): Promise<Answer> {
    this.#headRequest = request.head[0] === 0x48 && request.head[1] === 0x45;
    this.#inHead = true;
    this.#head = EMPTY;
    // Stands for the line break that ends the head, so that a body of only the last chunk is seen to end.
    this.#tail = HEAD_END.subarray(2);
    this.#receivedSizeBytes = 0;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.cork();
      this.#socket.write(request.head);
      if (request.body !== undefined) this.#socket.write(request.body);
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
      this.#head = Buffer.concat([this.#head, bytes]);
      const end = this.#head.indexOf(HEAD_END);
      if (end < 0) return;
      this.#readHead(this.#head.subarray(0, end).toString("latin1"));
      this.#inHead = false;
      body = this.#head.subarray(end + HEAD_END.length);
    }
    this.#receivedSizeBytes += body.length;
    if (this.#chunked) this.#tail = Buffer.concat([this.#tail, body]).subarray(-LAST_CHUNK.length);
    const complete = this.#chunked ? this.#tail.equals(LAST_CHUNK) : this.#receivedSizeBytes >= this.#expectedSizeBytes;
    if (complete) this.#finish();
  }

  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12));
    const lower = head.toLowerCase();
    const at = lower.indexOf("\r\ncontent-length:");
    const bodyless = this.#headRequest || this.#status === 204 || this.#status === 304;
    this.#chunked = !bodyless && lower.includes("\r\ntransfer-encoding: chunked");
    this.#expectedSizeBytes = bodyless || at < 0 ? 0 : Number.parseInt(lower.slice(at + "\r\ncontent-length:".length), 10);
  }

  #finish(): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ status: this.#status, bodySizeBytes: this.#receivedSizeBytes });
  }
}
