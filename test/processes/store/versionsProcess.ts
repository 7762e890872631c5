/**
 * One of several programs that make and delete versions of the same keys: `node versionsProcess.ts <index> <bucket> <steps>`. It prints
 * "begun", and, when all steps are taken, "changed" with, as JSON, the ids of the versions that it made, and of those that it took away.
 */
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { pageOfVersions } from "../../../src/store/objects/versionListing.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { openUncheckedStore } from "../../store/testStore.ts";
import type { Step } from "../tasks/histories.ts";
import { drawn } from "../tasks/histories.ts";
import { takeStep } from "../tasks/storedHistories.ts";

/** Steps that are under way at once. */
const WRITERS = 4;
const KEYS = ["a", "b"];
/** Of 10 bytes. */
const SEED = 0;
const PAGE = { prefix: "", delimiter: "", keyMarker: "", versionIdMarker: undefined, limit: 20 };

const [path, name, steps] = process.argv.slice(2) as [string, string, string];
const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
const store = await openUncheckedStore({ metadata });
/** As requests saw it that have been under way ever since. */
const oldBucket = (await findBucket(store, name))!;
const made: string[] = [];
const gone: string[] = [];

async function drawnStep(bucket: BucketRecord): Promise<Step> {
  const key = drawn(KEYS);
  const what = drawn(["put", "put", "delete", "delete versions"] as const);
  if (what === "put") return { kind: "put", key, seed: SEED };
  if (what === "delete") return { kind: "delete", of: [{ key, id: undefined }] };
  const { items } = await pageOfVersions(store, bucket, PAGE);
  const there = items.flatMap((item) => ("key" in item ? [{ key: item.key, id: item.version.versionId ?? "null" }] : []));
  return { kind: "delete", of: there.length === 0 ? [{ key, id: "null" }] : [drawn(there), drawn(there), { key, id: "null" }] };
}

async function write(): Promise<void> {
  for (let left = Number(steps); left > 0; left--) {
    const bucket = drawn([oldBucket, (await findBucket(store, name))!]);
    const changed = await takeStep(store, bucket, await drawnStep(bucket));
    made.push(...changed.made);
    gone.push(...changed.gone);
  }
}

process.stdout.write("begun\n");
await Promise.all(Array.from({ length: WRITERS }, write));
process.stdout.write(`changed ${JSON.stringify({ made, gone })}\n`);
await metadata.close();
