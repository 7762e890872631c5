import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { afterAllElse, newFolder } from "./newFolder.ts";

const PIECE_SIZE_BYTES = 64 * 1024;

/** Why no small disk can be had here, if that can be told before trying: for a test's `skip`. */
export const noSmallDisk: string | false = process.getuid?.() !== 0 && "a small disk needs root to be mounted";

/** A file system of a test's own that can be filled to its last byte: ext4 in a file, or tmpfs where that cannot be mounted. */
export class SmallDisk {
  /** Where it is mounted. */
  readonly path: string;
  readonly kind: "ext4" | "tmpfs";

  private constructor(path: string, kind: "ext4" | "tmpfs") {
    this.path = path;
    this.kind = kind;
  }

  /** Mounts one until the test has ended; skips the test and resolves with `undefined` where nothing may be mounted. */
  static mount(t: TestContext, sizeBytes: number): SmallDisk | undefined {
    const folder = newFolder(t);
    const path = join(folder, "disk");
    mkdirSync(path);
    const kind = mountExt4(join(folder, "image"), path, sizeBytes) ? "ext4" : mountTmpfs(path, sizeBytes) ? "tmpfs" : undefined;
    if (kind === undefined) {
      t.skip("nothing may be mounted here");
      return undefined;
    }
    afterAllElse(t, () => void execFileSync("umount", ["-l", path]));
    return new SmallDisk(path, kind);
  }

  /** What is left for whoever is not root. */
  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Takes every byte that is left, but for some, as another program would. */
  fill(leftBytes = 0): void {
    const file = openSync(join(this.path, "others"), "a");
    try {
      while (this.freeBytes > leftBytes + PIECE_SIZE_BYTES) writeSync(file, Buffer.alloc(PIECE_SIZE_BYTES, "o"));
      if (leftBytes > 0) return;
      for (let size = PIECE_SIZE_BYTES; size >= 1; size = size === PIECE_SIZE_BYTES ? 512 : size >> 1) writeAll(file, size);
    } finally {
      closeSync(file);
    }
  }

  /** Gives back what `fill` took. */
  release(): void {
    rmSync(join(this.path, "others"), { force: true });
  }
}

function writeAll(file: number, sizeBytes: number): void {
  const piece = Buffer.alloc(sizeBytes, "o");
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

function mountExt4(image: string, path: string, sizeBytes: number): boolean {
  writeFileSync(image, "");
  truncateSync(image, sizeBytes);
  return (
    succeeds("mkfs.ext4", ["-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", image]) &&
    succeeds("mount", ["-o", "loop", image, path])
  );
}

function mountTmpfs(path: string, sizeBytes: number): boolean {
  return succeeds("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs", path]);
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
