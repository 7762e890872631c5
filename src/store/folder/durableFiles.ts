import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** What a file is called until it is whole. */
export const UNFINISHED_SUFFIX = ".new";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Puts a folder's entries on disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder and its parents where they are missing, for the owner alone, so that a power cut takes none of them. `path` is absolute. */
export async function makeFolder(path: string, sync: (folder: string) => Promise<void> = syncFolder): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  // A new folder is an entry of its parent, which may be new itself.
  for (let made = path; made.length >= first.length; made = dirname(made)) await sync(dirname(made));
}

/** Writes a small file so that, whenever the power goes, it is there whole or not at all. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = path + UNFINISHED_SUFFIX;
  const file = await open(temporary, "w", FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
