import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { ABSENT_KEYS } from "../keys/absentKeys.ts";
import type { WarnOfRing } from "../keys/FileRing.ts";
import type { Keys } from "../keys/Keys.ts";
import { writeKeyUses } from "../store/accounts/keyLastUsed.ts";
import { createStore } from "../store/createStore.ts";
import type { DataFolder } from "../store/folder/dataFolder.ts";
import { DataFolderFormatError } from "../store/folder/dataFolder.ts";
import type { Durability } from "../store/durability.ts";
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
  /** Whether S3's time is that of the folder's test clock. Default: it is real time. */
  readonly testClock?: boolean;
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
 * `DataFolderFormatError` when the index of a folder that held a store is lost or damaged, and `KeyRingError` when its key ring is: then
 * nothing is made or removed.
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
    const ring = wish === "none" ? undefined : await openRing(folder, usedRing(metadata), options, { mayMake: wish === "make", warn });
    const keys = ring === undefined ? ABSENT_KEYS : keysFor(ring, options, () => store, warn);
    const store: Store = await storeOn(folder, metadata, keys, options);
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

async function storeOn(
  { blobsPath, reserve, run }: DataFolder,
  metadata: LmdbMetadataEngine,
  keys: Keys,
  options: StoreOptions,
): Promise<Store> {
  const { FileBlobEngine } = await import("../store/blobs/files/FileBlobEngine.ts");
  const blobs = await FileBlobEngine.open({ path: blobsPath, durability: options.durability, run, reserve });
  const clock = options.testClock === true ? testClock(metadata, Date.now) : Date.now;
  const encryptsByDefault = options.defaultEncryption !== "off";
  const randomness = pooledRandomBytes(randomBytes);
  return createStore({ metadata, blobs, clock, realClock: Date.now, randomBytes: randomness, keys, encryptsByDefault });
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
