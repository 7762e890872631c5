/**
 * A program that moves objects between the data folder named by its first argument and the folder of GLACIER named by the second one, and back,
 * until it is killed. It prints "<key> <class>" for every object and every move once that is acknowledged.
 */
import { openStore } from "../../../src/server/openStore.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { changeStorageClass } from "../../../src/store/objects/changeStorageClass.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { patternBytes } from "../../store/blobs/blobs.suite.ts";
import { BUCKET, commit, objectRecord, putObject } from "../../store/testStore.ts";
import { MOVED_OBJECTS, MOVED_SIZE_BYTES } from "./movedObjects.ts";

const [, , data, cold] = process.argv;
const folder = await DataFolder.open(data!);
const store = await openStore(folder, {
  durability: "written",
  mapSizeBytes: 64 * 1024 * 1024,
  classFolders: new Map([["GLACIER", cold!]]),
});
await commit(store, [put(bucketRow(BUCKET.name), BUCKET)]);

async function move(key: string, seed: number): Promise<never> {
  if ((await objectRecord(store, key)) === undefined) await putObject(store, key, patternBytes(MOVED_SIZE_BYTES, seed));
  for (;;) {
    const record = (await objectRecord(store, key))!;
    process.stdout.write(`${key} ${record.storageClass}\n`);
    await changeStorageClass(store, BUCKET, { key, record }, record.storageClass === "GLACIER" ? "STANDARD" : "GLACIER");
  }
}

await Promise.all(Array.from({ length: MOVED_OBJECTS }, (_, index) => move(`object${index}`, index + 1)));
