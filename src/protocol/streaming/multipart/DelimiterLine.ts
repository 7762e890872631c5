const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;

/** White space that transports may have added behind a boundary. */
const MAX_TRANSPORT_PADDING_SIZE_BYTES = 64;

/** A line that ends a part. */
export interface DelimiterFound {
  /** Where the line ends, with what ends it. */
  readonly end: number;
  /** True for the one behind the last part. */
  readonly isLast: boolean;
}

/** What bytes are: a delimiter line, none, or too few to tell. */
export type DelimiterMatch = DelimiterFound | "none" | "unsure";

/**
 * The lines that divide the parts of a multipart body (RFC 2046, 5.1.1): CR LF, "--", the boundary, "--" behind the last part, white space, CR
 * LF. The line break before belongs to the line, and not to the part. Line breaks are CR LF: with others it could not be said whether a CR
 * before is the last byte of the part. A line that goes on behind the boundary in another way is content, so that an object may contain
 * what only looks like a boundary.
 *
 * A CR stands only where such a line begins, and where it ends. So bytes that cannot become a delimiter line have none within them, and no
 * byte is looked at twice.
 */
export class DelimiterLine {
  readonly #start: Buffer;
  /** No line has more bytes. */
  readonly maxSizeBytes: number;
  /** The one behind the last part has at least so many. */
  readonly minLastSizeBytes: number;

  constructor(boundary: string) {
    this.#start = Buffer.from(`\r\n--${boundary}`, "latin1");
    this.minLastSizeBytes = this.#start.length + "--".length;
    this.maxSizeBytes = this.minLastSizeBytes + MAX_TRANSPORT_PADDING_SIZE_BYTES + "\r\n".length;
  }

  /** The first place in these bytes where a delimiter line begins, or one may that goes on behind them; their length if there is none. */
  find(bytes: Buffer): number {
    const { length } = this.#start;
    let from = 0;
    for (let at = bytes.indexOf(this.#start); at >= 0; at = bytes.indexOf(this.#start, from)) {
      if (this.match(bytes, at) !== "none") return at;
      from = at + length;
    }
    const tailAt = Math.max(from, bytes.length - length + 1);
    const at = bytes.subarray(tailAt).lastIndexOf(CARRIAGE_RETURN);
    return at >= 0 && this.match(bytes, tailAt + at) === "unsure" ? tailAt + at : bytes.length;
  }

  /** Whether a delimiter line begins at a place in these bytes. */
  match(bytes: Buffer, at = 0): DelimiterMatch {
    const start = this.#start;
    const sizeBytes = Math.min(start.length, bytes.length - at);
    if (bytes.compare(start, 0, sizeBytes, at, at + sizeBytes) !== 0) return "none";
    let end = at + start.length;
    const isLast = bytes[end] === DASH;
    if (isLast) {
      if (end + 1 < bytes.length && bytes[end + 1] !== DASH) return "none";
      end += 2;
    }
    const paddingEnd = end + MAX_TRANSPORT_PADDING_SIZE_BYTES;
    while (end < paddingEnd && (bytes[end] === SPACE || bytes[end] === TAB)) end += 1;
    if (end >= bytes.length) return "unsure";
    if (bytes[end] !== CARRIAGE_RETURN) return "none";
    if (end + 1 === bytes.length) return "unsure";
    return bytes[end + 1] === LINE_FEED ? { end: end + 2, isLast } : "none";
  }
}
