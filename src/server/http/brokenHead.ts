/** What stands behind the lines of a head. */
const END_OF_HEAD = "\r\n\r\n";

/**
 * The lines of the head in which a parser stopped after `parsedBytes` of a packet, its request line first if the packet holds that: of a
 * head that came in several packets, the last is all there is.
 */
export function linesOfBrokenHead(packet: Buffer, parsedBytes: number): string[] {
  const text = packet.toString("latin1");
  // Where the lines contradict each other, or are too long, all of the head may have been read.
  const end = text.indexOf(END_OF_HEAD, Math.max(0, parsedBytes - END_OF_HEAD.length));
  const head = end < 0 ? text : text.slice(0, end);
  const before = head.lastIndexOf(END_OF_HEAD);
  return (before < 0 ? head : head.slice(before + END_OF_HEAD.length)).split("\r\n");
}

/** The value of a header (in lower case) among lines, several joined as HTTP does; `undefined` when it is not there. */
export function valueIn(lines: readonly string[], name: string): string | undefined {
  const values = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    return colon === name.length && line.slice(0, colon).toLowerCase() === name ? [line.slice(colon + 1).trim()] : [];
  });
  return values.length === 0 ? undefined : values.join(", ");
}
