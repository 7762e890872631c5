/**
 * A program that makes and deletes versions in buckets of the data folder named by its argument, one for each writer, until it is killed.
 * It prints "<bucket> begun <step>" before each step, and "<bucket> done <ids>" once that is acknowledged, with the ids it made.
 */
import { randomInt } from "node:crypto";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { createBucket, findBucket } from "../../../src/store/buckets/buckets.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { BUCKET, openUncheckedStore } from "../../store/testStore.ts";
import { afterStep, nextStep } from "./histories.ts";
import { storedHistories, takeStep } from "./storedHistories.ts";

const WRITERS = 6;

const folder = await DataFolder.open(process.argv[2]!);
const store = await openUncheckedStore({
  metadata: await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "written", mapSizeBytes: 64 * 1024 * 1024 }),
  blobs: await FileBlobEngine.open({ path: folder.blobsPath, durability: "written", run: folder.run }),
});

async function write(bucket: string): Promise<never> {
  await createBucket(store, { ...BUCKET, name: bucket });
  let histories = await storedHistories(store, bucket);
  for (;;) {
    const step = nextStep(histories, randomInt(2 ** 32));
    process.stdout.write(`${bucket} begun ${JSON.stringify(step)}\n`);
    const { made } = await takeStep(store, (await findBucket(store, bucket))!, step);
    process.stdout.write(`${bucket} done ${JSON.stringify(made)}\n`);
    histories = afterStep(histories, step, made);
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(`versions-${writer}`)));
