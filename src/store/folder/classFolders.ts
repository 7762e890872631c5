import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isNowhere } from "../../errors/systemCode.ts";
import { folderTag, isFolderTag } from "../blobs/folderIds.ts";
import type { MetadataEngine } from "../metadata/MetadataEngine.ts";
import type { BlobFolderRecord } from "../records/BlobFolderRecord.ts";
import { blobFolderRow, blobFolders, blobsInFolder } from "../records/BlobFolderRecord.ts";
import { put } from "../records/Row.ts";
import { DataFolderFormatError } from "./dataFolder.ts";
import { writeDurably } from "./durableFiles.ts";

/**
 * Folders in which the blobs of some storage classes lie, beside the data folder, most often on other disks:
 *
 * ```
 * holdfast-folder.json   the folder's tag, which the index knows; the ids of its blobs begin with it
 * blobs/                 the blob engine's
 * ```
 *
 * The index has a row for each, so that every process opens the same ones. A folder that is missing, empty (a disk that is not mounted) or of
 * another store is refused before anything is written.
 */

const MARKER_FILE = "holdfast-folder.json";
const BLOBS_FOLDER = "blobs";
const MARKER_FORMAT = 1;
/** What a fresh file system may hold, and a start that was cut short may have left. */
const NOTHING: ReadonlySet<string> = new Set(["lost+found", `${MARKER_FILE}.new`]);

/** Folders a store may ever have had. */
const MAX_FOLDERS = 1_000;

/** A folder of blobs as it is opened. */
export interface OpenClassFolder extends BlobFolderRecord {
  readonly tag: string;
  readonly blobsPath: string;
}

type KnownFolder = BlobFolderRecord & { readonly tag: string };

/** The folders of a store, as the server that runs, or ran last, has entered them. Throws `DataFolderFormatError` for one that is not there. */
export async function joinClassFolders(metadata: MetadataEngine): Promise<readonly OpenClassFolder[]> {
  const folders = (await knownFolders(metadata)).filter(({ classes }) => classes.length > 0);
  for (const { path, tag, classes } of folders) {
    if ((await markerIn(path)) === tag) continue;
    throw new DataFolderFormatError(`${folderOf(path, classes)} is not there, or is another one. Is its disk mounted?`);
  }
  return folders.map(opened);
}

/**
 * Enters the folders that a server is started with, by class, and makes them the store's where they are new. Paths are absolute. Throws
 * `DataFolderFormatError` for a folder that is missing, of another store or not empty, and where one is left out in which blobs lie.
 */
export async function claimClassFolders(
  metadata: MetadataEngine,
  wanted: ReadonlyMap<string, string>,
  randomBytes: (sizeBytes: number) => Buffer,
): Promise<readonly OpenClassFolder[]> {
  const known = await knownFolders(metadata);
  const claims: (KnownFolder & { readonly isNew: boolean })[] = [];
  for (const [path, classes] of await byPath(wanted)) {
    const tag = await tagOf(metadata, path, classes, known);
    const twin = claims.find((other) => other.tag === tag);
    if (twin !== undefined)
      throw new DataFolderFormatError(`${path} and ${twin.path} are copies of one folder; only one can be used.`);
    claims.push({ path, classes, tag: tag ?? folderTag(randomBytes), isNew: (await markerIn(path)) === undefined });
  }
  const left = known.filter(({ tag }) => !claims.some((claim) => claim.tag === tag));
  for (const folder of left) if (await holdsBlobs(metadata, folder.tag)) throw leftOut(folder);
  const rows = [...left.map((folder) => ({ ...folder, classes: [] })), ...claims];
  if (rows.length > 0) {
    await metadata.transact({ keys: [] }, () => ({
      changes: rows.map(({ tag, path, classes }) => put(blobFolderRow(tag), { path, classes })),
      result: undefined,
    }));
  }
  // After the index knows the tag: a marker that it does not know is another store's.
  for (const { path, tag, isNew } of claims) if (isNew) await writeMarker(path, tag);
  return claims.map(opened);
}

function opened({ tag, path, classes }: KnownFolder): OpenClassFolder {
  return { tag, path, classes, blobsPath: join(path, BLOBS_FOLDER) };
}

/** The classes of each folder. */
async function byPath(wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [name, given] of wanted) {
    const path = await presentFolder(given, name);
    found.set(path, [...(found.get(path) ?? []), name]);
  }
  return found;
}

async function presentFolder(given: string, name: string): Promise<string> {
  try {
    const path = await realpath(given);
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!isNowhere(error)) throw error;
  }
  throw new DataFolderFormatError(
    `${folderOf(given, [name])} does not exist. Make it, or mount its disk, and start again: it is not made by itself, for it would be made on the wrong disk.`,
  );
}

/** The tag of a folder that the store may use; `undefined` for a fresh one. */
async function tagOf(
  metadata: MetadataEngine,
  path: string,
  classes: readonly string[],
  known: readonly KnownFolder[],
): Promise<string | undefined> {
  const tag = await markerIn(path);
  if (tag !== undefined) {
    if (known.some((folder) => folder.tag === tag)) return tag;
    throw new DataFolderFormatError(`${folderOf(path, classes)} belongs to another store. Choose an empty folder.`);
  }
  const foreign = (await readdir(path)).find((name) => !NOTHING.has(name));
  if (foreign !== undefined) {
    throw new DataFolderFormatError(
      `${folderOf(path, classes)} has no "${MARKER_FILE}" but holds "${foreign}". Choose an empty folder.`,
    );
  }
  const before = known.find((folder) => folder.path === path);
  if (before !== undefined && (await holdsBlobs(metadata, before.tag))) {
    throw new DataFolderFormatError(
      `${folderOf(path, classes)} is empty, and bytes of objects lay in it. Is its disk mounted? Otherwise restore it from its latest backup.`,
    );
  }
  return before?.tag;
}

function leftOut({ path, classes }: KnownFolder): DataFolderFormatError {
  const option = (classes.length === 0 ? ["GLACIER"] : classes).map((name) => `--storage-class ${name}=${path}`).join(" ");
  return new DataFolderFormatError(
    `Bytes of objects lie in ${path}, which no --storage-class names. Start with ${option} again, or with the place the folder was moved to. It can be left out when its objects have other storage classes, or are deleted, and a minute has passed.`,
  );
}

function folderOf(path: string, classes: readonly string[]): string {
  return `The folder ${path} of the storage class ${classes.join(", ")}`;
}

async function knownFolders(metadata: MetadataEngine): Promise<readonly KnownFolder[]> {
  const rows = blobFolders(MAX_FOLDERS);
  const { ranges } = await metadata.read({ keys: [], ranges: [rows] });
  return ranges[0]!.map(rows.decode);
}

async function holdsBlobs(metadata: MetadataEngine, tag: string): Promise<boolean> {
  const { ranges } = await metadata.read({ keys: [], ranges: [blobsInFolder(tag, "named", 1), blobsInFolder(tag, "dead", 1)] });
  return ranges.some((found) => found.length > 0);
}

/** The tag in the marker of a folder; `undefined` without one. Throws `DataFolderFormatError` for one that cannot be read. */
async function markerIn(path: string): Promise<string | undefined> {
  const file = join(path, MARKER_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
  const { format, tag } = parsed(text);
  if (format === MARKER_FORMAT && isFolderTag(tag)) return tag;
  throw new DataFolderFormatError(`${file} is damaged, or of a later version of Holdfast.`);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function writeMarker(path: string, tag: string): Promise<void> {
  await writeDurably(join(path, MARKER_FILE), `${JSON.stringify({ format: MARKER_FORMAT, tag })}\n`);
}
