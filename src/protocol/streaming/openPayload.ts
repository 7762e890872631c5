import type { PayloadSecurity } from "../../auth/payloadSecurity.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { OperationName } from "../generated/types.ts";
import type { Payload } from "../Payload.ts";
import { bodyKind, requiresChecksum } from "../rest/bodyKind.ts";
import type { WireRequest } from "../WireRequest.ts";
import { announcedChecksum, declaredMd5 } from "./declarations.ts";
import { VerifiedPayload } from "./VerifiedPayload.ts";

/** The largest object, or part, that one request can bring. */
export const MAX_UPLOAD_SIZE_BYTES: number = 5 * 1024 ** 3;

/** What opening a body needs beyond the request. */
export interface PayloadOptions {
  readonly operation: OperationName;
  /** The largest decoded size. */
  readonly maxSizeBytes: number;
  readonly idleTimeoutMs: number;
  /** Called before the first byte is asked for: where "100 Continue" is sent. */
  readonly beforeFirstRead?: () => void;
}

/**
 * Checks what a request's head says of its body, in S3's order, and returns the body, unread. Throws InvalidDigest, InvalidRequest,
 * MissingContentLength, EntityTooLarge and MaxMessageLengthExceeded.
 */
export function openPayload(request: WireRequest, security: PayloadSecurity, options: PayloadOptions): Payload {
  const { operation, maxSizeBytes } = options;
  const kind = bodyKind(operation);
  const hasTrailer = security.mode === "unsignedChunksWithTrailer" || security.mode === "signedChunksWithTrailer";
  const chunked = hasTrailer || security.mode === "signedChunks";
  const md5 = declaredMd5(request.headers);
  // CompleteMultipartUpload's checksum headers are of the object it makes, not of its body; without a body there is nothing to sum up.
  const sumsBody = kind !== "none" && operation !== "CompleteMultipartUpload";
  const checksum = sumsBody ? announcedChecksum(request, hasTrailer) : undefined;
  if (md5 === undefined && checksum === undefined && requiresChecksum(operation)) {
    throw new S3Error("InvalidRequest", {
      message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
      explanation: `${operation} must bring a checksum of its body.`,
    });
  }
  const sizeBytes = decodedSize(request, chunked, kind === "streaming");
  if (sizeBytes > maxSizeBytes) throw tooLarge(sizeBytes, maxSizeBytes, kind === "streaming");
  return new VerifiedPayload(request, { ...security, sizeBytes, md5, checksum, hasTrailer, chunked }, options);
}

const SIZE_FORM = /^\d{1,15}$/;

function decodedSize(request: WireRequest, chunked: boolean, lengthNeeded: boolean): number {
  const header = request.headers.get(chunked ? "x-amz-decoded-content-length" : "content-length");
  if (header !== undefined && SIZE_FORM.test(header)) return Number(header);
  // No length and no chunks: HTTP says there is no body, and where it matters little S3 agrees.
  if (!chunked && !lengthNeeded && header === undefined && !request.headers.has("transfer-encoding")) return 0;
  throw new S3Error("MissingContentLength", {
    explanation: chunked
      ? "An aws-chunked body says how many bytes it holds in x-amz-decoded-content-length."
      : "Send Content-Length; a body of unknown length can be sent aws-chunked or as a multipart upload.",
  });
}

function tooLarge(sizeBytes: number, maxSizeBytes: number, isObject: boolean): S3Error {
  if (!isObject) {
    return new S3Error("MaxMessageLengthExceeded", {
      details: [["MaxMessageLengthBytes", String(maxSizeBytes)]],
      explanation: `The body has ${sizeBytes} bytes.`,
    });
  }
  return new S3Error("EntityTooLarge", {
    details: [
      ["ProposedSize", String(sizeBytes)],
      ["MaxSizeAllowed", String(maxSizeBytes)],
    ],
    explanation: "One request can bring 5 GiB; larger objects are made by multipart uploads.",
  });
}
