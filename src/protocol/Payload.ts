import type { ChecksumAlgorithm, ChecksumType } from "./checksumAlgorithms.ts";

/** The checksum a client declared for the whole payload, by header or by trailer, once verified. */
export interface DeclaredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64 as sent; `undefined` while a trailer has not arrived. */
  readonly value: string | undefined;
}

/**
 * A piece of a body on its way, in or out. It is the consumer's until it asks for the next one; then its memory is used for other bytes, or
 * gone. Every piece is a Buffer, but who has one is not told so, and cannot put it where bytes are kept: who wants to keep them copies them.
 */
export interface Piece {
  /** In bytes. */
  readonly length: number;
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
  subarray(start: number, end: number): Piece;
}

/** The bytes of a piece for who is done with them before the next one is asked for, such as a digest: keep no reference to them. */
export function lentBytes(piece: Piece): Buffer {
  return piece as Buffer;
}

/**
 * The body of a request after framing is removed (aws-chunked) and while it is verified.
 *
 * Iterating yields the decoded bytes once, with back-pressure. Everything the
 * client declared about the body (x-amz-content-sha256, chunk and trailer signatures, Content-MD5, x-amz-checksum-*, decoded length) is
 * verified before the iteration ends: a body that is not what it claims to be throws an `S3Error` instead of ending. A consumer that
 * reads to the end therefore has seen verified bytes, and must not commit before.
 */
export interface Payload extends AsyncIterable<Piece> {
  /** Decoded length in bytes as declared; known before reading. Of a form's file, which says it by its end alone, the most that it can be. */
  readonly sizeBytes: number;
  /** The checksum declared by the client, if any. `value` is set at the latest when iteration has ended. */
  readonly declared: DeclaredChecksum | undefined;
  /** Asks for a digest of the decoded bytes, be it a checksum or the MD5 of the ETag. Call before reading starts. Each algorithm is computed once however often asked. */
  want(algorithm: ChecksumAlgorithm): void;
  /**
   * Reads the whole body into one buffer. Only for bodies known to be small: throws if `sizeBytes` exceeds `limitBytes`. A body that came
   * whole and has other digests than declared is shown to `inspect`, whose error goes before theirs.
   */
  gather(limitBytes: number, inspect?: (unverified: Buffer) => void): Promise<Buffer>;
  /** The raw digest bytes of an algorithm asked for by `want`, after iteration has ended. */
  digest(algorithm: ChecksumAlgorithm): Buffer;
}

/** What an operation may send as a streaming body: bytes at hand, or a stream of them. Errors in the stream cut the connection. */
export interface OutputBody {
  readonly sizeBytes: number;
  readonly source: Buffer | AsyncIterable<Piece>;
}

/** Checksum of an object or part as kept in the store and shown to clients. */
export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64, with "-N" for composite values as S3 shows them. */
  readonly value: string;
}
