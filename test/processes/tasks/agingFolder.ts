import { randomBytes } from "node:crypto";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { createStore } from "../../../src/store/createStore.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import type { TestStore } from "../../store/testStore.ts";

/** A store on a data folder, as it was left. */
export interface AgingFolder {
  readonly store: TestStore;
  close(): Promise<void>;
}

/** Opens a data folder at a time of S3's. */
export async function openAgingFolder(path: string, nowMs: number): Promise<AgingFolder> {
  const folder = await DataFolder.open(path);
  const metadata = await LmdbMetadataEngine.open({
    path: folder.metadataPath,
    durability: "written",
    mapSizeBytes: 64 * 1024 * 1024,
  });
  const blobs = await FileBlobEngine.open({ path: folder.blobsPath, durability: "written", run: folder.run });
  const store: TestStore = Object.assign(
    createStore({ metadata, blobs, clock: () => store.nowMs, realClock: Date.now, randomBytes }),
    {
      nowMs,
    },
  );
  return {
    store,
    async close() {
      await blobs.close();
      await metadata.close();
      folder.close();
    },
  };
}
