import { quoted } from "../errors/quoted.ts";
import { invalidArgument } from "../errors/invalidArgument.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { PayloadMode, PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";

const MODES: ReadonlyMap<string, PayloadMode> = new Map([
  ["UNSIGNED-PAYLOAD", "unsigned"],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "unsignedChunksWithTrailer"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "signedChunks"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "signedChunksWithTrailer"],
]);

const SHA256 = /^[\dA-Fa-f]{64}$/;

/**
 * What `x-amz-content-sha256` says the body must turn out to be; the signatures of chunks, if it announces any, are for the caller to add.
 * Throws InvalidArgument for a value that is neither a hash nor a word this store can verify.
 */
export function declaredPayload(header: string | undefined): PayloadSecurity {
  if (header === undefined) return { mode: "unsigned", sha256: undefined, chunks: undefined };
  if (SHA256.test(header)) return { mode: "hashed", sha256: header.toLowerCase(), chunks: undefined };
  const mode = MODES.get(header);
  if (mode !== undefined) return { mode, sha256: undefined, chunks: undefined };
  throw invalidArgument("x-amz-content-sha256", header, {
    message:
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, " +
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, " +
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    explanation: header.startsWith("STREAMING-AWS4-ECDSA-P256-SHA256-")
      ? "Chunks signed with Signature Version 4A cannot be verified by this store; sign them with AWS4-HMAC-SHA256."
      : `x-amz-content-sha256 is ${quoted(header)}, neither 64 hexadecimal digits nor one of the known words.`,
  });
}

/** The same for requests whose signature no chunk can continue. Throws InvalidRequest for signed chunks, and as `declaredPayload`. */
export function unchainedPayload(header: string | undefined): PayloadSecurity {
  const payload = declaredPayload(header);
  if (!hasSignedChunks(payload)) return payload;
  throw new S3Error("InvalidRequest", {
    message: "The value of x-amz-content-sha256 header is invalid.",
    explanation: "Signed chunks continue the signature of an Authorization header of version 4, and this request has none.",
  });
}

/** True when the chunks of the body are signed. */
export function hasSignedChunks({ mode }: PayloadSecurity): boolean {
  return mode === "signedChunks" || mode === "signedChunksWithTrailer";
}
