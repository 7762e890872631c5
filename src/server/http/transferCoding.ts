/** Codings that HTTP knows and S3 does not read. */
const KNOWN_CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "compress", "x-compress"]);

/** What changes nothing about a body, or only how it is framed. */
const PLAIN_CODINGS: ReadonlySet<string> = new Set(["chunked", "identity"]);

/**
 * The status with which S3 turns away, without a body, a request whose Transfer-Encoding it does not read: 501 for codings that HTTP
 * knows, 400 for others. `undefined` for chunks and for no coding, said or not.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.1
 */
export function refusedCodingStatus(transferEncoding: string | undefined): 501 | 400 | undefined {
  if (transferEncoding === undefined || transferEncoding === "chunked") return undefined;
  const codings = transferEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  const others = codings.filter((coding) => !PLAIN_CODINGS.has(coding));
  if (others.length === 0) return undefined;
  return others.every((coding) => KNOWN_CODINGS.has(coding)) ? 501 : 400;
}
