/**
 * A program that writes objects into the data folder named by its argument until it is killed. It prints "<key> <seed> <size>" for every
 * write once that is acknowledged.
 */
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { patternBytes } from "../../store/blobs/blobs.suite.ts";
import { openUncheckedStore, putObject } from "../../store/testStore.ts";

const WRITERS = 8;
/** As many as writers, or a divisor: all objects of one writer have one size. */
const SIZES_BYTES = [10, 70_000, 300_000, 1_000_000];

const folder = await DataFolder.open(process.argv[2]!);
const store = await openUncheckedStore({
  metadata: await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "written", mapSizeBytes: 64 * 1024 * 1024 }),
  blobs: await FileBlobEngine.open({ path: folder.blobsPath, durability: "written", run: folder.run }),
});

async function write(writer: number): Promise<never> {
  for (let seed = writer + 1; ; seed += WRITERS) {
    const sizeBytes = SIZES_BYTES[seed % SIZES_BYTES.length]!;
    // Every other object overwrites one of this writer's own, so that there is something to collect.
    const key = `${folder.run}/${writer}/${seed % 2 === 0 ? "same" : seed}`;
    await putObject(store, key, patternBytes(sizeBytes, seed));
    process.stdout.write(`${key} ${seed} ${sizeBytes}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
