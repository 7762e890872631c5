import assert from "node:assert/strict";
import { openContent, writeContent } from "../../../src/store/objects/content.ts";
import { describeBucket, findBucket } from "../../../src/store/buckets/buckets.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import { NULL_VERSION_ID } from "../../../src/store/objects/versionIds.ts";
import { pageOfVersions } from "../../../src/store/objects/versionListing.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import type { Store } from "../../../src/store/Store.ts";
import { collectBytes } from "../../store/blobs/blobs.suite.ts";
import { source } from "../../store/testStore.ts";
import type { Histories, Step, Version } from "./histories.ts";
import { bytesOf, seedOf } from "./histories.ts";

const PAGE_VERSIONS = 7;

/** What a bucket of a store holds: every version by the pages that list it, by its id, and to its last byte. */
export async function storedHistories(store: Store, name: string): Promise<Histories> {
  const bucket = (await findBucket(store, name))!;
  const keys = new Map<string, Version[]>();
  const plan = { prefix: "", delimiter: "", limit: PAGE_VERSIONS };
  let at: { readonly keyMarker: string; readonly versionIdMarker: string | undefined } = {
    keyMarker: "",
    versionIdMarker: undefined,
  };
  for (;;) {
    const { items, more } = await pageOfVersions(store, bucket, { ...plan, ...at });
    for (const item of items) {
      assert.ok("key" in item);
      const { key, isLatest, version } = item;
      const versions = keys.get(key) ?? [];
      assert.equal(isLatest, versions.length === 0, `${key} of ${name}: which version is the latest`);
      const id = version.versionId ?? NULL_VERSION_ID;
      const record = (await objects.findVersion(store, bucket, key, id))!;
      if (isLatest) await checkCurrent(store, bucket, key, record);
      versions.push({ id, seed: record.isDeleteMarker ? undefined : await readSeed(store, record) });
      keys.set(key, versions);
      at = { keyMarker: key, versionIdMarker: id };
    }
    if (!more) return { status: bucket.versioning, keys };
  }
}

async function checkCurrent(store: Store, bucket: BucketRecord, key: string, newest: ObjectRecord): Promise<void> {
  const current = await objects.findObject(store, bucket, key);
  assert.deepEqual(current, newest.isDeleteMarker ? undefined : newest, `the current object of ${key} in ${bucket.name}`);
}

async function readSeed(store: Store, record: ObjectRecord): Promise<number> {
  const { source: bytes } = await openContent(store, record, 0, record.sizeBytes);
  return seedOf(Buffer.isBuffer(bytes) ? bytes : await collectBytes(bytes));
}

/** Ids of versions that a step made, in order, and of those that it took away for good. */
export interface Changed {
  readonly made: readonly string[];
  readonly gone: readonly string[];
}

/** Takes a step, as a request does that found the bucket so. */
export async function takeStep(store: Store, bucket: BucketRecord, step: Step): Promise<Changed> {
  const nowMs = store.clock();
  switch (step.kind) {
    case "versioning":
      await describeBucket(store, bucket, (committed) => ({ ...committed, versioning: step.status }));
      return { made: [], gone: [] };
    case "put": {
      const written = await writeContent(store, source(bytesOf(step.seed)), nowMs);
      const object = described(bucket, written.sizeBytes, nowMs);
      return { made: idsOf([await objects.putObject(store, target(bucket, step.key, nowMs), object, written)]), gone: [] };
    }
    case "copy": {
      const from = (await objects.findVersion(store, bucket, step.from.key, step.from.id))!;
      const object = described(bucket, from.sizeBytes, nowMs);
      return { made: idsOf([await objects.copyObject(store, target(bucket, step.key, nowMs), object, from)]), gone: [] };
    }
    case "delete": {
      const powers = { ifMatch: undefined, bypassesGovernance: false, hasSecondFactor: false };
      const deletions = step.of.map(({ key, id }) => ({ key, versionId: id, ...powers }));
      const results = await objects.deleteObjects(store, bucket, deletions, nowMs);
      const deleted = results.map((result) => ("gone" in result ? result : assert.fail(result)));
      return { made: idsOf(deleted.map(({ marker }) => marker)), gone: idsOf(deleted.map(({ gone }) => gone)) };
    }
  }
}

function idsOf(records: readonly (ObjectRecord | undefined)[]): string[] {
  return records.flatMap((record) => record?.versionId ?? []);
}

function target(bucket: BucketRecord, key: string, nowMs: number): objects.ObjectTarget {
  return { bucket, key, conditions: { ifMatch: undefined, ifNoneMatch: undefined }, existedBefore: false, nowMs };
}

function described({ ownerId, ownerName }: BucketRecord, sizeBytes: number, lastModifiedMs: number) {
  const plain = { storageClass: "STANDARD", checksum: undefined, system: {}, user: [], partsCount: 0, ...PLAIN_OBJECT };
  return { ...plain, ownerId, ownerName, lastModifiedMs, sizeBytes, etag: "0" };
}
