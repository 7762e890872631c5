import assert from "node:assert/strict";
import { test } from "node:test";
import { ClassedBlobEngine } from "../../../src/store/blobs/folders/ClassedBlobEngine.ts";
import { MemoryBlobEngine } from "../../../src/store/blobs/memory/MemoryBlobEngine.ts";
import type { NewObject } from "../../../src/store/objects/KeyHistory.ts";
import { changeStorageClass } from "../../../src/store/objects/changeStorageClass.ts";
import { openContent, writeContent } from "../../../src/store/objects/content.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import type { ContentRecord } from "../../../src/store/records/ContentRecord.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import { put as putRow } from "../../../src/store/records/Row.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import { collectBytes, collectIds, patternBytes } from "../blobs/blobs.suite.ts";
import { BUCKET, commit, openTestStore, source, targetOf } from "../testStore.ts";

const LARGE = patternBytes(200_000);

/** A store in which GLACIER has a place of its own. */
async function opened() {
  const main = new MemoryBlobEngine();
  const cold = new MemoryBlobEngine();
  const blobs = new ClassedBlobEngine(main, [{ tag: "cold0001", classes: ["GLACIER"], engine: cold }]);
  const store = await openTestStore({ blobs });
  const describe = (bytes: Buffer, storageClass: string): NewObject => ({
    ownerId: "o",
    ownerName: "O",
    lastModifiedMs: 5,
    sizeBytes: bytes.length,
    etag: "0",
    storageClass,
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
    ...PLAIN_OBJECT,
  });
  return {
    store,
    main,
    cold,
    put: async (key: string, bytes: Buffer, storageClass = "STANDARD", bucket: BucketRecord = BUCKET) => {
      const written = await writeContent(store, source(bytes), store.nowMs, { storageClass });
      return objects.putObject(store, { ...targetOf(key), bucket }, describe(bytes, storageClass), written);
    },
    copy: (from: ObjectRecord, to: string, storageClass: string) =>
      objects.copyObject(store, targetOf(to), { ...from, storageClass }, from),
    change: (key: string, record: ObjectRecord, storageClass: string, isStillWanted = () => true) =>
      changeStorageClass(store, BUCKET, { key, record }, storageClass, { isStillWanted }),
    read: async (key: string) => {
      const object = (await objects.findObject(store, BUCKET, key))!;
      const { source: body } = await openContent(store, object, 0, object.sizeBytes);
      return Buffer.isBuffer(body) ? body : collectBytes(body);
    },
    find: async (key: string) => (await objects.findObject(store, BUCKET, key))!,
    content: async (record: ObjectRecord): Promise<ContentRecord> => {
      assert.equal(record.content.kind, "content");
      return (await readRow(store, contentRow((record.content as { id: string }).id)))!;
    },
    /** How many blobs there are in the main place and in GLACIER's, once what is dead is gone. */
    counts: async () => {
      const options = { signal: AbortSignal.timeout(10_000), onFailure: assert.fail, pause: async () => undefined };
      await collect(store, options);
      store.nowMs += DEAD_BLOB_GRACE_MS + 1;
      await collect(store, options);
      return [(await main.statistics()).blobs, (await cold.statistics()).blobs];
    },
  };
}

test("changeStorageClass: the bytes move, and nothing else of the object changes", async () => {
  const { put, change, read, find, content, counts } = await opened();
  const before = await put("key", LARGE);
  const changed = await change("key", before, "GLACIER");
  const after = await find("key");
  assert.deepEqual(changed, after);
  assert.deepEqual(after, { ...before, storageClass: "GLACIER", content: after.content });
  assert.match((await content(after)).segments[0]!.blob, /^-cold0001-/);
  assert.deepEqual(await counts(), [0, 1]);
  assert.ok((await read("key")).equals(LARGE));
});

test("changeStorageClass: where there is no room for the bytes, they are not even opened", async () => {
  const { main, cold, put, change, find } = await opened();
  const object = await put("key", LARGE);
  const full = new Error("the disk is full");
  cold.create = async () => Promise.reject(full);
  main.open = async () => assert.fail("opened");
  await assert.rejects(change("key", object, "GLACIER"), full);
  assert.deepEqual(await find("key"), object);
});

test("changeStorageClass: bytes that lie right, or inside the index, stay where they are", async () => {
  const { put, change, read, find, counts } = await opened();
  const large = await put("large", LARGE);
  await change("large", large, "STANDARD_IA");
  assert.deepEqual((await find("large")).content, large.content);
  const small = await put("small", patternBytes(100));
  await change("small", small, "GLACIER");
  assert.deepEqual(await find("small"), { ...small, storageClass: "GLACIER" });
  const empty = await put("empty", Buffer.alloc(0));
  assert.equal((await change("empty", empty, "GLACIER"))?.storageClass, "GLACIER");
  assert.deepEqual(await counts(), [1, 0]);
  assert.ok((await read("large")).equals(LARGE));
});

test("changeStorageClass: those who share the bytes keep theirs", async () => {
  const { put, copy, change, read, find, content, counts } = await opened();
  const one = await put("one", LARGE);
  await copy(one, "other", "STANDARD");
  await change("one", one, "GLACIER");
  assert.deepEqual(await counts(), [1, 1]);
  assert.equal((await content(await find("other"))).references, 1);
  for (const key of ["one", "other"]) assert.ok((await read(key)).equals(LARGE));
});

test("changeStorageClass: what is no longer the version that was judged stays as it is", async () => {
  const { store, put, change, find, counts } = await opened();
  const judged = await put("key", LARGE);
  // The same bytes at the same time: only where they lie tells the two apart.
  const now = await put("key", LARGE);
  assert.equal(await change("key", judged, "GLACIER"), undefined);
  assert.equal(await change("key", now, "GLACIER", () => false), undefined);
  assert.equal(await change("key", { ...now, storageClass: "STANDARD_IA" }, "GLACIER"), undefined);
  assert.equal(await change("other", now, "GLACIER"), undefined);
  assert.deepEqual(await find("key"), now);
  assert.deepEqual(await counts(), [1, 0]);
  await assert.rejects(changeStorageClass(store, { ...BUCKET, name: "gone" }, { key: "key", record: now }, "GLACIER"), {
    code: "NoSuchBucket",
  });
  assert.deepEqual(await counts(), [1, 0]);
});

test("changeStorageClass: an object that goes while its bytes are copied takes the copies with it", async () => {
  const { store, put, counts, change } = await opened();
  const judged = await put("key", LARGE);
  const deletion = { key: "key", versionId: undefined, ifMatch: undefined, bypassesGovernance: false, hasSecondFactor: false };
  const { create } = store.blobs;
  store.blobs.create = async (...of) => {
    store.blobs.create = create;
    await objects.deleteObject(store, BUCKET, deletion, store.nowMs);
    return create.apply(store.blobs, of);
  };
  assert.equal(await change("key", judged, "GLACIER"), undefined);
  assert.deepEqual(await counts(), [0, 0]);
});

test("changeStorageClass: an abort and damaged bytes leave everything as it was", async () => {
  const { store, put, main, cold, find, change } = await opened();
  const judged = await put("key", LARGE);
  const signal = AbortSignal.abort(new Error("stopping"));
  await assert.rejects(changeStorageClass(store, BUCKET, { key: "key", record: judged }, "GLACIER", { signal }), /stopping/);
  assert.deepEqual(await find("key"), judged);
  assert.deepEqual(await collectIds(cold.suspects()), []);
  const [blob] = await collectIds(main.suspects({ all: true }));
  const { open } = store.blobs;
  store.blobs.open = async (...of) => {
    const pieces = await open.apply(store.blobs, of);
    return (async function* () {
      for await (const piece of pieces) yield piece;
      throw new Error(`blob ${blob} is damaged`);
    })();
  };
  await assert.rejects(change("key", judged, "GLACIER"), /is damaged/);
  store.blobs.open = open;
  assert.deepEqual(await find("key"), judged);
  assert.deepEqual(await cold.statistics(), { blobs: 0, sizeBytes: 0 });
});

test("changeStorageClass: older versions and the null version change where they are", async () => {
  const { store, put, change, counts } = await opened();
  const null1 = await put("key", LARGE);
  const versioned: BucketRecord = { ...BUCKET, versioning: "Enabled" };
  await commit(store, [{ ...bucketChange(versioned) }]);
  const second = await put("key", LARGE, "STANDARD", versioned);
  const third = await put("key", LARGE, "STANDARD", versioned);
  for (const record of [null1, second]) assert.equal((await change("key", record, "GLACIER"))?.storageClass, "GLACIER");
  assert.equal((await objects.findVersion(store, versioned, "key", "null"))?.storageClass, "GLACIER");
  assert.equal((await objects.findVersion(store, versioned, "key", second.versionId!))?.storageClass, "GLACIER");
  assert.deepEqual(await objects.findObject(store, versioned, "key"), third);
  assert.deepEqual(await counts(), [1, 2]);
  let isCurrent: boolean | undefined;
  const asking = { isStillWanted: (_: ObjectRecord, __: BucketRecord, current: boolean) => ((isCurrent = current), true) };
  await changeStorageClass(store, versioned, { key: "key", record: third }, "GLACIER", asking);
  assert.equal(isCurrent, true);
});

test("copyObject: a copy of another class has bytes of its own where that class lies", async () => {
  const { put, copy, read, content, counts } = await opened();
  const one = await put("one", LARGE);
  const cold = await copy(one, "cold", "GLACIER");
  assert.match((await content(cold)).segments[0]!.blob, /^-cold0001-/);
  const shared = await copy(cold, "colder", "GLACIER");
  assert.deepEqual(shared.content, cold.content);
  const back = await copy(cold, "one", "STANDARD");
  assert.doesNotMatch((await content(back)).segments[0]!.blob, /^-/);
  assert.deepEqual(await counts(), [1, 1]);
  for (const key of ["one", "cold", "colder"]) assert.ok((await read(key)).equals(LARGE));
});

function bucketChange(bucket: BucketRecord) {
  return putRow(bucketRow(bucket.name), bucket);
}
