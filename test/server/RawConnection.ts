import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  /** Lower-case names; lines of one name joined with ", ". */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A client that sends bytes exactly as told and reads answers one by one: what no HTTP library would let a test do. */
export class RawConnection {
  readonly #socket: Socket;
  /** What has come and is not read yet, and how much that is. A large body comes in thousands of pieces. */
  #pieces: Buffer[] = [];
  #receivedBytes = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#pieces.push(bytes);
      this.#receivedBytes += bytes.length;
      this.#wake();
    });
    // A reset is an end as well; a test that cares finds its answer missing.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  /** One over TLS, once the handshake is over. */
  static async openSecure(port: number, ca: string): Promise<RawConnection> {
    const socket = connectSecurely({ port, host: "127.0.0.1", ca });
    await once(socket, "secureConnect");
    return new RawConnection(socket);
  }

  /** Sends text (as UTF-8) or bytes; resolves when more may be sent, or the connection has ended. */
  async send(data: string | Buffer): Promise<void> {
    if (this.#socket.write(data) || this.#ended) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.#socket.off("drain", settle).off("close", settle);
        resolve();
      };
      this.#socket.on("drain", settle).on("close", settle);
    });
  }

  /** Sends a head whose lines are given; the Host header comes by itself. */
  async sendHead(requestLine: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const lines = Object.entries({ Host: this.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.send(`${requestLine} HTTP/1.1\r\n${lines.join("")}\r\n`);
  }

  /** Whether the connection is over. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** What has come and is not read yet. */
  get unread(): string {
    return this.#received().toString("latin1");
  }

  /** What a signature covers as Host. */
  get host(): string {
    return `127.0.0.1:${this.#socket.remotePort}`;
  }

  /** Reads the next answer; `toHead` when the request was a HEAD, whose answer has no body whatever its headers say. */
  async answer(options: { readonly toHead?: boolean } = {}): Promise<RawAnswer> {
    const head = (await this.#take(await this.#find("\r\n\r\n"))).toString("latin1");
    const [statusLine, ...lines] = head.trimEnd().split("\r\n");
    const [, status, reason] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine!)!;
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
    }
    const bodiless = options.toHead === true || Number(status) < 200 || status === "204" || status === "304";
    const body = bodiless ? "" : await this.#body(headers);
    return { status: Number(status), reason: reason!, headers, body };
  }

  /** Resolves when the server has closed the connection, with what it sent until then and was not read. */
  async closed(): Promise<string> {
    this.#socket.resume();
    while (!this.#ended) await this.#more();
    return this.#received().toString("latin1");
  }

  /** Resolves once the server has sent something that is not read yet, and reads no more: the rest waits in the network. */
  async received(): Promise<void> {
    if (this.#receivedBytes === 0) await this.#more();
    this.#socket.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#socket.resume();
  }

  /** Says that nothing more will be sent, and goes on listening. */
  end(): void {
    this.#socket.end();
  }

  /** Goes away as a process that ends does: what it is still sent is refused by its system. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Goes away with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  #received(): Buffer {
    if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }

  async #body(headers: ReadonlyMap<string, string>): Promise<string> {
    const length = headers.get("content-length");
    if (length !== undefined) return (await this.#take(Number(length))).toString();
    if (headers.get("transfer-encoding") !== "chunked") return this.closed();
    const pieces: Buffer[] = [];
    for (;;) {
      const sizeLine = (await this.#take(await this.#find("\r\n"))).toString("latin1");
      const sizeBytes = Number.parseInt(sizeLine, 16);
      const piece = await this.#take(sizeBytes + 2);
      if (sizeBytes === 0) return Buffer.concat(pieces).toString();
      pieces.push(piece.subarray(0, sizeBytes));
    }
  }

  /** Resolves with the length up to the end of the next occurrence. */
  async #find(text: string): Promise<number> {
    for (;;) {
      const at = this.#received().indexOf(text);
      if (at >= 0) return at + text.length;
      await this.#more();
    }
  }

  async #take(sizeBytes: number): Promise<Buffer> {
    while (this.#receivedBytes < sizeBytes) await this.#more();
    const received = this.#received();
    this.#pieces = [received.subarray(sizeBytes)];
    this.#receivedBytes -= sizeBytes;
    return received.subarray(0, sizeBytes);
  }

  async #more(): Promise<void> {
    if (this.#ended) throw new Error(`the connection ended; unread: ${JSON.stringify(this.unread)}`);
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
