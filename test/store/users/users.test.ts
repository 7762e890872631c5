import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { addUser, findUser, listUsers, newAccessKeyId, newSecretAccessKey, removeUser } from "../../../src/store/users/users.ts";
import { UserError } from "../../../src/store/users/userForms.ts";
import { openTestStore } from "../testStore.ts";

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
  assert.equal((await listUsers(store)).length, 3);
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

test("removeUser: by access key or by name, and not what is not there", async () => {
  const store = await openTestStore();
  const first = await addUser(store, { name: "alice" });
  await addUser(store, { name: "alice" });
  await addUser(store, { name: "alice" });
  await addUser(store, { name: "bob" });
  assert.deepEqual(await removeUser(store, first.accessKeyId), [first]);
  assert.equal((await removeUser(store, "alice")).length, 2);
  assert.deepEqual(
    (await listUsers(store)).map((user) => user.displayName),
    ["bob"],
  );
  await assert.rejects(removeUser(store, "alice"), UserError);
  assert.equal(await findUser(store, first.accessKeyId), undefined);
});

test("users: generated keys use every letter and never repeat", () => {
  const ids = new Set(Array.from({ length: 500 }, () => newAccessKeyId(randomBytes)));
  assert.equal(ids.size, 500);
  assert.equal(new Set([...ids].map((id) => id.slice(2)).join("")).size, 36);
  assert.equal(new Set(Array.from({ length: 100 }, () => newSecretAccessKey(randomBytes)).join("")).size, 64);
});
