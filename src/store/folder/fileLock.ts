import { writeFile } from "node:fs/promises";

const FILE_MODE = 0o600;
/** SQLite's code for "another process holds the lock". */
const SQLITE_BUSY = 5;

/** A lock that is held until it is closed, or the process ends. */
export interface FileLock {
  close(): void;
}

/**
 * Takes the lock of a file, which is made where it is missing; `undefined` while somebody else holds it. An exclusive SQLite transaction is a
 * lock of the operating system: it holds across containers that share the volume and ends with the process however that ends, so that
 * no stale lock is ever left to be removed by hand.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  // Loaded only here: the in-memory library starts without it.
  const { DatabaseSync } = await import("node:sqlite");
  await writeFile(path, "", { flag: "a", mode: FILE_MODE });
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it: no journal file is wanted beside it.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}
