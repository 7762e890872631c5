import assert from "node:assert/strict";
import { test } from "node:test";
import { BlobDamagedError } from "../../src/store/blobs/BlobEngine.ts";
import { createStore } from "../../src/store/createStore.ts";
import type { Decision, MetadataEngine, ReadResult, ReadSet } from "../../src/store/metadata/MetadataEngine.ts";
import { openContent, writeBlob } from "../../src/store/objects/content.ts";
import { deadBlobs } from "../../src/store/records/blobRows.ts";
import { completedUploadRow } from "../../src/store/records/CompletedUploadRecord.ts";
import { contentRow, releases } from "../../src/store/records/ContentRecord.ts";
import { partRow } from "../../src/store/records/PartRecord.ts";
import { READ_LEASE_INTERVAL_MS, READ_LEASE_TERM_MS } from "../../src/store/ReadLeases.ts";
import { readLeases } from "../../src/store/records/ReadLeaseRecord.ts";
import { mark, put } from "../../src/store/records/Row.ts";
import type { Store } from "../../src/store/Store.ts";
import { abandonedUploadRow } from "../../src/store/records/UploadRecord.ts";
import { readRow, readRows } from "../../src/store/transact.ts";
import type { CollectorOptions } from "../../src/tasks/collect.ts";
import {
  collect,
  COLLECT_INTERVAL_MS,
  COMPLETED_UPLOAD_KEPT_MS,
  DEAD_BLOB_GRACE_MS,
  forgetCompletedUploads,
  runCollector,
} from "../../src/tasks/collect.ts";
import { collectBytes, patternBytes } from "../store/blobs/blobs.suite.ts";
import type { TestStore } from "../store/testStore.ts";
import {
  BUCKET,
  commit,
  copyObject,
  deleteObject,
  nameContent,
  objectRecord,
  openTestStore,
  putObject,
  source,
} from "../store/testStore.ts";

const LARGE = patternBytes(300_000);
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

function options(store: TestStore, overrides: Partial<CollectorOptions> = {}): CollectorOptions {
  return {
    signal: new AbortController().signal,
    onFailure: (what, cause) => assert.fail(`${what}: ${String(cause)}`),
    pause: async () => undefined,
    ...overrides,
  };
}

async function collectUntilOld(store: TestStore): Promise<void> {
  await collect(store, options(store));
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options(store));
}

async function blobs(store: TestStore): Promise<number> {
  return (await store.blobs.statistics()).blobs;
}

async function queued(store: TestStore): Promise<number> {
  const { dead, ended } = await readRows(store, { dead: deadBlobs(10_000), ended: releases(10_000) });
  return dead.length + ended.length;
}

test("collect: overwritten and deleted content goes, what is named stays", async () => {
  const store = await openTestStore();
  await putObject(store, "kept", LARGE);
  await putObject(store, "overwritten", LARGE);
  await putObject(store, "overwritten", Buffer.from("small"));
  await putObject(store, "deleted", LARGE);
  await deleteObject(store, "deleted");
  assert.equal(await blobs(store), 3);
  await collectUntilOld(store);
  assert.equal(await blobs(store), 1);
  assert.equal(await queued(store), 0);
  const { source: body } = await openContent(store, (await objectRecord(store, "kept"))!, 0, LARGE.length);
  assert.ok((await collectBytes(body as AsyncIterable<Buffer>)).equals(LARGE));
});

test("collect: a dead blob stays for its grace, to the millisecond", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  await deleteObject(store, "key");
  await collect(store, options(store));
  store.nowMs += DEAD_BLOB_GRACE_MS;
  assert.equal((await collect(store, options(store))).blobsRemoved, 0);
  store.nowMs += 1;
  assert.equal((await collect(store, options(store))).blobsRemoved, 1);
});

/** Lets time pass as it does in a process at work, which renews its leases. */
async function pass(stores: readonly Store[], clock: TestStore, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += READ_LEASE_INTERVAL_MS) {
    clock.nowMs += READ_LEASE_INTERVAL_MS;
    for (const store of stores) await store.readers.renew();
  }
}

for (const where of ["in this process", "in another one"]) {
  test(`collect: a reader ${where} gets all of an overwritten object, and then its blob goes`, async () => {
    const store = await openTestStore();
    const reading = where === "in this process" ? store : createStore(store);
    await putObject(store, "key", LARGE);
    const { source: body } = await openContent(reading, (await objectRecord(store, "key"))!, 0, LARGE.length);
    await putObject(store, "key", patternBytes(200_000));
    await collect(store, options(store));
    await pass([reading], store, 3 * DEAD_BLOB_GRACE_MS + READ_LEASE_TERM_MS);
    await collect(store, options(store));
    assert.equal(await blobs(store), 2, "the old blob waits for its reader");
    assert.ok((await collectBytes(body as AsyncIterable<Buffer>)).equals(LARGE));
    await pass([reading], store, READ_LEASE_INTERVAL_MS);
    await collect(store, options(store));
    assert.equal(await blobs(store), 1);
  });
}

test("collect: who began to read after a blob died keeps it from nobody", async () => {
  const store = await openTestStore();
  await putObject(store, "other", LARGE);
  await putObject(store, "key", LARGE);
  await deleteObject(store, "key");
  await collect(store, options(store));
  await pass([store], store, DEAD_BLOB_GRACE_MS + 1);
  const { source: body } = await openContent(store, (await objectRecord(store, "other"))!, 0, LARGE.length);
  await pass([store], store, READ_LEASE_INTERVAL_MS);
  await collect(store, options(store));
  assert.equal(await blobs(store), 1);
  await (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]().return?.();
});

test("collect: the lease of a process that died ends, and goes", async () => {
  const store = await openTestStore();
  const died = createStore(store);
  const { location } = await putObject(store, "key", LARGE);
  died.readers.enter((location as { id: string }).id);
  await pass([died], store, READ_LEASE_INTERVAL_MS);
  await deleteObject(store, "key");
  await collect(store, options(store));
  await pass([store], store, READ_LEASE_TERM_MS - READ_LEASE_INTERVAL_MS);
  assert.equal((await collect(store, options(store))).blobsRemoved, 0);
  await pass([store], store, READ_LEASE_INTERVAL_MS);
  assert.equal((await collect(store, options(store))).blobsRemoved, 1);
  assert.deepEqual(await readRows(store, { leases: readLeases(10) }), { leases: [] });
});

test("collect: who was frozen for longer than its lease lasted finds blobs gone, which is an error and never other bytes", async () => {
  const store = await openTestStore();
  const frozen = createStore(store);
  const parts = [await writeBlob(store, source(LARGE)), await writeBlob(store, source(LARGE))];
  const segments = parts.map(({ blob, sizeBytes }) => ({ blob: blob!, sizeBytes, salt: undefined }));
  const changes = [
    ...parts.flatMap((part) => part.changes),
    put(contentRow("content"), { references: 1, segments, parts: [], cipher: undefined }),
  ];
  const location = { kind: "content", id: "content" } as const;
  await nameContent(store, "key", { location, sizeBytes: 2 * LARGE.length, changes });
  const { source: body } = await openContent(frozen, { content: location, sizeBytes: 2 * LARGE.length }, 0, 2 * LARGE.length);
  const stream = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const read = [Buffer.from((await stream.next()).value as Buffer)];
  await pass([frozen], store, READ_LEASE_INTERVAL_MS);
  await deleteObject(store, "key");
  await collect(store, options(store));
  await pass([store], store, READ_LEASE_TERM_MS);
  assert.equal((await collect(store, options(store))).blobsRemoved, 2);
  await assert.rejects(async () => {
    for (let item = await stream.next(); item.done !== true; item = await stream.next()) read.push(Buffer.from(item.value));
  }, BlobDamagedError);
  assert.ok(LARGE.subarray(0, Buffer.concat(read).length).equals(Buffer.concat(read)));
  assert.equal(frozen.readers.count, 0);
});

test("collect: shared content lives until its last reference ends", async () => {
  const store = await openTestStore();
  const { location } = await putObject(store, "source", LARGE);
  for (const key of ["copy1", "copy2"]) await copyObject(store, "source", key);
  for (const key of ["source", "copy2"]) await deleteObject(store, key);
  await collectUntilOld(store);
  assert.equal(await blobs(store), 1);
  await deleteObject(store, "copy1");
  await collectUntilOld(store);
  assert.equal(await blobs(store), 0);
  assert.equal(await readRow(store, contentRow((location as { id: string }).id)), undefined);
});

test("collect: the parts of an abandoned upload go, however many", async () => {
  const store = await openTestStore();
  const count = 600;
  for (let partNumber = 1; partNumber <= count; partNumber++) {
    const { blob, changes, sizeBytes } = await writeBlob(store, source(Buffer.from(partNumber % 7 === 0 ? "" : "part")));
    const record = {
      partNumber,
      sizeBytes,
      etag: "0",
      lastModifiedMs: store.nowMs,
      blob,
      checksum: undefined,
      cipher: undefined,
    };
    await commit(store, [...changes, put(partRow("upload", partNumber), record)]);
  }
  await commit(store, [mark(abandonedUploadRow("upload"))]);
  assert.equal((await collect(store, options(store))).partsEnded, count);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options(store));
  assert.equal(await blobs(store), 0);
  assert.equal(await readRow(store, abandonedUploadRow("upload")), undefined);
  assert.equal(await readRow(store, partRow("upload", count)), undefined);
});

test("collect: content of more blobs than a batch goes as one, beside others", async () => {
  const store = await openTestStore();
  for (let object = 0; object < 3; object++) {
    const parts = await Promise.all(Array.from({ length: 1500 }, () => writeBlob(store, source(Buffer.from("x")))));
    const id = `content${object}`;
    const segments = parts.map(({ blob }) => ({ blob: blob!, sizeBytes: 1, salt: undefined }));
    const changes = [
      ...parts.flatMap((part) => part.changes),
      put(contentRow(id), { references: 1, segments, parts: [], cipher: undefined }),
    ];
    await nameContent(store, `object${object}`, { location: { kind: "content", id }, sizeBytes: 1500, changes });
    await deleteObject(store, `object${object}`);
  }
  let largestCommit = 0;
  const { transact } = store.metadata;
  store.metadata.transact = <Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> =>
    transact.call<MetadataEngine, [ReadSet, typeof decide], Promise<Result>>(store.metadata, readSet, (records) => {
      const decision = decide(records);
      largestCommit = Math.max(largestCommit, decision.changes.length);
      return decision;
    });
  assert.equal((await collect(store, options(store))).referencesEnded, 3);
  assert.equal(
    largestCommit,
    2 + 2 * 1500,
    "one content a commit: its row, its ending, and its blobs from the named to the dead",
  );
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  assert.equal((await collect(store, options(store))).blobsRemoved, 4500);
  assert.equal(await queued(store), 0);
});

test("collect: two collectors at once count nothing down twice", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  await copyObject(store, "key", "copy");
  await deleteObject(store, "key");
  await Promise.all([collect(store, options(store)), collect(store, options(store))]);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options(store));
  assert.equal(await blobs(store), 1);
});

test("collect: a blob that cannot be removed is reported, kept in the queue, and removed later", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  await deleteObject(store, "key");
  await collect(store, options(store));
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  const failures: string[] = [];
  const { remove } = store.blobs;
  store.blobs.remove = async () => {
    throw new Error("the disk is read-only");
  };
  await collect(store, options(store, { onFailure: (what) => failures.push(what) }));
  assert.equal(failures.length, 1);
  store.blobs.remove = remove;
  await collect(store, options(store));
  assert.equal(await blobs(store), 0);
});

test("collect: an abort ends it between commits, and the next round goes on", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  await deleteObject(store, "key");
  await collect(store, options(store, { signal: AbortSignal.abort() }));
  assert.equal(await queued(store), 1);
  await collectUntilOld(store);
  assert.equal(await blobs(store), 0);
});

test("forgetCompletedUploads: what is older than a week is forgotten", async () => {
  const store = await openTestStore();
  const record = {
    bucketId: BUCKET.id,
    key: "key",
    etag: "0-1",
    checksum: undefined,
    completedAtMs: store.nowMs,
    versionId: undefined,
    encryption: undefined,
  };
  await commit(store, [put(completedUploadRow("old"), record)]);
  store.nowMs += COMPLETED_UPLOAD_KEPT_MS;
  await commit(store, [put(completedUploadRow("new"), { ...record, completedAtMs: store.nowMs })]);
  assert.equal(await forgetCompletedUploads(store, options(store)), 0);
  store.nowMs += 1;
  assert.equal(await forgetCompletedUploads(store, options(store)), 1);
  assert.notEqual(await readRow(store, completedUploadRow("new")), undefined);
});

test("collect: a clock that a test moves takes no blob from those who read, and gives none back", async () => {
  const store = await openTestStore();
  let aheadMs = 0;
  const moved = createStore({ ...store, clock: () => store.nowMs + aheadMs });
  await putObject(moved, "key", LARGE);
  const { source: body } = await openContent(moved, (await objectRecord(moved, "key"))!, 0, LARGE.length);
  aheadMs = -YEAR_MS;
  await deleteObject(moved, "key");
  await collect(moved, options(store));
  for (aheadMs of [YEAR_MS, -YEAR_MS, YEAR_MS]) {
    assert.equal((await collect(moved, options(store))).blobsRemoved, 0);
    await pass([moved], store, DEAD_BLOB_GRACE_MS);
  }
  assert.ok((await collectBytes(body as AsyncIterable<Buffer>)).equals(LARGE));
  aheadMs = -YEAR_MS;
  await pass([moved], store, READ_LEASE_INTERVAL_MS);
  assert.equal((await collect(moved, options(store))).blobsRemoved, 1);
});

test("runCollector: completed uploads age by the clock that a test moves, at once, forward and back", async () => {
  const store = await openTestStore();
  let aheadMs = 0;
  const moved = createStore({ ...store, clock: () => store.nowMs + aheadMs });
  const completed = async (atMs: number): Promise<void> => {
    const record = {
      bucketId: BUCKET.id,
      key: "key",
      etag: "0-1",
      checksum: undefined,
      completedAtMs: atMs,
      versionId: undefined,
      encryption: undefined,
    };
    await commit(store, [put(completedUploadRow("upload"), record)]);
  };
  await completed(store.nowMs);
  const ending = new AbortController();
  const found: boolean[] = [];
  const pause = async (ms: number): Promise<void> => {
    if (ms !== COLLECT_INTERVAL_MS) return;
    found.push((await readRow(store, completedUploadRow("upload"))) !== undefined);
    if (found.length === 1) aheadMs = COMPLETED_UPLOAD_KEPT_MS + 1;
    if (found.length === 2) {
      aheadMs = -YEAR_MS;
      await completed(moved.clock() - COMPLETED_UPLOAD_KEPT_MS - 1);
    }
    if (found.length === 3) ending.abort();
  };
  await runCollector(moved, options(store, { signal: ending.signal, pause }));
  assert.deepEqual(found, [true, false, false]);
});

test("runCollector: goes on after a failed round, until it is told to end", async () => {
  const store = await openTestStore();
  const ending = new AbortController();
  const failures: unknown[] = [];
  const read = store.metadata.read.bind(store.metadata);
  store.metadata.read = () => {
    store.metadata.read = read;
    throw new Error("the disk is busy");
  };
  let rounds = 0;
  await runCollector(
    store,
    options(store, {
      signal: ending.signal,
      pause: async (ms) => {
        if (ms === COLLECT_INTERVAL_MS && ++rounds === 3) ending.abort();
      },
      onFailure: (_, cause) => failures.push(cause),
    }),
  );
  assert.equal(rounds, 3);
  assert.equal(failures.length, 1);
});
