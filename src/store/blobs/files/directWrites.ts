import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, unlink } from "node:fs/promises";
import { ChunkBuffer } from "./ChunkBuffers.ts";
import { systemCode } from "../../../errors/systemCode.ts";

/**
 * Writes that go from the program's memory to the disk (O_DIRECT), not into the system's cache first: there, the copy alone takes a large
 * body more time than everything else a write needs, and who waits for the disk in the end gains nothing by it.
 *
 * They must begin and end at the disk's blocks, in the file and in memory. Not every system or file system has them.
 */

/** Disks have blocks of at most this size, with very few exceptions. */
export const DIRECT_BLOCK_SIZE_BYTES = 4096;

/** Smaller blobs go through the cache: they are likely to be read soon, and cost little. */
export const DIRECT_MIN_SIZE_BYTES: number = 1024 * 1024;

/** Opens new files for direct writes, once it has found that they work where these files are. */
export class DirectWrites {
  readonly #takesBlock: (file: FileHandle) => Promise<boolean>;
  #areSupported: boolean | undefined = constants.O_DIRECT === undefined ? false : undefined;

  /** `takesBlock` tries to write a block to the front of a file; of the first one, for all that follow. */
  constructor(takesBlock: (file: FileHandle) => Promise<boolean> = writesBlock) {
    this.#takesBlock = takesBlock;
  }

  /** A new, empty file at `path`; `undefined`, and no file, when it cannot be written so. Throws when there is such a file, and what disks throw. */
  async create(path: string): Promise<FileHandle | undefined> {
    if (this.#areSupported === false) return undefined;
    const { O_CREAT, O_DIRECT, O_EXCL, O_WRONLY } = constants;
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_DIRECT, 0o600).catch(ifUnsupported);
    let isTaken = false;
    try {
      isTaken = this.#areSupported ??= file !== undefined && (await this.#takesBlock(file));
    } finally {
      if (!isTaken) await discard(file, path);
    }
    return isTaken ? file : undefined;
  }
}

/** Some file systems have made a file when they find that it cannot be opened so. */
async function discard(file: FileHandle | undefined, path: string): Promise<void> {
  await file?.close();
  await unlink(path).catch(() => undefined);
}

async function writesBlock(file: FileHandle): Promise<boolean> {
  const { bytes } = new ChunkBuffer(DIRECT_BLOCK_SIZE_BYTES);
  return (await file.write(bytes, 0, bytes.length, 0).catch(ifUnsupported)) !== undefined;
}

function ifUnsupported(error: unknown): undefined {
  if (!UNSUPPORTED.has(systemCode(error))) throw error;
}

const UNSUPPORTED: ReadonlySet<unknown> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP"]);
