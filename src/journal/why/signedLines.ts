/** A canonical request of version 4 in its parts; what a text lacks is "" or empty. */
export interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly signedHeaders: string;
  readonly payloadHash: string;
}

/** In front of the headers of a canonical request stand its method, path and query. */
export const FIRST_HEADER_LINE = 3;

/** The parts of a canonical request; how many header lines it has is told by the empty line behind them. */
export function canonicalParts(lines: readonly string[]): CanonicalParts {
  const blank = lines.indexOf("", FIRST_HEADER_LINE);
  const end = blank < 0 ? lines.length : blank;
  return {
    method: lines[0] ?? "",
    path: lines[1] ?? "",
    query: lines[2] ?? "",
    headers: lines.slice(FIRST_HEADER_LINE, end).map((line) => {
      const colon = line.indexOf(":");
      return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
    }),
    signedHeaders: lines[end + 1] ?? "",
    payloadHash: lines[end + 2] ?? "",
  };
}

/** Labels that clients' logs put in front of what they sign; botocore's and the SDKs' among them. */
const LABEL = /^[^\n]{0,200}(?:canonical ?request|string ?to ?sign)(?: \(enclosed in \[\]\) -)?:?[ \t]*(?=\n|\[)/i;

/** A client's text as the server writes its own: without a log's label in front, brackets around, Windows' line ends, empty lines at the end. */
export function normalisedSignedText(text: string): string {
  let plain = text.replaceAll("\r\n", "\n").replace(/^\n+/, "");
  const label = LABEL.exec(plain)?.[0];
  if (label !== undefined) plain = plain.slice(label.length).replace(/^\n+/, "");
  let end = plain.length;
  while (end > 0 && (plain[end - 1] === "\n" || plain[end - 1] === " ")) end -= 1;
  plain = plain.slice(0, end);
  return plain.startsWith("[") && plain.endsWith("]") ? plain.slice(1, -1) : plain;
}
