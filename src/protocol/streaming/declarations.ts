import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../checksumAlgorithms.ts";
import { CHECKSUM_ALGORITHMS } from "../checksumAlgorithms.ts";
import { DIGEST_SIZE_BYTES } from "../checksums/digests.ts";
import type { HeaderLines, WireRequest } from "../WireRequest.ts";

/** The checksum a client announces: its value in a header, or the promise of a trailer. */
export interface AnnouncedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string | undefined;
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
    explanation: "Content-MD5 is the base64 of the 16 bytes of the body's MD5, 24 characters.",
  });
}

/** The one checksum of the body that headers or x-amz-trailer announce. Throws InvalidRequest with S3's texts. */
export function announcedChecksum(request: WireRequest, trailersFollow: boolean): AnnouncedChecksum | undefined {
  const { headers } = request;
  const inHeader = headerChecksum(headers);
  const trailer = headers.get("x-amz-trailer");
  const inTrailer = trailer === undefined ? undefined : trailerChecksum(trailer);
  if (inHeader !== undefined && inTrailer !== undefined) {
    throw invalid(
      "Expecting a single x-amz-checksum- header",
      "The checksum is announced by a header and by x-amz-trailer; send it once.",
    );
  }
  const announced =
    inHeader ?? (trailersFollow && inTrailer !== undefined ? { algorithm: inTrailer, value: undefined } : undefined);
  checkSdkAlgorithm(headers.get("x-amz-sdk-checksum-algorithm"), announced?.algorithm);
  return announced;
}

function headerChecksum(headers: HeaderLines): AnnouncedChecksum | undefined {
  let found: AnnouncedChecksum | undefined;
  for (const name of headers.names()) {
    if (!name.startsWith(PREFIX) || NO_CHECKSUMS.has(name.slice(PREFIX.length))) continue;
    const algorithm = BY_NAME.get(name.slice(PREFIX.length));
    if (algorithm === undefined) {
      throw invalid("The algorithm type you specified in x-amz-checksum- header is invalid.", `S3 has no ${name}.`);
    }
    if (found !== undefined) {
      throw invalid(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        `Both ${found.algorithm} and ${algorithm} came; send one of them.`,
      );
    }
    const value = headers.get(name)!;
    if (!isChecksum(algorithm, value))
      throw invalid(`Value for ${name} header is invalid.`, `${name} is base64 of ${DIGEST_SIZE_BYTES[algorithm]} bytes.`);
    found = { algorithm, value };
  }
  return found;
}

/** True for base64 of as many bytes as the algorithm's values have. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  return base64(value, DIGEST_SIZE_BYTES[algorithm]) !== undefined;
}

function trailerChecksum(header: string): ChecksumAlgorithm {
  const name = header.trim().toLowerCase();
  const algorithm = name.startsWith(PREFIX) ? BY_NAME.get(name.slice(PREFIX.length)) : undefined;
  if (algorithm !== undefined) return algorithm;
  throw invalid(
    "The value specified in the x-amz-trailer header is not supported",
    "A trailer can hold one x-amz-checksum-* value.",
  );
}

function checkSdkAlgorithm(named: string | undefined, announced: ChecksumAlgorithm | undefined): void {
  if (named === undefined) return;
  if (announced === undefined) {
    throw invalid(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      `x-amz-sdk-checksum-algorithm is ${named}; send the checksum too, or leave the header out.`,
    );
  }
  if (named.toUpperCase() === announced) return;
  throw invalid(
    "Value for x-amz-sdk-checksum-algorithm header is invalid.",
    `It is ${named}, but the checksum that came is ${announced}.`,
  );
}

/** The bytes of canonical base64 of the given size. */
function base64(text: string, sizeBytes: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === sizeBytes && bytes.toString("base64") === text ? bytes : undefined;
}
