import type { ErrorCode } from "../../errors/ErrorCode.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Payload } from "../Payload.ts";

/** A body that came whole, and is another than was declared. */
const DIGEST_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["XAmzContentSHA256Mismatch", "BadDigest"]);

/** What `Payload.gather` is, for whatever has the pieces. */
export async function gatherPieces(
  payload: Pick<Payload, "sizeBytes" | typeof Symbol.asyncIterator>,
  limitBytes: number,
  inspect?: (unverified: Buffer) => void,
): Promise<Buffer> {
  const { sizeBytes } = payload;
  if (sizeBytes > limitBytes) throw new RangeError(`a body of ${sizeBytes} bytes is not gathered`);
  const gathered = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  try {
    for await (const piece of payload) filled += piece.copy(gathered, filled);
  } catch (error) {
    if (error instanceof S3Error && DIGEST_ERRORS.has(error.code)) inspect?.(gathered);
    throw error;
  }
  return gathered;
}
