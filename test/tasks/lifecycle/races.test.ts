import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision, MetadataEngine, ReadResult, ReadSet } from "../../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { deleteBucket } from "../../../src/store/buckets/buckets.ts";
import { describeVersion, findObject } from "../../../src/store/objects/objects.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { abortUpload } from "../../../src/store/uploads/multipart.ts";
import { replaying } from "../../store/checkedStore.ts";
import type { TestStore } from "../../store/testStore.ts";
import { begin, bucketOf, DAY_MS, drop, openAgingStore, put, runTold, setRules, setVersioning, shown } from "./agingStore.ts";

/** A store to which somebody does something just before lifecycle's first commit: what was read before is not so any more. */
async function openRacedStore(
  versioning?: "Enabled",
): Promise<{ store: TestStore; before: (work: () => Promise<unknown>) => void }> {
  const inner = replaying(new MemoryMetadataEngine());
  let armed: (() => Promise<unknown>) | undefined;
  const metadata: MetadataEngine = {
    read: (readSet) => inner.read(readSet),
    pages: (plans) => inner.pages(plans),
    statistics: () => inner.statistics(),
    close: () => inner.close(),
    async transact<Result>(readSet: ReadSet, decide: (found: ReadResult) => Decision<Result>): Promise<Result> {
      const work = armed;
      armed = undefined;
      await work?.();
      return inner.transact(readSet, decide);
    },
  };
  return { store: await openAgingStore(versioning, { metadata }), before: (work) => (armed = work) };
}

async function describe(
  store: TestStore,
  key: string,
  versionId: string | undefined,
  said: Partial<ObjectRecord>,
): Promise<void> {
  await describeVersion(store, await bucketOf(store), { key, versionId }, (record) => ({ ...record!, ...said }));
}

test("lifecycle: an object that overwrites an expired one between its reading and its deletion stays", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { Expiration: { Days: 1 } });
  await put(store, "a", { etag: "old" });
  store.nowMs += 3 * DAY_MS;
  before(() => put(store, "a", { etag: "new" }));
  assert.deepEqual(await runTold(store), []);
  assert.equal((await findObject(store, await bucketOf(store), "a"))?.etag, "new");
});

test("lifecycle: with versions, too, what has come meanwhile is neither covered nor moved", async () => {
  const { store, before } = await openRacedStore("Enabled");
  await setRules(store, { Expiration: { Days: 9 }, Transitions: [{ Days: 5, StorageClass: "GLACIER" }] });
  const bytes = Buffer.alloc(128 * 1024);
  await put(store, "a", { bytes });
  store.nowMs += 7 * DAY_MS;
  before(() => put(store, "a", { bytes }));
  assert.deepEqual(await runTold(store), []);
  store.nowMs += 7 * DAY_MS;
  before(() => put(store, "a", { bytes }));
  assert.deepEqual(await runTold(store), []);
  assert.deepEqual(await shown(store), { a: "STANDARD STANDARD STANDARD" });
});

test("lifecycle: tags that were changed meanwhile count", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { Filter: { Tag: { Key: "a", Value: "1" } }, Expiration: { Days: 1 } });
  await put(store, "a", { tags: [["a", "1"]] });
  store.nowMs += 3 * DAY_MS;
  before(() => describe(store, "a", undefined, { tags: [["a", "2"]] }));
  assert.deepEqual(await runTold(store), []);
});

test("lifecycle: rules that were taken back meanwhile do nothing, and those in their place hold", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { Filter: { Prefix: "a" }, Expiration: { Days: 1 } });
  await put(store, "a");
  await put(store, "b");
  store.nowMs += 3 * DAY_MS;
  before(() => setRules(store, { ID: "new", Filter: { Prefix: "b" }, Expiration: { Days: 1 } }));
  assert.deepEqual(await runTold(store), ["deleteObject b by new"]);
  assert.deepEqual(Object.keys(await shown(store)), ["a"]);
});

test("lifecycle: an object that got versioning meanwhile is covered, and not deleted", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { Expiration: { Days: 1 } });
  await put(store, "a");
  store.nowMs += 3 * DAY_MS;
  before(() => setVersioning(store, "Enabled"));
  assert.deepEqual(await runTold(store), ["addDeleteMarker a by rule1"]);
  assert.deepEqual(await shown(store), { a: "- STANDARD" });
});

const NONCURRENT = { NoncurrentVersionExpiration: { NoncurrentDays: 1 } };

test("lifecycle: a version that was locked meanwhile stays", async () => {
  const { store, before } = await openRacedStore("Enabled");
  await setRules(store, NONCURRENT);
  const { versionId } = await put(store, "a");
  await put(store, "a");
  store.nowMs += 3 * DAY_MS;
  before(() => describe(store, "a", versionId, { legalHold: "ON" }));
  assert.deepEqual(await runTold(store), []);
});

test("lifecycle: a version that came up meanwhile, because what lay on it was deleted, stays", async () => {
  const { store, before } = await openRacedStore("Enabled");
  await setRules(store, NONCURRENT);
  const [first] = [await put(store, "a"), await put(store, "a")];
  const top = await put(store, "a");
  store.nowMs += 3 * DAY_MS;
  before(() => drop(store, "a", top.versionId));
  assert.deepEqual(await runTold(store), []);
  assert.deepEqual(await runTold(store), ["deleteVersion a by rule1"]);
  assert.deepEqual(await shown(store), { a: "STANDARD" });
  assert.notEqual((await findObject(store, await bucketOf(store), "a"))?.versionId, first.versionId);
});

test("lifecycle: a version stays if one of those was deleted meanwhile by which it was one too many", async () => {
  const { store, before } = await openRacedStore("Enabled");
  await setRules(store, { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } });
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) ids.push((await put(store, "a")).versionId!);
  store.nowMs += 3 * DAY_MS;
  before(() => drop(store, "a", ids[2]));
  assert.deepEqual(await runTold(store), []);
  assert.deepEqual(await runTold(store), []);
  assert.deepEqual(await shown(store), { a: "STANDARD STANDARD STANDARD" });
});

test("lifecycle: a delete marker that is no longer alone stays", async () => {
  const { store, before } = await openRacedStore("Enabled");
  await setRules(store, { Expiration: { ExpiredObjectDeleteMarker: true } });
  await drop(store, "a");
  before(() => put(store, "a"));
  assert.deepEqual(await runTold(store), []);
  assert.deepEqual(await shown(store), { a: "STANDARD -" });
});

test("lifecycle: an upload that has ended meanwhile is not aborted", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  const uploadId = await begin(store, "a");
  store.nowMs += 3 * DAY_MS;
  const bucket = await bucketOf(store);
  before(() => abortUpload(store, bucket, "a", uploadId));
  assert.deepEqual(await runTold(store), []);
});

test("lifecycle: a bucket that was deleted meanwhile is left, and the others go on", async () => {
  const { store, before } = await openRacedStore();
  await setRules(store, { Expiration: { Days: 1 } });
  await put(store, "a");
  store.nowMs += 3 * DAY_MS;
  before(async () => {
    await drop(store, "a");
    await deleteBucket(store, await bucketOf(store));
  });
  assert.deepEqual(await runTold(store), []);
});
