import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../../src/store/createStore.ts";
import { currentSealingKey, findSealingKey, OPENING_MS, SEALING_MS } from "../../../src/store/sessions/sealingKeys.ts";
import { put } from "../../../src/store/records/Row.ts";
import { sealingKeyRow } from "../../../src/store/records/SealingKeyRecord.ts";
import { commit, openTestStore } from "../testStore.ts";

test("currentSealingKey: the first asker makes a key, which is found by its id and is the same for all who ask", async () => {
  const store = await openTestStore();
  const [key, ...others] = await Promise.all([1, 2, 3].map(() => currentSealingKey(store)));
  for (const other of others) assert.deepEqual(other, key);
  assert.match(key!.keyId, /^[0-9a-f]{16}$/);
  assert.match(key!.secret, /^[0-9a-f]{64}$/);
  assert.deepEqual(await findSealingKey(store, key!.keyId), key);
  assert.equal(await findSealingKey(store, "0".repeat(16)), undefined);
});

test("currentSealingKey: another process on the same rows has the same key", async () => {
  const store = await openTestStore();
  const key = await currentSealingKey(store);
  assert.deepEqual(await currentSealingKey(createStore({ ...store })), key);
});

/** Of GetSessionToken and GetFederationToken, for a user. */
const LONGEST_SESSION_MS = 129_600_000;
const DAY_MS = 86_400_000;

test("currentSealingKey: what a key sealed last has run out, a day of a wrong clock later as well, when it opens nothing any more", () => {
  assert.equal(SEALING_MS, 7 * DAY_MS);
  assert.equal(OPENING_MS, SEALING_MS + LONGEST_SESSION_MS + DAY_MS);
});

test("currentSealingKey: a key seals for a week, opens until its last session is over, and goes then", async () => {
  const store = await openTestStore();
  const first = await currentSealingKey(store);
  store.nowMs = first.createdAtMs + SEALING_MS - 1;
  assert.deepEqual(await currentSealingKey(store), first);
  store.nowMs += 1;
  const second = await currentSealingKey(store);
  assert.notEqual(second.keyId, first.keyId);
  assert.deepEqual(await findSealingKey(store, first.keyId), first);
  store.nowMs = first.createdAtMs + OPENING_MS;
  await currentSealingKey(store);
  assert.deepEqual(await findSealingKey(store, first.keyId), first);
  store.nowMs = first.createdAtMs + OPENING_MS + SEALING_MS;
  await currentSealingKey(store);
  assert.equal(await findSealingKey(store, first.keyId), undefined);
});

test("currentSealingKey: of several keys the newest one seals, wherever their ids come", async () => {
  for (const newest of [0, 1, 2]) {
    const store = await openTestStore();
    const keys = ["1", "2", "3"].map((digit, index) => ({
      keyId: digit.repeat(16),
      secret: digit.repeat(64),
      createdAtMs: store.nowMs - (index === newest ? 1 : 1_000 + index),
    }));
    await commit(
      store,
      keys.map((key) => put(sealingKeyRow(key.keyId), key)),
    );
    assert.deepEqual(await currentSealingKey(store), keys[newest]);
  }
});
