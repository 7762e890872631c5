/** An answer as it came, header lines in order. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether the server says that it ends the connection. */
  readonly closes: boolean;
}

/** Thrown for bytes that are no answer of HTTP's. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/;
/** Values hold visible characters, spaces, tabs, and bytes beyond ASCII. */
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t\x20-\x7e\x80-\xff]*)$/;
const MAX_CHUNK_LINE_SIZE_BYTES = 20;

/** The value of a header, by lower-case name. */
export function header(answer: Pick<Answer, "headers">, name: string): string | undefined {
  return answer.headers.find(([other]) => other === name)?.[1];
}

/** Reads answers off a connection as their bytes come. Throws `MalformedAnswer`. */
export class AnswerReader {
  #received: Buffer = Buffer.alloc(0);

  /** How many bytes came that are no whole answer yet. */
  get pendingSizeBytes(): number {
    return this.#received.length;
  }

  push(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
  }

  /** The next answer that has come in full; interim ones are left out. `toHead` when it answers a HEAD, and so has no body. */
  next(toHead: boolean): Answer | undefined {
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return undefined;
      const { status, headers } = readHead(this.#received.subarray(0, end).toString("latin1"));
      if (status >= 100 && status < 200) {
        this.#received = this.#received.subarray(end + 4);
        continue;
      }
      const read = this.#body(end + 4, { status, headers, toHead });
      if (read === undefined) return undefined;
      this.#received = this.#received.subarray(read.end);
      const closes = header({ headers }, "connection")?.toLowerCase() === "close";
      return { status, headers, body: read.body, closes };
    }
  }

  #body(
    start: number,
    { status, headers, toHead }: { status: number; headers: Answer["headers"]; toHead: boolean },
  ): { body: Buffer; end: number } | undefined {
    const lengths = headers.filter(([name]) => name === "content-length");
    const codings = headers.filter(([name]) => name === "transfer-encoding");
    if (lengths.length + codings.length > 1) throw new MalformedAnswer("several headers say where the body ends");
    if (toHead || status === 204 || status === 304) return { body: Buffer.alloc(0), end: start };
    if (lengths.length + codings.length === 0) throw new MalformedAnswer("no header says where the body ends");
    if (codings.length === 1) return this.#chunked(start);
    const length = lengths[0]![1];
    if (!/^\d+$/.test(length)) throw new MalformedAnswer(`Content-Length is "${length}"`);
    const end = start + Number(length);
    return this.#received.length < end ? undefined : { body: this.#received.subarray(start, end), end };
  }

  #chunked(start: number): { body: Buffer; end: number } | undefined {
    const pieces: Buffer[] = [];
    for (let at = start; ;) {
      const lineEnd = this.#received.indexOf("\r\n", at);
      if (lineEnd < 0 && this.#received.length - at <= MAX_CHUNK_LINE_SIZE_BYTES) return undefined;
      const line = this.#received.subarray(at, Math.max(lineEnd, at)).toString("latin1");
      if (!/^[0-9a-f]{1,8}$/i.test(line)) throw new MalformedAnswer(`a chunk begins with ${JSON.stringify(line)}`);
      const sizeBytes = Number.parseInt(line, 16);
      const end = lineEnd + 2 + sizeBytes + 2;
      if (this.#received.length < end) return undefined;
      if (this.#received.subarray(end - 2, end).toString("latin1") !== "\r\n")
        throw new MalformedAnswer("a chunk does not end after its size");
      if (sizeBytes === 0) return { body: Buffer.concat(pieces), end };
      pieces.push(this.#received.subarray(lineEnd + 2, end - 2));
      at = end;
    }
  }
}

function readHead(text: string): Pick<Answer, "status" | "headers"> {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const match = STATUS_LINE.exec(statusLine);
  if (match === null) throw new MalformedAnswer(`an answer begins with ${JSON.stringify(statusLine.slice(0, 100))}`);
  const headers = lines.map((line) => {
    const [whole, name, value] = HEADER_LINE.exec(line) ?? [];
    if (whole === undefined) throw new MalformedAnswer(`a header line is ${JSON.stringify(line.slice(0, 200))}`);
    return [name!.toLowerCase(), value!] as const;
  });
  return { status: Number(match[1]), headers };
}
