import assert from "node:assert/strict";
import { test } from "node:test";
import { findVersion } from "../../../src/store/objects/objects.ts";
import { readRows } from "../../../src/store/transact.ts";
import { abandonedUploads, uploadsOf } from "../../../src/store/records/UploadRecord.ts";
import { describeBucket } from "../../../src/store/buckets/buckets.ts";
import { BUCKET } from "../../store/testStore.ts";
import {
  begin,
  bucketOf,
  DAY_MS,
  drop,
  openAgingStore,
  put,
  run,
  runTold,
  setRules,
  setVersioning,
  shown,
} from "./agingStore.ts";

const LARGE = Buffer.alloc(128 * 1024);

test("lifecycle: objects of a bucket without versions go at the midnight after their days, and not before", async () => {
  const store = await openAgingStore();
  await setRules(store, { Filter: { Prefix: "logs/" }, Expiration: { Days: 1 } });
  for (const key of ["log", "logs/a", "logs/b", "z"]) await put(store, key);
  store.nowMs = Date.parse("2030-01-02T23:59:59.999Z");
  assert.deepEqual(await runTold(store), []);
  store.nowMs += 1;
  assert.deepEqual(await runTold(store), ["deleteObject logs/a by rule1", "deleteObject logs/b by rule1"]);
  assert.deepEqual(Object.keys(await shown(store)), ["log", "z"]);
  assert.deepEqual(await runTold(store), []);
});

test("lifecycle: with versions a delete marker covers what expires, which goes when it was noncurrent for long, and the marker last", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, { Expiration: { Days: 60 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } });
  await put(store, "a");
  store.nowMs += 61 * DAY_MS;
  assert.deepEqual(await runTold(store), ["addDeleteMarker a by rule1"]);
  assert.deepEqual(await shown(store), { a: "- STANDARD" });
  assert.deepEqual(await runTold(store), []);
  store.nowMs += 31 * DAY_MS;
  assert.deepEqual(await runTold(store), ["deleteVersion a by rule1"]);
  assert.deepEqual(await shown(store), { a: "-" });
  store.nowMs += 29 * DAY_MS;
  assert.deepEqual(await runTold(store), []);
  store.nowMs += DAY_MS;
  assert.deepEqual(await runTold(store), ["removeDeleteMarker a by rule1"]);
  assert.deepEqual(await shown(store), {});
});

test("lifecycle: a rule for lonely delete markers takes one in the run that takes the last version below it", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, {
    Expiration: { ExpiredObjectDeleteMarker: true },
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
  });
  await put(store, "a");
  await drop(store, "a");
  await put(store, "b");
  await drop(store, "never");
  assert.deepEqual(await runTold(store), ["removeDeleteMarker never by rule1"]);
  store.nowMs += 31 * DAY_MS;
  assert.deepEqual(await runTold(store), ["deleteVersion a by rule1", "removeDeleteMarker a by rule1"]);
  assert.deepEqual(await shown(store), { b: "STANDARD" });
});

test("lifecycle: where versioning is suspended, a null version goes for good and its marker comes; others stay below", async () => {
  const store = await openAgingStore();
  await put(store, "null");
  await setVersioning(store, "Enabled");
  await put(store, "version");
  await put(store, "both");
  await setVersioning(store, "Suspended");
  await put(store, "both");
  await setRules(store, { Expiration: { Days: 1 } });
  store.nowMs += 2 * DAY_MS;
  assert.deepEqual((await runTold(store)).toSorted(), [
    "addDeleteMarker version by rule1",
    "deleteObject both by rule1",
    "deleteObject null by rule1",
  ]);
  assert.deepEqual(await shown(store), { both: "- STANDARD", null: "-", version: "- STANDARD" });
  assert.equal((await findVersion(store, await bucketOf(store), "both", "null"))?.isDeleteMarker, true);
});

test("lifecycle: the newest noncurrent versions stay, as many as the rule says, delete markers not counted", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } });
  const ids: (string | undefined)[] = [];
  for (let index = 0; index < 5; index++) {
    ids.push((await put(store, "a")).versionId);
    if (index === 2) await drop(store, "a");
  }
  store.nowMs += 3 * DAY_MS;
  const told = await runTold(store);
  assert.deepEqual(told, Array(3).fill("deleteVersion a by rule1"));
  const bucket = await bucketOf(store);
  const left = await Promise.all(ids.map(async (id) => (await findVersion(store, bucket, "a", id!)) !== undefined));
  assert.deepEqual(left, [false, false, true, true, true]);
  assert.deepEqual(await shown(store), { a: "STANDARD STANDARD STANDARD" });
});

test("lifecycle: what is locked stays, and is covered all the same", async () => {
  const store = await openAgingStore("Enabled");
  await describeBucket(store, BUCKET, (bucket) => ({ ...bucket, objectLock: true }));
  await setRules(store, { Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  await put(store, "held", { legalHold: "ON" });
  await put(store, "kept", { retentionMode: "GOVERNANCE", retainUntilMs: store.nowMs + 10 * DAY_MS });
  await put(store, "free", { legalHold: "OFF" });
  store.nowMs += 2 * DAY_MS;
  await run(store);
  store.nowMs += 2 * DAY_MS;
  await run(store);
  assert.deepEqual(await shown(store), { held: "- STANDARD", kept: "- STANDARD" });
  store.nowMs += 8 * DAY_MS;
  await run(store);
  assert.deepEqual(await shown(store), { held: "- STANDARD" });
});

test("lifecycle: classes change down the waterfall, of current and of noncurrent versions, and small objects stay", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, {
    Transitions: [
      { Days: 30, StorageClass: "STANDARD_IA" },
      { Days: 90, StorageClass: "GLACIER" },
    ],
    NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass: "DEEP_ARCHIVE" }],
    Expiration: { Days: 90 },
  });
  await put(store, "a", { bytes: LARGE });
  await put(store, "a", { bytes: LARGE });
  await put(store, "small", { bytes: LARGE.subarray(1) });
  store.nowMs += 31 * DAY_MS;
  assert.deepEqual(await runTold(store), ["changeClass a STANDARD_IA by rule1", "changeClass a DEEP_ARCHIVE by rule1"]);
  assert.deepEqual(await shown(store), { a: "STANDARD_IA DEEP_ARCHIVE", small: "STANDARD" });
  store.nowMs += 60 * DAY_MS;
  const told = await runTold(store);
  assert.deepEqual(told.toSorted(), [
    "addDeleteMarker a by rule1",
    "addDeleteMarker small by rule1",
    "changeClass a GLACIER by rule1",
  ]);
  assert.ok(told.indexOf("changeClass a GLACIER by rule1") < told.indexOf("addDeleteMarker a by rule1"));
  assert.deepEqual(await shown(store), { a: "- GLACIER DEEP_ARCHIVE", small: "- STANDARD" });
});

test("lifecycle: uploads that were begun long ago are aborted, and their parts left to the collector", async () => {
  const store = await openAgingStore();
  await setRules(store, { Filter: { Prefix: "a" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
  const old = await begin(store, "a");
  const other = await begin(store, "b");
  store.nowMs += 5 * DAY_MS;
  const younger = await begin(store, "a");
  store.nowMs += 3 * DAY_MS;
  assert.deepEqual(await runTold(store), [`abortUpload a ${old} by rule1`]);
  const { uploads, abandoned } = await readRows(store, { uploads: uploadsOf(BUCKET.id, 10), abandoned: abandonedUploads(10) });
  assert.deepEqual(
    uploads.map(({ uploadId }) => uploadId),
    [younger, other],
  );
  assert.deepEqual(abandoned, [old]);
});

test("lifecycle: a dry run tells the same and does nothing", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(
    store,
    {
      Transitions: [{ Days: 1, StorageClass: "GLACIER" }],
      Expiration: { Days: 2 },
      NoncurrentVersionExpiration: { NoncurrentDays: 3 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    { Expiration: { ExpiredObjectDeleteMarker: true } },
  );
  await put(store, "a", { bytes: LARGE });
  await put(store, "gone");
  await drop(store, "gone");
  const upload = await begin(store, "a");
  store.nowMs += 9 * DAY_MS;
  const before = await shown(store);
  const dry = await runTold(store, { isDry: true });
  assert.deepEqual(await shown(store), before);
  assert.deepEqual(await runTold(store), dry);
  assert.deepEqual(dry, [
    "changeClass a GLACIER by rule1",
    "addDeleteMarker a by rule1",
    "deleteVersion gone by rule1",
    "removeDeleteMarker gone by rule2",
    `abortUpload a ${upload} by rule1`,
  ]);
});

test("lifecycle: nothing happens where deleting for good needs a second factor", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, { Expiration: { Days: 1 } });
  await describeBucket(store, BUCKET, (bucket) => ({ ...bucket, mfaDelete: "Enabled" }));
  await put(store, "a");
  store.nowMs += 9 * DAY_MS;
  assert.deepEqual(await runTold(store), []);
});
