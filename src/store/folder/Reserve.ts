import { closeSync, constants, fstatSync, openSync, statfsSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { explainFull, isFull } from "../../errors/StorageFullError.ts";

const RESERVE_FILE = "reserve";
/** The reserve of a disk of 128 MiB or more; smaller ones give {@link SHARE_OF_DISK} of theirs. Holds the largest commit that only removes. */
const MAX_SIZE_BYTES: number = 16 * 1024 * 1024;
const SHARE_OF_DISK = 1 / 8;

/** What commits leave to the files that a start writes. */
const LEFT_FOR_START_SIZE_BYTES: number = 256 * 1024;

/** Given up at once: more would be taken by others before it is used. */
const STEP_SIZE_BYTES: number = 2 * 1024 * 1024;

/** How often a small file is tried again on a disk that others fill, too. */
const MAX_ATTEMPTS = 4;

const PIECE_SIZE_BYTES: number = 256 * 1024;
const SMALLEST_PIECE_SIZE_BYTES = 4096;
const FILE_MODE = 0o600;

/**
 * Room on the disk for what must go on when the disk is full: deletes, which need fresh pages of the index before they free any, and
 * starts. It is a file full of bytes that mean nothing. Who needs room makes it shorter; as soon as there is room it is made whole again,
 * and until then nobody may use the disk for more than before. The file says all there is to know, to every process of a data folder.
 *
 * Everything here is synchronous, for it is done while the index's write lock is held, and rare: a reserve that is whole costs a `stat`.
 */
export class Reserve {
  readonly #folder: string;
  readonly #path: string;
  readonly #wholeSizeBytes: number;
  readonly #randomBytes: (sizeBytes: number) => Buffer;

  /** The reserve of a data folder; its file may be missing. Throws what the file system throws. */
  constructor(folder: string, randomBytes: (sizeBytes: number) => Buffer) {
    const { blocks, bsize } = statfsSync(folder);
    this.#folder = folder;
    this.#path = join(folder, RESERVE_FILE);
    const share = blocks * bsize * SHARE_OF_DISK;
    this.#wholeSizeBytes = Math.min(MAX_SIZE_BYTES, share - (share % PIECE_SIZE_BYTES));
    this.#randomBytes = randomBytes;
  }

  /** What it lacks to be whole, in bytes. */
  get missingBytes(): number {
    return Math.max(0, this.#wholeSizeBytes - this.#sizeBytes);
  }

  /** Makes it as whole as the disk lets it be; what it still lacks, in bytes. */
  refill(): number {
    if (this.missingBytes > 0) this.growFile(this.#path, this.#wholeSizeBytes);
    return this.missingBytes;
  }

  /** Makes a file at least so large, with bytes that mean nothing, as far as there is room. Returns whether there was. */
  growFile(path: string, sizeBytes: number): boolean {
    if (sizeOf(path) >= sizeBytes) return true;
    // Bytes of chance: a file system that stores what repeats only once would set nothing aside.
    const bytes = this.#randomBytes(PIECE_SIZE_BYTES);
    const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, FILE_MODE);
    try {
      // Shortly before a disk is full it takes no large piece, but small ones.
      for (let pieceSizeBytes = PIECE_SIZE_BYTES; pieceSizeBytes >= SMALLEST_PIECE_SIZE_BYTES; pieceSizeBytes /= 8) {
        if (appendUntil(file, sizeBytes, bytes.subarray(0, pieceSizeBytes))) return true;
      }
      return false;
    } finally {
      closeSync(file);
    }
  }

  /** Gives some of it to a commit; false when there is nothing left to give. */
  giveToCommit(): boolean {
    return this.#give(LEFT_FOR_START_SIZE_BYTES);
  }

  /** Whether a file of so many bytes would leave what the reserve lacks. */
  leavesRoomFor(sizeBytes: number): boolean {
    const missing = this.missingBytes;
    if (missing === 0) return true;
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize - sizeBytes >= missing;
  }

  /** Runs what writes a small file, with the help of all that is left where the disk is full. Throws `StorageFullError`. */
  async help<Result>(write: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await write();
        if (attempt > 1) this.refill();
        return result;
      } catch (error) {
        if (!isFull(error) || attempt === MAX_ATTEMPTS || !this.#give(0)) throw explainFull(error, this.#folder);
      }
    }
  }

  get #sizeBytes(): number {
    return sizeOf(this.#path);
  }

  #give(leftSizeBytes: number): boolean {
    const sizeBytes = this.#sizeBytes;
    if (sizeBytes <= leftSizeBytes) return false;
    truncateSync(this.#path, Math.max(leftSizeBytes, sizeBytes - STEP_SIZE_BYTES));
    return true;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Writes pieces to the end of a file until it is so large, or the disk full. */
function appendUntil(file: number, sizeBytes: number, piece: Buffer): boolean {
  try {
    for (let { size } = fstatSync(file); size < sizeBytes;)
      size += writeSync(file, piece, 0, Math.min(sizeBytes - size, piece.length), size);
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}
