import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sharedResult } from "./sharedResult.ts";

/** A disk that does not say how full it is by then is left out: the other figures must not wait for it. */
const DISK_TIMEOUT_MS = 1_000;

/** How full the disk below a folder is. */
export interface DiskFigures {
  /** "data" for the data folder, or the storage class whose folder it is. */
  readonly folder: string;
  readonly sizeBytes: number;
  /** What the server's user may still write. */
  readonly freeBytes: number;
  /** How many more files it may hold; `undefined` where the file system has no such bound. */
  readonly freeFiles: number | undefined;
}

/** The disks below some folders. */
export class DiskSpace {
  readonly #disks: readonly (() => Promise<DiskFigures | undefined>)[];

  /** `folders` are paths by what they are called. */
  constructor(folders: ReadonlyMap<string, string>) {
    // A disk that is silent is asked once, however often somebody asks here.
    this.#disks = [...folders].map(([folder, path]) => sharedResult(() => figuresOf(folder, path), 0));
  }

  /** The figures of those that answer at once. */
  async figures(): Promise<DiskFigures[]> {
    const late = new AbortController();
    const timeout = sleep(DISK_TIMEOUT_MS, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
    const found = await Promise.all(this.#disks.map((ask) => Promise.race([ask(), timeout])));
    late.abort();
    return found.filter((disk) => disk !== undefined);
  }
}

async function figuresOf(folder: string, path: string): Promise<DiskFigures | undefined> {
  try {
    const { bsize, blocks, bavail, files, ffree } = await statfs(path);
    return { folder, sizeBytes: blocks * bsize, freeBytes: bavail * bsize, freeFiles: files === 0 ? undefined : ffree };
  } catch {
    // Who took the folder away is told by FolderWatch.
    return undefined;
  }
}
