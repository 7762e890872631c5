import assert from "node:assert/strict";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

const DAMAGED_OFFSET = 1_000;

/** Changes a byte in the middle of the one blob below a folder, as a failing disk does. */
export async function damageTheOnlyBlob(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && !entry.parentPath.endsWith("open"),
  );
  assert.equal(files.length, 1);
  const file = await open(join(files[0]!.parentPath, files[0]!.name), "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, DAMAGED_OFFSET);
  byte[0]! ^= 0xff;
  await file.write(byte, 0, 1, DAMAGED_OFFSET);
  await file.close();
}
