import { S3Error } from "../errors/S3Error.ts";

/** How the body of a request is protected, as `x-amz-content-sha256` says. */
export type PayloadMode =
  /** The header holds the SHA-256 of the whole body. */
  | "hashed"
  | "unsigned"
  /** aws-chunked, each chunk signed; with trailers signed as well. */
  | "signedChunks"
  | "signedChunksWithTrailer"
  /** aws-chunked without signatures, followed by trailers. */
  | "unsignedChunksWithTrailer";

/** What the chunks of a body are signed with, each chained to the one before. */
export interface ChunkSigning {
  readonly accessKeyId: string;
  readonly signingKey: Buffer;
  /** The signature of the request's head. */
  readonly seedSignature: string;
  /** The request's time, YYYYMMDD'T'HHMMSS'Z'. */
  readonly time: string;
  readonly scope: string;
}

/** What the body must turn out to be. */
export interface PayloadSecurity {
  readonly mode: PayloadMode;
  /** 64 lower-case hexadecimal digits, in mode "hashed". */
  readonly sha256: string | undefined;
  /** In the modes with signed chunks. */
  readonly chunks: ChunkSigning | undefined;
}

const MODES: ReadonlyMap<string, PayloadMode> = new Map([
  ["UNSIGNED-PAYLOAD", "unsigned"],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "unsignedChunksWithTrailer"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "signedChunks"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "signedChunksWithTrailer"],
]);

const SHA256_HEX = /^[0-9a-fA-F]{64}$/;

/** Reads `x-amz-content-sha256`. Throws InvalidArgument for anything S3 does not know, NotImplemented for SigV4A's chunks. */
export function payloadMode(header: string): PayloadMode {
  const mode = MODES.get(header);
  if (mode !== undefined) return mode;
  if (SHA256_HEX.test(header)) return "hashed";
  if (header.startsWith("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) {
    throw new S3Error("NotImplemented", {
      details: [["Header", "x-amz-content-sha256"]],
      explanation: "Signature Version 4A is not available in this store; sign with AWS4-HMAC-SHA256.",
    });
  }
  throw new S3Error("InvalidArgument", {
    message:
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, " +
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, " +
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    details: [
      ["ArgumentName", "x-amz-content-sha256"],
      ["ArgumentValue", header],
    ],
    explanation: "The header holds neither 64 hexadecimal digits nor one of the known words.",
  });
}

/** The security of a body without a signature over its chunks. Throws for modes that need one. */
export function securityWithoutChunks(header: string | undefined): PayloadSecurity {
  const mode = header === undefined ? "unsigned" : payloadMode(header);
  if (mode === "signedChunks" || mode === "signedChunksWithTrailer") {
    throw new S3Error("InvalidRequest", {
      message: "The value of x-amz-content-sha256 header is invalid.",
      explanation: "Signed chunks continue the signature of an Authorization header of version 4, and this request has none.",
    });
  }
  return { mode, sha256: mode === "hashed" ? header!.toLowerCase() : undefined, chunks: undefined };
}
