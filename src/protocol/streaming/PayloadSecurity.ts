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

/**
 * The chain of signatures over an aws-chunked body: each covers the one before, the first that of the request's head. Takes them in the
 * order they come.
 */
export interface ChunkSignatures {
  /** Throws SignatureDoesNotMatch unless `signature` is that of the next chunk. `sha256` in lower-case hexadecimal digits. */
  verifyChunk(sha256: string, signature: string): void;
  /** Throws SignatureDoesNotMatch unless `signature` is that of the trailer. `sha256` is of its lines, each as name:value and a line feed. */
  verifyTrailer(sha256: string, signature: string): void;
}

/** What the body must turn out to be. */
export interface PayloadSecurity {
  readonly mode: PayloadMode;
  /** 64 lower-case hexadecimal digits, in mode "hashed". */
  readonly sha256: string | undefined;
  /** In the modes with signed chunks. */
  readonly chunks: ChunkSignatures | undefined;
}
