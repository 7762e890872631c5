import assert from "node:assert/strict";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Puts a folder in the place of the one blob below a folder: the system then fails to read it, as of a failing disk. */
export async function breakTheOnlyBlob(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && !entry.parentPath.endsWith("open"),
  );
  assert.equal(files.length, 1);
  const path = join(files[0]!.parentPath, files[0]!.name);
  await rm(path);
  await mkdir(path);
}
