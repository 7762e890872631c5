import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { put } from "../../../src/store/records/Row.ts";
import { userRow } from "../../../src/store/records/UserRecord.ts";
import {
  addKey,
  addUser,
  findUser,
  listUsers,
  newAccessKeyId,
  newSecretAccessKey,
  removeKey,
  removeUser,
  setKeptKey,
  setKeyDisabled,
} from "../../../src/store/users/users.ts";
import { FIRST_USER_NAME, UserError } from "../../../src/store/users/userForms.ts";
import { BUCKET, commit, openTestStore } from "../testStore.ts";

test("addUser: makes keys of AWS's lengths and an owner of 64 hexadecimal characters", async () => {
  const store = await openTestStore();
  const user = await addUser(store, { name: "alice" });
  assert.match(user.accessKeyId, /^HF[A-Z0-9]{18}$/);
  assert.match(user.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.match(user.canonicalId, /^[0-9a-f]{64}$/);
  assert.equal(user.createdAtMs, store.nowMs);
  assert.deepEqual(await findUser(store, user.accessKeyId), user);
});

test("addUser: a name already there gets a further key for the same owner, another name another owner", async () => {
  const store = await openTestStore();
  const first = await addUser(store, { name: "alice" });
  const second = await addUser(store, { name: "alice", accessKeyId: "AKIDSECOND", secretAccessKey: "secret-of-alice" });
  const bob = await addUser(store, { name: "bob" });
  assert.equal(second.canonicalId, first.canonicalId);
  assert.notEqual(bob.canonicalId, first.canonicalId);
  assert.deepEqual([second.accessKeyId, second.secretAccessKey], ["AKIDSECOND", "secret-of-alice"]);
  assert.deepEqual(
    (await listUsers(store)).map(({ owner, keys }) => [owner.displayName, keys.length]),
    [
      ["alice", 2],
      ["bob", 1],
    ],
  );
});

test("addUser: a key of the same name gets the new secret, or keeps its own when none is given", async () => {
  const store = await openTestStore();
  const given = { name: "root", accessKeyId: "AKIDROOT" };
  const first = await addUser(store, { ...given, secretAccessKey: "first-secret" });
  store.nowMs += 1;
  assert.deepEqual(await addUser(store, { ...given, secretAccessKey: "second-secret" }), {
    ...first,
    secretAccessKey: "second-secret",
  });
  assert.equal((await addUser(store, given)).secretAccessKey, "second-secret");
  await assert.rejects(addUser(store, { ...given, name: "other" }), UserError);
});

test("addUser: names and keys nobody can use are refused, and the secret is not repeated", async () => {
  const store = await openTestStore();
  for (const name of ["", " x", "x\n", "x".repeat(65)]) await assert.rejects(addUser(store, { name }), UserError);
  for (const accessKeyId of ["", "ab", "with/slash", "with space"])
    await assert.rejects(addUser(store, { name: "a", accessKeyId }), UserError);
  await assert.rejects(
    addUser(store, { name: "a", secretAccessKey: "short" }),
    (error: Error) => !error.message.includes("short "),
  );
  assert.deepEqual(await listUsers(store), []);
});

test("removeKey: the owner stays when the last key goes, and a key added again is the same owner's", async () => {
  const store = await openTestStore();
  const first = await addUser(store, { name: "alice" });
  const second = await addUser(store, { name: "alice" });
  assert.deepEqual(await removeKey(store, first.accessKeyId), { key: first, left: 1 });
  assert.deepEqual(await removeKey(store, second.accessKeyId), { key: second, left: 0 });
  assert.equal(await findUser(store, first.accessKeyId), undefined);
  const [alice] = await listUsers(store);
  assert.deepEqual([alice?.owner.canonicalId, alice?.owner.createdAtMs, alice?.keys], [first.canonicalId, first.createdAtMs, []]);
  store.nowMs += 1;
  for (const add of [addUser, addKey]) assert.equal((await add(store, { name: "alice" })).canonicalId, first.canonicalId);
  await assert.rejects(removeKey(store, first.accessKeyId), UserError);
  await assert.rejects(removeKey(store, "alice"), UserError);
  await assert.rejects(addKey(store, { name: "bob" }), UserError);
});

test("users: a store of an older version, which kept owners inside their keys, keeps them from the first change on", async () => {
  const store = await openTestStore();
  const old = { secretAccessKey: "secret-of-alice", canonicalId: "a".repeat(64), displayName: "alice", disabled: false };
  const keys = ["KEY2", "KEY1"].map((accessKeyId, index) => ({ ...old, accessKeyId, createdAtMs: index + 1 }));
  await commit(
    store,
    keys.map((key) => put(userRow(key.accessKeyId), key)),
  );
  const owner = { canonicalId: old.canonicalId, displayName: "alice", createdAtMs: 1, keptKeyId: undefined };
  assert.deepEqual(await listUsers(store), [{ owner, keys: keys.toReversed() }]);
  await removeKey(store, "KEY1");
  await removeKey(store, "KEY2");
  assert.deepEqual(await listUsers(store), [{ owner, keys: [] }]);
});

test("addUser: in a store of an older version, where owners went with their last key, whose name is on buckets gets them", async () => {
  const store = await openTestStore();
  assert.equal((await addUser(store, { name: BUCKET.ownerName })).canonicalId, BUCKET.ownerId);
});

test("setKeyDisabled: a key is disabled and enabled, and its secret may change meanwhile", async () => {
  const store = await openTestStore();
  const key = await addUser(store, { name: "alice" });
  const disabled = { ...key, disabled: true };
  for (let time = 0; time < 2; time += 1) assert.deepEqual(await setKeyDisabled(store, key.accessKeyId, true), disabled);
  const changed = { name: "alice", accessKeyId: key.accessKeyId, secretAccessKey: "another-secret" };
  assert.equal((await addUser(store, changed)).disabled, true);
  assert.deepEqual(await setKeyDisabled(store, key.accessKeyId, false), { ...key, secretAccessKey: "another-secret" });
  await assert.rejects(setKeyDisabled(store, "NONE", true), UserError);
});

test("removeUser: whoever owns buckets stays, unless it is said to whom these go", async () => {
  const store = await openTestStore();
  const alice = await addUser(store, { name: BUCKET.ownerName });
  const bob = await addUser(store, { name: "bob" });
  await assert.rejects(removeUser(store, BUCKET.ownerName), /owns "bucket"; say with --give-buckets-to NAME/);
  await assert.rejects(removeUser(store, BUCKET.ownerName, "carl"), UserError);
  await assert.rejects(removeUser(store, BUCKET.ownerName, BUCKET.ownerName), UserError);
  assert.equal((await findBucket(store, "bucket"))?.ownerId, alice.canonicalId);
  assert.deepEqual(await removeUser(store, BUCKET.ownerName, "bob"), { keys: [alice], buckets: ["bucket"] });
  const bucket = await findBucket(store, "bucket");
  assert.deepEqual([bucket?.ownerId, bucket?.ownerName], [bob.canonicalId, "bob"]);
  assert.equal(await findUser(store, alice.accessKeyId), undefined);
  assert.notEqual((await addUser(store, { name: BUCKET.ownerName })).canonicalId, alice.canonicalId);
  await assert.rejects(removeUser(store, "carl"), UserError);
  await assert.rejects(removeUser(store, bob.accessKeyId), /an access key of "bob", not a user/);
  assert.deepEqual((await removeUser(store, BUCKET.ownerName)).buckets, []);
});

test("setKeptKey: the kept key is set once; removed, it stays so, until another one is kept", async () => {
  const store = await openTestStore();
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  const first = await setKeptKey(store, kept, true);
  assert.equal(first.state, "usable");
  await removeKey(store, "KEPT");
  assert.deepEqual(await setKeptKey(store, kept, false), { ...first, state: "removed" });
  assert.equal(await findUser(store, "KEPT"), undefined);
  const other = { accessKeyId: "OTHER", secretAccessKey: "other-secret" };
  assert.deepEqual(await setKeptKey(store, other, false), first);
  assert.equal((await findUser(store, "OTHER"))?.secretAccessKey, "other-secret");
  await setKeptKey(store, { ...other, secretAccessKey: "mended-secret" }, false);
  assert.equal((await findUser(store, "OTHER"))?.secretAccessKey, "mended-secret");
  await setKeyDisabled(store, "OTHER", true);
  assert.equal((await setKeptKey(store, other, false)).state, "disabled");
  await assert.rejects(removeUser(store, FIRST_USER_NAME), /the first user, whom every store has/);
});

test("setKeptKey: a first start that was cut short is done again; in an older store, a key that is not there was removed", async () => {
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  assert.equal((await setKeptKey(await openTestStore(), kept, false)).state, "usable");
  const older = await openTestStore();
  await addUser(older, { name: FIRST_USER_NAME });
  assert.equal((await setKeptKey(older, kept, false)).state, "removed");
  assert.equal((await setKeptKey(older, kept, true)).state, "usable");
});

test("users: what is set as it is takes no commit", async () => {
  const store = await openTestStore();
  const wanted = { name: "alice", accessKeyId: "ALICE", secretAccessKey: "secret-of-alice" };
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  const key = await addUser(store, wanted);
  const first = await setKeptKey(store, kept, true);
  store.metadata.transact = async () => assert.fail("a commit");
  assert.deepEqual(await addUser(store, wanted), key);
  assert.deepEqual(await setKeptKey(store, kept, false), first);
});

test("users: generated keys use every letter and never repeat", () => {
  const ids = new Set(Array.from({ length: 500 }, () => newAccessKeyId(randomBytes)));
  assert.equal(ids.size, 500);
  assert.equal(new Set([...ids].map((id) => id.slice(2)).join("")).size, 36);
  assert.equal(new Set(Array.from({ length: 100 }, () => newSecretAccessKey(randomBytes)).join("")).size, 64);
});
