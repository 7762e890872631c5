import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../checksumAlgorithms.ts";
import { CHECKSUM_ALGORITHMS } from "../checksumAlgorithms.ts";
import { DIGEST_SIZE_BYTES } from "../checksums/digests.ts";
import { checksumTypes } from "../checksums/multipart.ts";
import type { HeaderLines, WireRequest } from "../WireRequest.ts";
import type { Framing } from "./Framing.ts";
import { malformedTrailer } from "./trailer.ts";

/** The checksum a client announces: its value in a header, or the promise of a trailer. */
export interface AnnouncedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; `undefined` while the trailer has not come. */
  readonly value: string | undefined;
  /** The lower-case name of the trailer that holds the value; `undefined` when a header does. */
  readonly trailer: string | undefined;
}

const PREFIX = "x-amz-checksum-";

/** Headers of that prefix which are no checksum. */
const NO_CHECKSUMS: ReadonlySet<string> = new Set(["algorithm", "type", "mode"]);

const BY_NAME: ReadonlyMap<string, ChecksumAlgorithm> = new Map(CHECKSUM_ALGORITHMS.map((name) => [name.toLowerCase(), name]));

function invalid(message: string, explanation: string): S3Error {
  return new S3Error("InvalidRequest", { message, explanation });
}

/** Reads Content-MD5: 16 bytes in base64. Throws InvalidDigest. */
export function declaredMd5(headers: HeaderLines): Buffer | undefined {
  const header = headers.get("content-md5");
  if (header === undefined) return undefined;
  const bytes = base64(header, DIGEST_SIZE_BYTES.MD5);
  if (bytes !== undefined) return bytes;
  throw new S3Error("InvalidDigest", {
    details: [["Content-MD5", header]],
    explanation: `Content-MD5 is ${quoted(header)}; it must be the base64 of the 16 bytes of the body's MD5, 24 characters.`,
  });
}

/** The one checksum of the body that headers or x-amz-trailer announce. Throws InvalidRequest with S3's texts. */
export function announcedChecksum({ headers }: WireRequest): AnnouncedChecksum | undefined {
  const inHeader = headerChecksum(headers, isChecksum);
  const trailer = headers.get("x-amz-trailer");
  const inTrailer = trailer === undefined ? undefined : trailerChecksum(trailer);
  if (inHeader !== undefined && inTrailer !== undefined) {
    throw invalid(
      "Expecting a single x-amz-checksum- header",
      "The checksum is announced by a header and by x-amz-trailer; send it once.",
    );
  }
  const announced = inHeader ?? inTrailer;
  checkSdkAlgorithm(headers.get("x-amz-sdk-checksum-algorithm"), announced?.algorithm);
  return announced;
}

/** Checks the headers that say which checksum an object of parts is to have. Throws InvalidRequest with S3's texts. */
export function checkObjectChecksum({ headers }: WireRequest): void {
  headerChecksum(headers, isObjectChecksum);
}

/**
 * An announced checksum with the value its trailer brought; one that came in a header as it is. Throws MalformedTrailerError when the
 * trailer did not come, InvalidRequest when it cannot be read.
 */
export function checksumTrailer(announced: AnnouncedChecksum | undefined, framing: Framing): AnnouncedChecksum | undefined {
  if (announced?.trailer === undefined) return announced;
  const { algorithm, trailer } = announced;
  const value = framing.trailer(trailer);
  if (value === undefined) throw malformedTrailer(`x-amz-trailer announced ${trailer}, which did not come.`);
  if (isChecksum(algorithm, value)) return { algorithm, trailer, value };
  throw invalid(
    `Value for ${trailer} trailing header is invalid.`,
    `${trailer} is ${quoted(value)}; it must be the base64 of ${DIGEST_SIZE_BYTES[algorithm]} bytes.`,
  );
}

function headerChecksum(headers: HeaderLines, isValue: typeof isChecksum): AnnouncedChecksum | undefined {
  let found: AnnouncedChecksum | undefined;
  for (const name of headers.names()) {
    if (!name.startsWith(PREFIX) || NO_CHECKSUMS.has(name.slice(PREFIX.length))) continue;
    const algorithm = BY_NAME.get(name.slice(PREFIX.length));
    if (algorithm === undefined) {
      throw invalid(
        "The algorithm type you specified in x-amz-checksum- header is invalid.",
        `${quoted(name)} came; S3 has x-amz-checksum- ${[...BY_NAME.keys()].join(", ")}.`,
      );
    }
    if (found !== undefined) {
      throw invalid(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        `Both ${found.algorithm} and ${algorithm} came; send one of them.`,
      );
    }
    const value = headers.get(name)!;
    if (!isValue(algorithm, value))
      throw invalid(
        `Value for ${name} header is invalid.`,
        `${name} is ${quoted(value)}; it must be the base64 of ${DIGEST_SIZE_BYTES[algorithm]} bytes.`,
      );
    found = { algorithm, value, trailer: undefined };
  }
  return found;
}

/** True for base64 of as many bytes as the algorithm's values have. */
function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  return base64(value, DIGEST_SIZE_BYTES[algorithm]) !== undefined;
}

/** The number of parts, which a composite checksum may have behind its value. */
const PART_COUNT = /-\d{1,5}$/;

/** True for the value of a checksum, or of checksums of parts. */
function isObjectChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  return isChecksum(algorithm, checksumTypes(algorithm).includes("COMPOSITE") ? value.replace(PART_COUNT, "") : value);
}

function trailerChecksum(header: string): AnnouncedChecksum {
  const trailer = header.trim().toLowerCase();
  const algorithm = trailer.startsWith(PREFIX) ? BY_NAME.get(trailer.slice(PREFIX.length)) : undefined;
  if (algorithm !== undefined) return { algorithm, value: undefined, trailer };
  throw invalid(
    "The value specified in the x-amz-trailer header is not supported",
    `A trailer can hold one x-amz-checksum-* value, not ${quoted(header)}.`,
  );
}

function checkSdkAlgorithm(named: string | undefined, announced: ChecksumAlgorithm | undefined): void {
  if (named === undefined) return;
  if (announced === undefined) {
    throw invalid(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      `x-amz-sdk-checksum-algorithm is ${quoted(named)}; send the checksum too, or leave the header out.`,
    );
  }
  if (named.toUpperCase() === announced) return;
  throw invalid(
    "Value for x-amz-sdk-checksum-algorithm header is invalid.",
    `x-amz-sdk-checksum-algorithm is ${quoted(named)}, but the checksum that came is ${announced}; name that one.`,
  );
}

/** The bytes of canonical base64 of the given size. */
function base64(text: string, sizeBytes: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === sizeBytes && bytes.toString("base64") === text ? bytes : undefined;
}
