import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { ABSENT_KEYS } from "../keys/absentKeys.ts";
import type { WarnOfRing } from "../keys/FileRing.ts";
import type { Keys } from "../keys/Keys.ts";
import { writeKeyUses } from "../store/accounts/keyLastUsed.ts";
import type { BlobEngine } from "../store/blobs/BlobEngine.ts";
import { createStore } from "../store/createStore.ts";
import type { OpenClassFolder } from "../store/folder/classFolders.ts";
import { claimClassFolders, joinClassFolders } from "../store/folder/classFolders.ts";
import type { DataFolder } from "../store/folder/dataFolder.ts";
import { DataFolderFormatError } from "../store/folder/dataFolder.ts";
import type { Durability } from "../store/durability.ts";
import type { MetadataEngine } from "../store/metadata/MetadataEngine.ts";
import { RememberingEngine } from "../store/metadata/past/RememberingEngine.ts";
import type { RestoreTimes } from "../store/restoreTimes.ts";
import { pooledRandomBytes } from "../store/randomPool.ts";
import type { LmdbMetadataEngine } from "../store/metadata/lmdb/LmdbMetadataEngine.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";
import type { KeyRingRecord } from "../store/records/KeyRingRecord.ts";
import { KEY_RING_ROW } from "../store/records/KeyRingRecord.ts";
import type { Store } from "../store/Store.ts";
import { testClock } from "../store/testClock.ts";
import type { KeySettings } from "./openKeys.ts";
import { keysFor, noteRing, openRing } from "./openKeys.ts";

/** How the engines of a data folder are opened. */
export interface StoreOptions extends KeySettings {
  readonly durability: Durability;
  readonly mapSizeBytes: number;
  /** How long restores of archived objects take. Default: "instant". */
  readonly restoreTimes?: RestoreTimes;
  /**
   * Folders of storage classes, by class, for the server's first process, which enters them in the index. Default: those that are entered
   * there, for whoever joins.
   */
  readonly classFolders?: ReadonlyMap<string, string>;
  /** Whether S3's time is that of the folder's test clock. Default: it is real time. */
  readonly testClock?: boolean;
  /** Whether planned faults may strike: then the store remembers how it was. Default: `false`. */
  readonly faults?: boolean;
  /** Hears once a second of a process that keeps all others from writing. */
  readonly onLockHeld?: ((holder: WriteLockHolder) => void) | undefined;
  /**
   * Whether the key ring is made where none was ever used, has to be there, or is not wanted, for what needs no key.
   * Default: "make".
   */
  readonly ring?: "make" | "open" | "none";
  /** Default: "AES256". */
  readonly defaultEncryption?: ServerSettings["defaultEncryption"];
  /** Hears of what the operator may want to do something about. */
  readonly warn?: WarnOfRing;
}

/**
 * Opens the engines of a data folder; `close` only when no request is under way. The engines are loaded when they are first needed. Throws
 * `DataFolderFormatError` when the index of a folder that held a store is lost or damaged, or a folder of a storage class is not what it has to
 * be, and `KeyRingError` when its key ring is: then nothing is made or removed.
 */
export async function openStore(folder: DataFolder, options: StoreOptions): Promise<Store> {
  const [{ findIndexProblem, INDEX_FILE }, { LmdbMetadataEngine }] = await Promise.all([
    import("../store/metadata/lmdb/indexFile.ts"),
    import("../store/metadata/lmdb/LmdbMetadataEngine.ts"),
  ]);
  const problem = await findIndexProblem(folder.metadataPath, folder.heldStore);
  if (problem !== undefined) throw lostIndex(folder, join(folder.metadataPath, INDEX_FILE), problem);
  const { durability, mapSizeBytes, onLockHeld } = options;
  const { metadataPath, reserve } = folder;
  const metadata = await LmdbMetadataEngine.open({ path: metadataPath, durability, mapSizeBytes, onLockHeld, reserve });
  try {
    const { ring: wish = "make", warn } = options;
    const ring =
      wish === "none" ? undefined : await openRing(folder, usedRing(metadata), options, { mayMake: wish === "make", warn });
    const keys = ring === undefined ? ABSENT_KEYS : keysFor(ring, options, () => store, warn);
    const store: Store = storeOn(metadata, await blobsOf(folder, metadata, options), keys, options);
    if (ring !== undefined && wish === "make") await noteRing(store, ring);
    return store;
  } catch (cause) {
    await metadata.close();
    throw cause;
  }
}

/** Which ring the store of an index sealed with. */
function usedRing(metadata: LmdbMetadataEngine): KeyRingRecord | undefined {
  const bytes = metadata.read({ keys: [KEY_RING_ROW.key] }).values[0];
  return bytes === undefined ? undefined : KEY_RING_ROW.codec.decode(bytes, KEY_RING_ROW.key);
}

function storeOn(metadata: LmdbMetadataEngine, blobs: BlobEngine, keys: Keys, options: StoreOptions): Store {
  const { restoreTimes = "instant" } = options;
  const clock = options.testClock === true ? testClock(metadata, Date.now) : Date.now;
  const encryptsByDefault = options.defaultEncryption !== "off";
  const randomness = pooledRandomBytes(randomBytes);
  const engines = { metadata, blobs, keys };
  const past = options.faults === true ? new RememberingEngine(metadata, clock) : undefined;
  const world = { clock, realClock: Date.now, randomBytes: randomness };
  return createStore({ ...engines, ...(past && { metadata: past, past }), ...world, encryptsByDefault, restoreTimes });
}

async function blobsOf(
  { blobsPath, reserve, run }: DataFolder,
  metadata: LmdbMetadataEngine,
  options: StoreOptions,
): Promise<BlobEngine> {
  const { durability } = options;
  const { FileBlobEngine } = await import("../store/blobs/files/FileBlobEngine.ts");
  const folders = await classFoldersOf(metadata, options);
  const main = await FileBlobEngine.open({ path: blobsPath, durability, run, reserve });
  const engines = await Promise.all(folders.map(({ blobsPath: path }) => FileBlobEngine.open({ path, durability, run })));
  return folders.length === 0 ? main : classed(main, folders, engines);
}

function classFoldersOf(metadata: MetadataEngine, { classFolders }: StoreOptions): Promise<readonly OpenClassFolder[]> {
  return classFolders === undefined ? joinClassFolders(metadata) : claimClassFolders(metadata, classFolders, randomBytes);
}

async function classed(
  main: BlobEngine,
  folders: readonly OpenClassFolder[],
  engines: readonly BlobEngine[],
): Promise<BlobEngine> {
  // Loaded only by those who have such folders.
  const { ClassedBlobEngine } = await import("../store/blobs/folders/ClassedBlobEngine.ts");
  return new ClassedBlobEngine(
    main,
    folders.map(({ tag, classes }, index) => ({ tag, classes, engine: engines[index]! })),
  );
}

function lostIndex({ heldStore, metadataPath, blobsPath }: DataFolder, file: string, problem: string): DataFolderFormatError {
  const remedy = heldStore
    ? `Restore ${metadataPath} from the latest backup, and start again.`
    : `Nothing was ever acknowledged from it: remove ${metadataPath}, and start again.`;
  return new DataFolderFormatError(
    `The index ${file} ${problem}. Without it nobody knows which bytes are whose, so nothing was changed, and ${blobsPath} is as it was. ${remedy}`,
  );
}

/**
 * Closes the engines. Requests that were cut (`finished: false`) may still hold blobs: leaving those to the next start is safer than
 * closing under them.
 */
export async function closeStore(store: Store, { finished }: { readonly finished: boolean } = { finished: true }): Promise<void> {
  store.keys.close?.();
  if (finished) {
    await store.readers.close();
    // Who asks when a key was used last can do without the last second, if there is no room for it.
    await writeKeyUses(store).catch(() => undefined);
    await store.blobs.close();
  }
  await store.metadata.close();
}
