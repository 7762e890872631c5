import { randomBytes } from "node:crypto";
import { createStore } from "../store/createStore.ts";
import type { DataFolder } from "../store/folder/dataFolder.ts";
import type { Durability } from "../store/durability.ts";
import { pooledRandomBytes } from "../store/randomPool.ts";
import type { Store } from "../store/Store.ts";

/** Opens the engines of a data folder; `close` only when no request is under way. The engines are loaded when they are first needed. */
export async function openStore(
  folder: DataFolder,
  options: { readonly durability: Durability; readonly mapSizeBytes: number },
): Promise<Store> {
  const [{ LmdbMetadataEngine }, { FileBlobEngine }] = await Promise.all([
    import("../store/metadata/lmdb/LmdbMetadataEngine.ts"),
    import("../store/blobs/files/FileBlobEngine.ts"),
  ]);
  const { durability, mapSizeBytes } = options;
  const metadata = await LmdbMetadataEngine.open({ path: folder.metadataPath, durability, mapSizeBytes });
  const blobs = await FileBlobEngine.open({ path: folder.blobsPath, durability, run: folder.run });
  return createStore({ metadata, blobs, clock: Date.now, randomBytes: pooledRandomBytes(randomBytes) });
}

/** Closes the engines. */
export async function closeStore(store: Store): Promise<void> {
  await store.blobs.close();
  await store.metadata.close();
}
