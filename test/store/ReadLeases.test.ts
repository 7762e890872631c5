import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { StorageFullError } from "../../src/errors/StorageFullError.ts";
import { createStore } from "../../src/store/createStore.ts";
import { MAX_NAMED_CONTENTS, READ_LEASE_INTERVAL_MS, READ_LEASE_TERM_MS } from "../../src/store/ReadLeases.ts";
import type { ReadLeaseRecord } from "../../src/store/records/ReadLeaseRecord.ts";
import { readLeases } from "../../src/store/records/ReadLeaseRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { readRows } from "../../src/store/transact.ts";
import type { TestStore } from "./testStore.ts";
import { openTestStore } from "./testStore.ts";

async function held(store: Store): Promise<ReadLeaseRecord[]> {
  const { leases } = await readRows(store, { leases: readLeases(10) });
  return leases.map(({ holder: _, ...rest }) => rest);
}

function lease(store: TestStore, contents: readonly string[], readingSinceMs?: number): ReadLeaseRecord {
  return { readingSinceMs, contents: contents.map((id) => ({ id })), expiresAtMs: store.nowMs + READ_LEASE_TERM_MS };
}

test("ReadLeases: only reads that take an interval are written down, one row for all, and it goes after the last", async () => {
  const store = await openTestStore();
  const leaveLong = store.readers.enter("long");
  store.nowMs += READ_LEASE_INTERVAL_MS - 1;
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
  const leaveShort = store.readers.enter("short");
  store.nowMs += 1;
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, ["long"])]);
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, ["long", "short"])]);
  leaveLong();
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, ["short"])]);
  assert.equal(store.readers.count, 1);
  leaveShort();
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
  assert.equal(store.readers.count, 0);
});

test("ReadLeases: what many read is named once, as long as one of them does", async () => {
  const store = await openTestStore();
  const leaves = [store.readers.enter("same"), store.readers.enter("same")];
  store.nowMs += READ_LEASE_INTERVAL_MS;
  for (const leave of leaves) {
    await store.readers.renew();
    assert.deepEqual(await held(store), [lease(store, ["same"])]);
    leave();
  }
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
});

test("ReadLeases: of more contents than fit the oldest are named, and the others covered by when they were begun", async () => {
  const store = await openTestStore();
  const names = Array.from({ length: MAX_NAMED_CONTENTS }, (_, index) => `content${index}`);
  const leaveFirst = store.readers.enter(names[0]!);
  for (const name of names.slice(1)) store.readers.enter(name);
  store.nowMs += 5;
  const sinceMs = store.nowMs;
  store.readers.enter("one too many");
  store.readers.enter(names[1]!);
  store.nowMs += 5;
  store.readers.enter("and another");
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, names, sinceMs)]);
  leaveFirst();
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, [...names.slice(1), "one too many"], sinceMs + 5)]);
});

test("ReadLeases: processes have leases of their own, and one that is closed leaves none", async () => {
  const here = await openTestStore();
  const elsewhere = createStore(here);
  here.readers.enter("one");
  elsewhere.readers.enter("one");
  here.nowMs += READ_LEASE_INTERVAL_MS;
  await Promise.all([here.readers.renew(), elsewhere.readers.renew()]);
  assert.equal((await held(here)).length, 2);
  await elsewhere.readers.close();
  assert.equal((await held(here)).length, 1);
  await here.readers.close();
  assert.deepEqual(await held(here), []);
});

test("ReadLeases: a reader that began before the clock was set back is as old as the clock", async () => {
  const store = await openTestStore();
  const leave = store.readers.enter("read");
  store.nowMs -= 3_600_000;
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, ["read"])]);
  leave();
});

test("ReadLeases: the lease of a long read is renewed by itself", async () => {
  const store = await openTestStore();
  const leave = store.readers.enter("read");
  store.nowMs += READ_LEASE_INTERVAL_MS;
  while ((await held(store)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  leave();
  while ((await held(store)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});

test("ReadLeases: a full disk that has no room for names gets the time of the oldest reader", async () => {
  const store = await openTestStore();
  const leave = store.readers.enter("content");
  const startedAtMs = store.nowMs;
  store.nowMs += READ_LEASE_INTERVAL_MS;
  const { metadata } = store;
  const { transact } = metadata;
  let isFull = true;
  metadata.transact = (...given) => {
    if (!isFull) return transact.call(metadata, ...given) as never;
    isFull = false;
    return Promise.reject(new StorageFullError("the disk"));
  };
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, [], startedAtMs)]);
  await store.readers.renew();
  assert.deepEqual(await held(store), [lease(store, ["content"])]);
  leave();
  await store.readers.renew();
});

/** A store whose leases are looked at as its time passes, with how often they were and how often one was written. */
async function timed(context: TestContext) {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const store = await openTestStore();
  const commits = context.mock.method(store.metadata, "transact").mock;
  const renewals = context.mock.method(store.readers, "renew").mock;
  const pass = async (timeMs: number): Promise<void> => {
    store.nowMs += timeMs;
    context.mock.timers.tick(timeMs);
    await new Promise(setImmediate);
  };
  return { store, commits, renewals, pass };
}

test("ReadLeases: a reader that is there when the lease is looked at is looked at again, until it has gone", async (context) => {
  const { store, pass } = await timed(context);
  await pass(READ_LEASE_INTERVAL_MS / 2);
  const leave = store.readers.enter("content");
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
  await pass(READ_LEASE_INTERVAL_MS);
  assert.deepEqual(
    (await held(store)).map(({ contents }) => contents),
    [[{ id: "content" }]],
  );
  leave();
  await pass(READ_LEASE_INTERVAL_MS);
  assert.deepEqual(await held(store), []);
});

test("ReadLeases: a store without long readers writes nothing, and one without readers looks at nothing", async (context) => {
  const { store, commits, renewals, pass } = await timed(context);
  await pass(10 * READ_LEASE_INTERVAL_MS);
  assert.equal(renewals.callCount(), 0);
  await store.readers.renew();
  await store.readers.close();
  assert.equal(commits.callCount(), 0);
  for (let time = 1; time <= 2; time += 1) {
    const before = renewals.callCount();
    const leave = store.readers.enter("content");
    await pass(READ_LEASE_INTERVAL_MS);
    await pass(READ_LEASE_INTERVAL_MS);
    leave();
    await pass(READ_LEASE_INTERVAL_MS);
    assert.equal(renewals.callCount(), before + 3);
    assert.equal(commits.callCount(), 3 * time, "two for the lease, one to take it away");
    await pass(10 * READ_LEASE_INTERVAL_MS);
    await store.readers.renew();
    await store.readers.close();
    assert.equal(renewals.callCount(), before + 4);
    assert.equal(commits.callCount(), 3 * time);
  }
});

test("ReadLeases: closed, a process looks at its readers no more, and takes its lease away once", async (context) => {
  const { store, commits, renewals, pass } = await timed(context);
  const leave = store.readers.enter("content");
  await pass(READ_LEASE_INTERVAL_MS);
  await store.readers.close();
  await store.readers.close();
  assert.equal(commits.callCount(), 2);
  await pass(10 * READ_LEASE_INTERVAL_MS);
  assert.equal(renewals.callCount(), 1);
  leave();
});
