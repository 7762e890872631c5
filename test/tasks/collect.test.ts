import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision, MetadataEngine, ReadResult, ReadSet } from "../../src/store/metadata/MetadataEngine.ts";
import { openContent, writeBlob } from "../../src/store/objects/content.ts";
import { deadBlobs } from "../../src/store/records/blobRows.ts";
import { completedUploadRow } from "../../src/store/records/CompletedUploadRecord.ts";
import { contentRow, releases } from "../../src/store/records/ContentRecord.ts";
import { partRow } from "../../src/store/records/PartRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import { abandonedUploadRow } from "../../src/store/records/UploadRecord.ts";
import { readRow, readRows } from "../../src/store/transact.ts";
import type { CollectorOptions } from "../../src/tasks/collect.ts";
import {
  collect,
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

function options(store: TestStore, overrides: Partial<CollectorOptions> = {}): CollectorOptions {
  return {
    oldestReaderStartedAtMs: async () => store.readers.oldestStartedAtMs(),
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
  const { source: body } = await openContent(store, (await objectRecord(store, "kept"))!.content, 0, LARGE.length);
  assert.ok((await collectBytes(body as AsyncIterable<Buffer>)).equals(LARGE));
});

test("collect: a reader of an overwritten object gets all of it, and then its blob goes", async () => {
  const store = await openTestStore();
  const { location } = await putObject(store, "key", LARGE);
  const { source: body } = await openContent(store, location, 0, LARGE.length);
  store.nowMs += 1;
  await putObject(store, "key", patternBytes(200_000));
  await collectUntilOld(store);
  await collectUntilOld(store);
  assert.equal(await blobs(store), 2, "the old blob waits for its reader");
  assert.ok((await collectBytes(body as AsyncIterable<Buffer>)).equals(LARGE));
  await collect(store, options(store));
  assert.equal(await blobs(store), 1);
});

test("collect: readers of other processes are asked for, too", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  const elsewhereMs = store.nowMs;
  await deleteObject(store, "key");
  await collect(store, options(store));
  store.nowMs += 10 * DEAD_BLOB_GRACE_MS;
  await collect(store, options(store, { oldestReaderStartedAtMs: async () => elsewhereMs }));
  assert.equal(await blobs(store), 1);
  await collect(store, options(store));
  assert.equal(await blobs(store), 0);
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
    const record = { partNumber, sizeBytes, etag: "0", lastModifiedMs: store.nowMs, blob, checksum: undefined };
    await commit(store, [...changes, put(partRow("upload", partNumber), record)]);
  }
  await commit(store, [put(abandonedUploadRow("upload"), true)]);
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
    const segments = parts.map(({ blob }) => ({ blob: blob!, sizeBytes: 1 }));
    const changes = [...parts.flatMap((part) => part.changes), put(contentRow(id), { references: 1, segments, parts: [] })];
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
  const record = { bucketId: BUCKET.id, key: "key", etag: "0-1", checksum: undefined, completedAtMs: store.nowMs };
  await commit(store, [put(completedUploadRow("old"), record)]);
  store.nowMs += COMPLETED_UPLOAD_KEPT_MS;
  await commit(store, [put(completedUploadRow("new"), { ...record, completedAtMs: store.nowMs })]);
  assert.equal(await forgetCompletedUploads(store, options(store)), 0);
  store.nowMs += 1;
  assert.equal(await forgetCompletedUploads(store, options(store)), 1);
  assert.notEqual(await readRow(store, completedUploadRow("new")), undefined);
});

test("runCollector: goes on after a failed round, until it is told to end", async () => {
  const store = await openTestStore();
  const ending = new AbortController();
  const failures: unknown[] = [];
  let rounds = 0;
  await runCollector(
    store,
    options(store, {
      signal: ending.signal,
      oldestReaderStartedAtMs: async () => {
        if (++rounds === 1) throw new Error("a worker did not answer");
        if (rounds === 3) ending.abort();
        return undefined;
      },
      onFailure: (_, cause) => failures.push(cause),
    }),
  );
  assert.equal(rounds, 3);
  assert.equal(failures.length, 1);
});
