import assert from "node:assert/strict";
import { describeBucket, findBucket } from "../../../src/store/buckets/buckets.ts";
import { putSetting } from "../../../src/store/buckets/settings.ts";
import { LIFECYCLE_KIND } from "../../../src/store/lifecycle/readLifecycle.ts";
import type { MetadataEngine } from "../../../src/store/metadata/MetadataEngine.ts";
import { writeContent } from "../../../src/store/objects/content.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import { pageOfVersions } from "../../../src/store/objects/versionListing.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import type { Store } from "../../../src/store/Store.ts";
import { createUpload } from "../../../src/store/uploads/multipart.ts";
import type { LifecycleEvent, LifecycleProgress, LifecycleRunOptions } from "../../../src/tasks/lifecycle/LifecycleRun.ts";
import { runLifecycle } from "../../../src/tasks/lifecycle/LifecycleRun.ts";
import type { TestStore } from "../../store/testStore.ts";
import { BUCKET, openTestStore, source } from "../../store/testStore.ts";

export const DAY_MS: number = 24 * 60 * 60 * 1000;

/** Noon of the first day. */
export const NOON_MS: number = Date.parse("2030-01-01T12:00:00Z");

/** A store with a bucket, the time being noon of 1 January 2030. */
export async function openAgingStore(
  versioning?: BucketRecord["versioning"],
  engines: { metadata?: MetadataEngine } = {},
): Promise<TestStore> {
  const store = await openTestStore(engines);
  store.nowMs = NOON_MS;
  if (versioning !== undefined) await setVersioning(store, versioning);
  return store;
}

/** The bucket as it is now. */
export async function bucketOf(store: Store): Promise<BucketRecord> {
  return (await findBucket(store, BUCKET.name))!;
}

export async function setVersioning(store: Store, versioning: BucketRecord["versioning"]): Promise<void> {
  await describeBucket(store, BUCKET, (bucket) => ({ ...bucket, versioning }));
}

/** Sets the bucket's rules, each as it is stored; ids and filters for everything need not be said. */
export async function setRules(store: Store, ...rules: readonly object[]): Promise<void> {
  const said = rules.map((rule, index) => ({ ID: `rule${index + 1}`, Status: "Enabled", Filter: {}, ...rule }));
  const document = JSON.stringify({ Rules: said, TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" });
  await putSetting(store, await bucketOf(store), LIFECYCLE_KIND, document);
}

/** Puts an object, at the time of the store's clock. */
export async function put(
  store: Store,
  key: string,
  said: Partial<ObjectRecord> & { readonly bytes?: Buffer } = {},
): Promise<ObjectRecord> {
  const { bytes = Buffer.from(key), ...more } = said;
  const bucket = await bucketOf(store);
  const nowMs = store.clock();
  const written = await writeContent(store, source(bytes), nowMs);
  const target = { bucket, key, conditions: { ifMatch: undefined, ifNoneMatch: undefined }, existedBefore: false, nowMs };
  return objects.putObject(
    store,
    target,
    {
      ownerId: bucket.ownerId,
      ownerName: bucket.ownerName,
      lastModifiedMs: nowMs,
      sizeBytes: bytes.length,
      etag: "0",
      storageClass: "STANDARD",
      checksum: undefined,
      system: {},
      user: [],
      partsCount: 0,
      ...PLAIN_OBJECT,
      ...more,
    },
    written,
  );
}

/** Deletes an object, or one version of it, as a request does. */
export async function drop(store: Store, key: string, versionId?: string): Promise<objects.Deleted> {
  const deletion = { key, versionId, ifMatch: undefined, bypassesGovernance: false, hasSecondFactor: false };
  return objects.deleteObject(store, await bucketOf(store), deletion, store.clock());
}

/** Begins an upload; resolves with its id. */
export async function begin(store: Store, key: string): Promise<string> {
  const { uploadId } = await createUpload(store, await bucketOf(store), {
    key,
    initiatedAtMs: store.clock(),
    storageClass: "STANDARD",
    ownerId: BUCKET.ownerId,
    ownerName: BUCKET.ownerName,
    initiatorId: BUCKET.ownerId,
    initiatorName: BUCKET.ownerName,
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    checksumType: undefined,
    ...PLAIN_OBJECT,
  });
  return uploadId;
}

/** Runs lifecycle to its end, where nothing may fail. */
export async function run(store: Store, said: Partial<LifecycleRunOptions> = {}): Promise<LifecycleProgress> {
  return runLifecycle(store, {
    signal: new AbortController().signal,
    onFailure: (what, cause) => assert.fail(`${what}: ${String(cause)}`),
    pause: async () => undefined,
    ...said,
  });
}

/** Runs lifecycle to its end; resolves with what it did, each in a line. */
export async function runTold(store: Store, said: Partial<LifecycleRunOptions> = {}): Promise<readonly string[]> {
  const told: string[] = [];
  await run(store, { ...said, onEvent: (event) => void told.push(inWords(event)) });
  return told;
}

function inWords({ action, key, ruleId, storageClass, uploadId }: LifecycleEvent): string {
  return [action, key, storageClass ?? uploadId, `by ${ruleId}`].filter((word) => word !== undefined).join(" ");
}

/** What is there: each key with its versions, newest first; "-" is a delete marker, anything else the class. */
export async function shown(store: Store): Promise<Record<string, string>> {
  const plan = { prefix: "", delimiter: "", keyMarker: "", versionIdMarker: undefined, limit: 1_000_000 };
  const { items } = await pageOfVersions(store, await bucketOf(store), plan);
  const words: Record<string, string> = {};
  for (const item of items) {
    if (!("version" in item)) continue;
    const word = item.version.isDeleteMarker ? "-" : item.version.storageClass;
    words[item.key] = words[item.key] === undefined ? word : `${words[item.key]} ${word}`;
  }
  return words;
}
