import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createStore } from "../../src/store/createStore.ts";
import { openContent } from "../../src/store/objects/content.ts";
import { deadBlobRow, deadBlobs } from "../../src/store/records/blobRows.ts";
import { readLeaseRow, readLeases } from "../../src/store/records/ReadLeaseRecord.ts";
import { MAX_NAMED_CONTENTS, READ_LEASE_INTERVAL_MS, READ_LEASE_TERM_MS } from "../../src/store/ReadLeases.ts";
import { readRow, readRows } from "../../src/store/transact.ts";
import type { CollectorOptions } from "../../src/tasks/collect.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../src/tasks/collect.ts";
import { collectBytes, patternBytes } from "../store/blobs/blobs.suite.ts";
import type { TestStore } from "../store/testStore.ts";
import { commit, copyObject, deleteObject, flipBit, objectRecord, openTestStore, putObject } from "../store/testStore.ts";

/** What a reader keeps from the collector, and what it does not. */

const LARGE = patternBytes(300_000);

function options(overrides: Partial<CollectorOptions> = {}): CollectorOptions {
  return {
    signal: new AbortController().signal,
    onFailure: (what, cause) => assert.fail(`${what}: ${String(cause)}`),
    pause: async () => undefined,
    ...overrides,
  };
}

/** Begins to read an object and takes nothing of it. */
async function stalled(store: TestStore, key: string): Promise<AsyncIterable<Buffer>> {
  const { source } = await openContent(store, (await objectRecord(store, key))!, 0, LARGE.length);
  return source as AsyncIterable<Buffer>;
}

/** Lets time pass as it does in a process at work, until whatever died before is old enough. */
async function pass(store: TestStore, ms: number = DEAD_BLOB_GRACE_MS + READ_LEASE_INTERVAL_MS): Promise<void> {
  for (let passed = 0; passed < ms; passed += READ_LEASE_INTERVAL_MS) {
    store.nowMs += READ_LEASE_INTERVAL_MS;
    await store.readers.renew();
  }
}

async function blobCount(store: TestStore): Promise<number> {
  return (await store.blobs.statistics()).blobs;
}

/** Makes the rows of dead blobs what older versions wrote: the time alone. */
async function forgetContents(store: TestStore): Promise<void> {
  const { dead } = await readRows(store, { dead: deadBlobs(100) });
  const changes = dead.map(({ blob, diedAtMs }) => {
    const value = Buffer.alloc(8);
    value.writeBigUInt64BE(BigInt(diedAtMs));
    return { key: deadBlobRow(blob).key, value };
  });
  await commit(store, changes);
}

test("collect: a reader that takes nothing keeps what it reads, and nothing else that dies meanwhile", async () => {
  const store = await openTestStore();
  for (const key of ["read", "other", "later"]) await putObject(store, key, LARGE);
  const stream = await stalled(store, "read");
  await pass(store, READ_LEASE_INTERVAL_MS);
  for (const key of ["read", "other"]) await deleteObject(store, key);
  await collect(store, options());
  await pass(store);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  await pass(store, READ_LEASE_TERM_MS);
  await deleteObject(store, "later");
  await collect(store, options());
  await pass(store);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  assert.ok((await collectBytes(stream)).equals(LARGE));
  await pass(store, READ_LEASE_INTERVAL_MS);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  assert.equal(await blobCount(store), 0);
});

test("collect: who reads a copy keeps the content that it shares", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  await copyObject(store, "key", "copy");
  const stream = await stalled(store, "copy");
  await pass(store, READ_LEASE_INTERVAL_MS);
  for (const key of ["key", "copy"]) await deleteObject(store, key);
  await collect(store, options());
  await pass(store);
  await collect(store, options());
  assert.ok((await collectBytes(stream)).equals(LARGE));
});

test("collect: blobs that an older version declared dead wait for readers of whom only the time is known, and for no others", async () => {
  const store = await openTestStore();
  for (const key of ["read", "other"]) await putObject(store, key, LARGE);
  const stream = await stalled(store, "read");
  await pass(store, READ_LEASE_INTERVAL_MS);
  await deleteObject(store, "other");
  await collect(store, options());
  await forgetContents(store);
  const lease = readLeaseRow("a process of an older version");
  // Times since 1970 as format 1 wrote them: the reader began before the blob died.
  const value = Buffer.from("AQT7oPHCsTQI/KDxwrE0", "base64");
  assert.ok(lease.codec.decode(value, lease.key).readingSinceMs! < store.nowMs);
  await pass(store);
  await commit(store, [{ key: lease.key, value: Buffer.concat([value.subarray(0, 8), later(store)]) }]);
  assert.equal((await collect(store, options())).blobsRemoved, 0);
  await commit(store, [{ key: lease.key, value: undefined }]);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  assert.ok((await collectBytes(stream)).equals(LARGE));
});

/** The second field of an old lease: that it ends in a term. */
function later(store: TestStore): Buffer {
  const bytes = [2 << 2];
  for (let rest = store.nowMs + READ_LEASE_TERM_MS; ; rest = Math.floor(rest / 0x80)) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 0x80) + 0x80);
  }
}

test("collect: beside more readers than a lease names, what died since the others began stays until one has left", async () => {
  const store = await openTestStore();
  for (const key of ["read", "other"]) await putObject(store, key, LARGE);
  const leaves = Array.from({ length: MAX_NAMED_CONTENTS }, (_, index) => store.readers.enter(`content${index}`));
  const stream = await stalled(store, "read");
  await pass(store, READ_LEASE_INTERVAL_MS);
  for (const key of ["read", "other"]) await deleteObject(store, key);
  await collect(store, options());
  await pass(store);
  assert.equal((await collect(store, options())).blobsRemoved, 0);
  leaves[0]!();
  await store.readers.renew();
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  assert.ok((await collectBytes(stream)).equals(LARGE));
});

test("collect: what a process reads that is gone is kept for a term, by name", async () => {
  const store = await openTestStore();
  const died = createStore(store);
  for (const key of ["read", "other"]) await putObject(store, key, LARGE);
  const { content } = (await objectRecord(store, "read"))!;
  died.readers.enter((content as { id: string }).id);
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await died.readers.renew();
  for (const key of ["read", "other"]) await deleteObject(store, key);
  await collect(store, options());
  await pass(store);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  await pass(store, READ_LEASE_TERM_MS);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
});

test("collect: a lease that cannot be read keeps everything for a term, for it may have named anything, and then ends", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  const died = createStore(store);
  died.readers.enter("content");
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await died.readers.renew();
  const { leases } = await readRows(store, { leases: readLeases(10) });
  const row = readLeaseRow(leases[0]!.holder);
  await deleteObject(store, "key");
  await collect(store, options());
  await pass(store);
  await flipBit(store, row.key, 30);
  const told: unknown[] = [];
  const onFailure = (_: string, cause: unknown): void => void told.push(cause);
  assert.equal((await collect(store, options({ onFailure }))).blobsRemoved, 0);
  assert.match(String(told), new RegExp(`the record readLeases/${leases[0]!.holder} does not match its checksum`));
  assert.equal((await readRow(store, row))?.expiresAtMs, store.nowMs + READ_LEASE_TERM_MS);
  assert.equal((await collect(store, options())).blobsRemoved, 0);
  await pass(store, READ_LEASE_TERM_MS);
  assert.equal((await collect(store, options())).blobsRemoved, 1);
  assert.equal(await readRow(store, row), undefined);
});

test("collect: whatever is put, copied, deleted and read, readers get all of it, and what nobody reads or names goes", async () => {
  const key = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ does: fc.constantFrom("put", "delete", "read", "leave"), key, other: key }),
    fc.record({ does: fc.constant("copy"), key, other: key }),
    fc.record({ does: fc.constantFrom("second", "grace"), key, other: key }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const store = await openTestStore();
      const readers: { readonly stream: AsyncIterable<Buffer>; readonly bytes: Buffer }[] = [];
      const stored = new Map<string, Buffer>();
      let puts = 0;
      const end = async (): Promise<void> => {
        const reader = readers.shift();
        if (reader !== undefined) assert.ok((await collectBytes(reader.stream)).equals(reader.bytes));
      };
      for (const { does, key: name, other } of steps) {
        if (does === "put") {
          stored.set(name, patternBytes(LARGE.length, ++puts));
          await putObject(store, name, stored.get(name)!);
        } else if (does === "leave") await end();
        else if (does === "second" || does === "grace") {
          await pass(store, does === "second" ? READ_LEASE_INTERVAL_MS : undefined);
          await collect(store, options());
        } else if (!stored.has(name)) continue;
        else if (does === "read") readers.push({ stream: await stalled(store, name), bytes: stored.get(name)! });
        else if (does === "copy") {
          await copyObject(store, name, other);
          stored.set(other, stored.get(name)!);
        } else {
          await deleteObject(store, name);
          stored.delete(name);
        }
      }
      const named = new Set(stored.values());
      const settle = async (): Promise<number> => {
        for (const _ of [1, 2]) {
          await collect(store, options());
          await pass(store);
        }
        return blobCount(store);
      };
      assert.equal(await settle(), new Set([...named, ...readers.map(({ bytes }) => bytes)]).size);
      while (readers.length > 0) await end();
      assert.equal(await settle(), named.size);
    }),
    { numRuns: 50 },
  );
});
