import { quoted } from "../../../errors/quoted.ts";
import type { S3Error } from "../../../errors/S3Error.ts";
import type { BodyReader } from "../BodyReader.ts";
import { CUT_AT_ITS_END, MAX_PIECE_SIZE_BYTES, terminated } from "../Framing.ts";
import { DelimiterLine } from "./DelimiterLine.ts";

/** RFC 2046's limit, in characters. Any visible ones are taken; none may end the line. */
const BOUNDARY = /^[\x20-\x7e]{0,69}[\x21-\x7e]$/;

/** The header lines of one part. */
const MAX_PART_HEAD_SIZE_BYTES = 8_192;

/** What stands before the first part, and what stands behind the last: nobody reads either. */
const MAX_IGNORED_SIZE_BYTES = 8_192;

/** A line break before the first byte, where a delimiter line may begin as well. */
const LINE_BREAK: Buffer = Buffer.from("\r\n");
const NOTHING: Buffer = Buffer.alloc(0);

/** The header lines of a part by their names in lower case, each byte a character; of a repeated name the first counts. */
export type PartHeaders = ReadonlyMap<string, string>;

/** What is wrong with a body, in the words of those who take it. */
export interface MultipartErrors {
  /** It is no body of parts. */
  malformed(explanation: string): S3Error;
  /** It is whole, and ends before the line behind its last part. */
  unfinished(explanation: string): S3Error;
}

/**
 * Reads a body of several parts (RFC 2046, 5.1), one after the other. Each byte is looked at once, and kept at most for as long as a delimiter
 * line: a part of any size is read in pieces, when they are asked for. The reader is closed by who made it.
 */
export class MultipartReader {
  readonly #reader: BodyReader;
  readonly #boundary: string;
  readonly #delimiter: DelimiterLine;
  readonly #errors: MultipartErrors;
  #isFirst = true;
  #isLast = false;
  /** Bytes that may begin a delimiter line, and end where what was at hand ended; no longer the socket's. */
  #held: Buffer = LINE_BREAK;
  /** How many of those did not come, but stand for the line break before the first byte. */
  #impliedSizeBytes: number = LINE_BREAK.length;

  /** `boundary` is the parameter of the body's Content-Type. Throws `malformed` where there is none, or it cannot be one. */
  constructor(reader: BodyReader, boundary: string | undefined, errors: MultipartErrors) {
    if (boundary === undefined || !BOUNDARY.test(boundary)) {
      throw errors.malformed(
        `A multipart body has a boundary of 1 to 70 characters in its Content-Type, not ${quoted(boundary ?? "")}.`,
      );
    }
    this.#reader = reader;
    this.#boundary = boundary;
    this.#delimiter = new DelimiterLine(boundary);
    this.#errors = errors;
  }

  /** The fewest bytes that follow the content of the last part. */
  get minTailSizeBytes(): number {
    return this.#delimiter.minLastSizeBytes;
  }

  /**
   * Goes to the next part, once the one before was read to its end; `undefined` when there is none, and the body ended well. Throws
   * `malformed`, `unfinished`, IncompleteBody and RequestTimeout.
   */
  async begin(): Promise<PartHeaders | undefined> {
    if (this.#isFirst) await this.#skipPreamble();
    if (this.#isLast) {
      await this.#skipEpilogue();
      return undefined;
    }
    this.#isFirst = false;
    return this.#readHead();
  }

  /** The next bytes of the part, at least one, which may share the socket's memory; `undefined` at its end. Throws as `begin` does. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const atHand = (await this.#reader.peek())?.subarray(0, MAX_PIECE_SIZE_BYTES);
      if (atHand === undefined) return this.#endBody();
      const held = this.#held;
      if (held.length === 0) {
        const sizeBytes = this.#delimiter.find(atHand);
        if (sizeBytes > 0) return this.#reader.next(sizeBytes);
      }
      const line = Buffer.concat([held, atHand.subarray(0, this.#delimiter.maxSizeBytes - held.length)]);
      const match = this.#delimiter.match(line);
      if (match === "none") {
        const content = held.subarray(this.#impliedSizeBytes);
        this.#hold(NOTHING, 0);
        if (content.length > 0) return content;
        continue;
      }
      const end = match === "unsure" ? line.length : match.end;
      await this.#reader.next(end - held.length);
      if (match !== "unsure") return this.#endPart(match.isLast);
      this.#hold(line, this.#impliedSizeBytes);
    }
  }

  #hold(held: Buffer, impliedSizeBytes: number): void {
    this.#held = held;
    this.#impliedSizeBytes = impliedSizeBytes;
  }

  #endPart(isLast: boolean): undefined {
    this.#hold(LINE_BREAK, LINE_BREAK.length);
    this.#isLast = isLast;
  }

  /** The body is over: well, if all that is missing is the line break of the last line. */
  #endBody(): undefined {
    if (this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
    const match = this.#delimiter.match(Buffer.concat([this.#held, LINE_BREAK]));
    if (typeof match === "object" && match.isLast) return this.#endPart(true);
    const line = `--${this.#boundary}`;
    if (this.#isFirst) throw this.#errors.malformed(`The body has no line ${quoted(line)}, with which each part begins.`);
    throw this.#errors.unfinished(`The body ended before the line ${quoted(`${line}--`)}, which stands behind the last part.`);
  }

  async #skipPreamble(): Promise<void> {
    let sizeBytes = 0;
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_IGNORED_SIZE_BYTES) {
        throw this.#errors.malformed(
          `The first ${MAX_IGNORED_SIZE_BYTES} bytes of the body have no line ${quoted(`--${this.#boundary}`)}, with which each part begins.`,
        );
      }
    }
  }

  async #skipEpilogue(): Promise<void> {
    let sizeBytes = 0;
    for (let piece = await this.#reader.peek(); piece !== undefined; piece = await this.#reader.peek()) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_IGNORED_SIZE_BYTES) {
        throw this.#errors.malformed(`More than ${MAX_IGNORED_SIZE_BYTES} bytes follow the last part of the body.`);
      }
      await this.#reader.next(piece.length);
    }
    if (this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
  }

  async #readHead(): Promise<PartHeaders> {
    const lines: string[] = [];
    let leftSizeBytes = MAX_PART_HEAD_SIZE_BYTES;
    for (;;) {
      const line = await this.#reader.line(leftSizeBytes);
      if (line === undefined) throw await this.#brokenHead();
      if (line === "") break;
      leftSizeBytes -= line.length + LINE_BREAK.length;
      // A line that begins with white space goes on with the one before.
      if (CONTINUED.test(line) && lines.length > 0) lines.push(`${lines.pop()}${line}`);
      else lines.push(line);
    }
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon < 0) throw this.#errors.malformed(`A part has the header line ${quoted(line)}, without a colon.`);
      const name = line.slice(0, colon).trim().toLowerCase();
      if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
    }
    return headers;
  }

  async #brokenHead(): Promise<S3Error> {
    if ((await this.#reader.peek()) === undefined) {
      const explanation = "The body ended within the header lines of a part.";
      return this.#reader.wasCut ? terminated(explanation) : this.#errors.unfinished(explanation);
    }
    return this.#errors.malformed(
      `The header lines of a part are ${MAX_PART_HEAD_SIZE_BYTES} bytes at most, each ends in CR LF, and an empty one follows them.`,
    );
  }
}

const CONTINUED = /^[ \t]/;

/** Encodings that change no byte. */
const IDENTITY_ENCODINGS: ReadonlySet<string> = new Set(["", "7bit", "8bit", "binary"]);

/** How the content of a part is encoded, in lower case; `undefined` where each byte is itself. */
export function transferEncoding(headers: PartHeaders): string | undefined {
  const encoding = (headers.get("content-transfer-encoding") ?? "").toLowerCase();
  return IDENTITY_ENCODINGS.has(encoding) ? undefined : encoding;
}
