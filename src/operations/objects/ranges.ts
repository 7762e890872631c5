import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** Bytes of an object from `start` (inclusive) to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes a Range header asks for; `undefined` when the whole object is to be sent: S3 serves one range, and ignores several and what
 * it cannot read, a blank among it (RFC 9110, section 14.2). The last bytes of an empty object are all of it. Throws InvalidRange when the
 * range begins behind the object's end.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function requestedRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header);
  if (match === null) return undefined;
  const first = match[1]!;
  const last = match[2]!;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    if (Number(last) === 0) throw invalidRange(header, sizeBytes);
    return sizeBytes === 0 ? undefined : { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= sizeBytes) throw invalidRange(header, sizeBytes);
  return { start, end: last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}

function invalidRange(header: string, sizeBytes: number): S3Error {
  return new S3Error("InvalidRange", {
    details: [
      ["RangeRequested", header],
      ["ActualObjectSize", String(sizeBytes)],
    ],
    explanation:
      sizeBytes === 0
        ? `Range is ${quoted(header)}, and the object has no bytes; leave Range out.`
        : `Range is ${quoted(header)}, and the object's bytes are 0 to ${sizeBytes - 1}; it holds none of them.`,
  });
}

/** The Content-Range of a part of an object; `undefined` where there are no bytes to count. */
export function contentRange({ start, end }: ByteRange, sizeBytes: number): string | undefined {
  return start < end ? `bytes ${start}-${end - 1}/${sizeBytes}` : undefined;
}
