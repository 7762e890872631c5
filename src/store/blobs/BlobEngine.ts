import type { DamageOptions } from "../../errors/DamagedBytesError.ts";
import { DamagedBytesError } from "../../errors/DamagedBytesError.ts";
import type { Piece } from "../../protocol/Payload.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";

/**
 * The port of the blob engines: byte strings written once, read by range, removed whole.
 *
 * A blob exists for readers once `finish` resolved; it is as durable then as the engine's durability setting says. A blob that no
 * record names is an orphan, and collected. One suite (`test/store/blobs/blobs.suite.ts`) holds every engine to this contract.
 */

/** Names a blob inside its engine: 1 to 32 characters of [a-z0-9-]; never derived from an S3 key. */
export type BlobId = string;

/** A blob being written. Exactly one of `finish` and `abort` ends it. */
export interface BlobWriter {
  readonly id: BlobId;
  /** Copies the bytes; when this resolves, the next piece may come (back-pressure). */
  write(piece: Piece): Promise<void>;
  /** Makes the blob readable and durable. */
  finish(): Promise<{ readonly id: BlobId; readonly sizeBytes: number }>;
  /** Gives up and removes what was written. Never throws. */
  abort(): Promise<void>;
}

/** Thrown by reads when stored bytes do not match their checksum, or are missing. The caller answers MethodNotAllowed. */
export class BlobDamagedError extends DamagedBytesError {
  override readonly name = "BlobDamagedError";
  readonly blobId: BlobId;
  constructor(blobId: BlobId, problem: string, options?: DamageOptions) {
    super(`blob ${blobId}: ${problem}`, options);
    this.blobId = blobId;
  }
}

/** Throws `BlobDamagedError` when a blob has another size than it is known to have. */
export function checkSize(id: BlobId, sizeBytes: number, expectedSizeBytes: number | undefined): void {
  if (expectedSizeBytes === undefined || sizeBytes === expectedSizeBytes) return;
  throw new BlobDamagedError(id, `has ${sizeBytes} data bytes, and its record says ${expectedSizeBytes}`);
}

/** How many blobs, and how many bytes they take where they lie. */
export interface BlobStatistics {
  readonly blobs: number;
  readonly sizeBytes: number;
}

/** Where bytes lie: written once, read often, removed by the collector. Every engine passes the same tests. */
export interface BlobEngine {
  /**
   * Starts a blob. `expectedSizeBytes` is a hint for preallocation; `storageClass`, where it is given, may say in which place it is to lie.
   */
  create(expectedSizeBytes: number, storageClass?: string): Promise<BlobWriter>;
  /** Whether a blob lies in the place where new ones of this storage class go. Always, for engines of one place. */
  isPlacedFor(id: BlobId, storageClass: string): boolean;
  /**
   * Reads bytes `start` (inclusive) to `end` (exclusive), verified chunk by chunk before they are yielded. A blob that does not have
   * `sizeBytes` altogether, where that is given, is a `BlobDamagedError`.
   * Bytes stay while the reader's lease does (`ReadLeases.ts`): who is not entered there may find that they are gone, which is a
   * `BlobDamagedError`, from this promise or from the stream; other bytes are never read.
   * With `isProven` the reader finds out for himself whether bytes are the right ones, and no checksum is compared. He may write over a piece,
   * until he asks for the next one.
   */
  open(id: BlobId, start: number, end: number, sizeBytes?: number, isProven?: boolean): Promise<AsyncIterable<Piece>>;
  /** Removes a blob; a missing one is no error. */
  remove(id: BlobId): Promise<void>;
  /** Reads a whole blob and compares every checksum; throws `BlobDamagedError`. Resolves with the data bytes read. */
  verify(id: BlobId): Promise<number>;
  /** Blobs that may be orphans: those written by runs that did not end cleanly, or, with `all`, every blob. */
  suspects(options?: { readonly all?: boolean }): AsyncIterable<BlobId>;
  /** Tells the engine that every suspect of earlier runs has been judged. */
  suspectsJudged(): Promise<void>;
  /**
   * What this engine has counted: the blobs that were finished through it, less those that were removed through it, and, once
   * `countEarlier` has resolved, those of earlier runs. Engines of several processes on the same blobs count their own each.
   */
  statistics(): Soon<BlobStatistics>;
  /**
   * Counts the blobs of earlier runs, a few at a time, beside requests. Once, in the one process through which such blobs are removed.
   * Resolves with whether all were counted; false after an abort.
   */
  countEarlier(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
