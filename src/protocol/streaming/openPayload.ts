import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { objectChecksums } from "../deviations.ts";
import type { Payload } from "../Payload.ts";
import type { BodyKind } from "../rest/bodyKind.ts";
import { bodyKind, requiresChecksum } from "../rest/bodyKind.ts";
import type { WireRequest } from "../WireRequest.ts";
import { AwsChunkedBody } from "./AwsChunkedBody.ts";
import { BodyReader } from "./BodyReader.ts";
import { announcedChecksum, checkObjectChecksum, declaredMd5 } from "./declarations.ts";
import type { Framing } from "./Framing.ts";
import type { PayloadOptions } from "./PayloadOptions.ts";
import type { PayloadSecurity } from "./PayloadSecurity.ts";
import { PlainBody } from "./PlainBody.ts";
import { VerifiedPayload } from "./VerifiedPayload.ts";

/**
 * The largest object, or part, that one request can bring.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export const MAX_UPLOAD_SIZE_BYTES: number = 5 * 1024 ** 3;

/**
 * Checks what a request's head says of its body, in S3's order, and returns the body, unread. Throws InvalidRequest, InvalidDigest,
 * NotImplemented, MissingContentLength, EntityTooLarge and MaxMessageLengthExceeded; for operations without a body, whatever is wrong with an empty one.
 */
export function openPayload(request: WireRequest, security: PayloadSecurity, options: PayloadOptions): Payload {
  const { operation, maxSizeBytes, idleTimeoutMs } = options;
  const kind = bodyKind(operation);
  const chunked = security.mode !== "hashed" && security.mode !== "unsigned";
  if (chunked && kind !== "streaming") {
    throw new S3Error("InvalidRequest", {
      message: "The value of x-amz-content-sha256 header is invalid.",
      explanation: `${operation} uploads no object, and only an upload can be sent aws-chunked; send the body's SHA-256 or UNSIGNED-PAYLOAD.`,
    });
  }
  const md5 = declaredMd5(request.headers);
  const sumsObject = objectChecksums.has(operation);
  if (sumsObject) checkObjectChecksum(request);
  // Without a body there is nothing to sum up.
  const checksum = kind === "none" || sumsObject ? undefined : announcedChecksum(request);
  if (md5 === undefined && checksum === undefined && requiresChecksum(operation)) {
    throw new S3Error("InvalidRequest", {
      message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
      explanation: `${operation} must bring a checksum of its body, and neither header came.`,
    });
  }
  const sizeBytes = declaredSize(request, chunked, kind);
  if (sizeBytes > maxSizeBytes) throw tooLarge(sizeBytes, maxSizeBytes, kind);
  const open = (): Framing => {
    const reader = new BodyReader(request.body, idleTimeoutMs);
    if (!chunked) return new PlainBody(request, reader, sizeBytes);
    return new AwsChunkedBody(reader, {
      sizeBytes,
      signatures: security.chunks,
      hasTrailer: security.mode !== "signedChunks",
      announcedTrailer: checksum?.trailer,
    });
  };
  // Of a body that HTTP says is empty, no byte is ever asked for.
  const beforeFirstRead = sizeBytes > 0 || !request.headers.has("content-length") ? options.beforeFirstRead : undefined;
  const payload = new VerifiedPayload(open, { security, sizeBytes, md5, checksum }, { operation, beforeFirstRead });
  if (kind === "none" && sizeBytes === 0) payload.verifyEmpty();
  return payload;
}

const SIZE_FORM = /^\d{1,15}$/;

/**
 * How many bytes the head of a request says that its body has, without the framing of aws-chunked where it is `chunked` so. Throws
 * NotImplemented and MissingContentLength.
 */
export function declaredSize({ headers }: WireRequest, chunked: boolean, kind: BodyKind): number {
  const contentLength = chunked ? undefined : headers.get("content-length");
  const isStreamed = chunked || headers.has("transfer-encoding");
  const sent = contentLength ?? (isStreamed ? headers.get("x-amz-decoded-content-length") : undefined);
  if (sent !== undefined && SIZE_FORM.test(sent)) return Number(sent);
  if (sent === undefined && !chunked) {
    if (isStreamed) throw chunksOfHttp();
    // Neither length nor chunks: HTTP says there is no body. Where the body is an object, S3 wants that said.
    if (kind !== "streaming") return 0;
  }
  const found = sent === undefined ? "it is missing" : `it is ${quoted(sent)}`;
  throw new S3Error("MissingContentLength", {
    explanation: isStreamed
      ? `A body sent in chunks says how many bytes it holds in x-amz-decoded-content-length; ${found}.`
      : `Send Content-Length; ${found}. A body of unknown length can be sent as a multipart upload.`,
  });
}

/** S3 takes HTTP's own chunks for nothing but the transport of aws-chunked ones, whatever the operation. */
function chunksOfHttp(): S3Error {
  return new S3Error("NotImplemented", {
    details: [["Header", "Transfer-Encoding"]],
    explanation:
      "The body comes in chunks of HTTP, and nothing says how long it is. Send Content-Length in place of Transfer-Encoding; a body of unknown " +
      "length can be sent as a multipart upload.",
  });
}

function tooLarge(sizeBytes: number, maxSizeBytes: number, kind: BodyKind): S3Error {
  return kind === "streaming" ? entityTooLarge(sizeBytes, maxSizeBytes) : messageTooLong(sizeBytes, maxSizeBytes);
}

/** Throws EntityTooLarge for more than one request can bring as an object. */
export function checkUploadSize(sizeBytes: number): void {
  if (sizeBytes > MAX_UPLOAD_SIZE_BYTES) throw entityTooLarge(sizeBytes, MAX_UPLOAD_SIZE_BYTES);
}

function entityTooLarge(sizeBytes: number, maxSizeBytes: number): S3Error {
  return new S3Error("EntityTooLarge", {
    details: [
      ["ProposedSize", String(sizeBytes)],
      ["MaxSizeAllowed", String(maxSizeBytes)],
    ],
    explanation: `The body has ${sizeBytes} bytes, and one request can bring ${maxSizeBytes}; larger objects are made by multipart uploads.`,
  });
}

/** The error of a document larger than its operation takes. */
function messageTooLong(sizeBytes: number, maxSizeBytes: number): S3Error {
  return new S3Error("MaxMessageLengthExceeded", {
    details: [["MaxMessageLengthBytes", String(maxSizeBytes)]],
    explanation: `The body has ${sizeBytes} bytes; this operation takes ${maxSizeBytes} at most.`,
  });
}
