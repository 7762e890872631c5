import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../src/store/createStore.ts";
import { READ_LEASE_INTERVAL_MS, READ_LEASE_TERM_MS } from "../../src/store/ReadLeases.ts";
import { readLeases } from "../../src/store/records/ReadLeaseRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { readRows } from "../../src/store/transact.ts";
import { openTestStore } from "./testStore.ts";

async function held(store: Store): Promise<{ readingSinceMs: number; expiresAtMs: number }[]> {
  const { leases } = await readRows(store, { leases: readLeases(10) });
  return leases.map(({ readingSinceMs, expiresAtMs }) => ({ readingSinceMs, expiresAtMs }));
}

test("ReadLeases: the oldest reader counts, whoever leaves first", async () => {
  const store = await openTestStore();
  const beganMs = store.nowMs;
  const enterAt = (atMs: number): (() => void) => {
    store.nowMs = beganMs + atMs;
    return store.readers.enter();
  };
  assert.equal(store.readers.oldestStartedAtMs(), undefined);
  const leaves = [enterAt(2), enterAt(1), enterAt(3)];
  assert.equal(store.readers.oldestStartedAtMs(), beganMs + 1);
  leaves[1]!();
  assert.equal(store.readers.oldestStartedAtMs(), beganMs + 2);
  leaves[0]!();
  assert.equal(store.readers.oldestStartedAtMs(), beganMs + 3);
  leaves[2]!();
  assert.equal(store.readers.oldestStartedAtMs(), undefined);
});

test("ReadLeases: only reads that take an interval are written down, one row for all, and it goes after the last", async () => {
  const store = await openTestStore();
  const beganMs = store.nowMs;
  const leaveLong = store.readers.enter();
  store.nowMs += READ_LEASE_INTERVAL_MS - 1;
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
  const leaveShort = store.readers.enter();
  store.nowMs += 1;
  await store.readers.renew();
  assert.deepEqual(await held(store), [{ readingSinceMs: beganMs, expiresAtMs: store.nowMs + READ_LEASE_TERM_MS }]);
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  assert.deepEqual(await held(store), [{ readingSinceMs: beganMs, expiresAtMs: store.nowMs + READ_LEASE_TERM_MS }]);
  leaveLong();
  await store.readers.renew();
  assert.deepEqual(
    (await held(store)).map(({ readingSinceMs }) => readingSinceMs),
    [beganMs + READ_LEASE_INTERVAL_MS - 1],
  );
  leaveShort();
  await store.readers.renew();
  assert.deepEqual(await held(store), []);
});

test("ReadLeases: processes have leases of their own, and one that is closed leaves none", async () => {
  const here = await openTestStore();
  const elsewhere = createStore(here);
  here.readers.enter();
  elsewhere.readers.enter();
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
  const leave = store.readers.enter();
  const hourMs = 3_600_000;
  store.nowMs -= hourMs;
  const setBackMs = store.nowMs;
  await store.readers.renew();
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  assert.deepEqual(
    (await held(store)).map(({ readingSinceMs }) => readingSinceMs),
    [setBackMs],
  );
  leave();
});

test("ReadLeases: the lease of a long read is renewed by itself", async () => {
  const store = await openTestStore();
  const leave = store.readers.enter();
  store.nowMs += READ_LEASE_INTERVAL_MS;
  while ((await held(store)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  leave();
  while ((await held(store)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});
