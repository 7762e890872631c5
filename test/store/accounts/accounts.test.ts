import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createUser, deleteUser } from "../../../src/store/accounts/users.ts";
import { addedKey, createAccessKey, listAccessKeys } from "../../../src/store/accounts/accessKeys.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import { findAccount } from "../../../src/store/accounts/findAccount.ts";
import { takeOverAccounts } from "../../../src/store/accounts/takeOver.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { put } from "../../../src/store/records/Row.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import { accountRow } from "../../../src/store/records/AccountRecord.ts";
import { identitiesRow } from "../../../src/store/records/identityRows.ts";
import { accessKeyRow } from "../../../src/store/records/AccessKeyRecord.ts";
import {
  addRootKey,
  addAccount,
  findAccessKey,
  listAccounts,
  removeKey,
  setEmail,
  removeAccount,
  setKeptKey,
  setKeyDisabled,
} from "../../../src/store/accounts/accounts.ts";
import { newAccessKeyId, newSecretAccessKey } from "../../../src/store/accounts/randomNames.ts";
import { FIRST_USER_NAME, AccountError } from "../../../src/store/accounts/accountForms.ts";
import { BUCKET, commit, openTestStore } from "../testStore.ts";

test("addAccount: makes keys of AWS's lengths and an owner of 64 hexadecimal characters", async () => {
  const store = await openTestStore();
  const user = await addAccount(store, { name: "alice" });
  assert.match(user.accessKeyId, /^HF[A-Z0-9]{18}$/);
  assert.match(user.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.match(user.canonicalId, /^[0-9a-f]{64}$/);
  assert.equal(user.createdAtMs, store.nowMs);
  assert.deepEqual(await findAccessKey(store, user.accessKeyId), user);
});

test("addAccount: a name already there gets a further key for the same owner, another name another owner", async () => {
  const store = await openTestStore();
  const first = await addAccount(store, { name: "alice" });
  const second = await addAccount(store, { name: "alice", accessKeyId: "AKIDSECOND", secretAccessKey: "secret-of-alice" });
  const bob = await addAccount(store, { name: "bob" });
  assert.equal(second.canonicalId, first.canonicalId);
  assert.notEqual(bob.canonicalId, first.canonicalId);
  assert.deepEqual([second.accessKeyId, second.secretAccessKey], ["AKIDSECOND", "secret-of-alice"]);
  assert.deepEqual(
    (await listAccounts(store)).map(({ account, keys }) => [account.displayName, keys.length]),
    [
      ["alice", 2],
      ["bob", 1],
    ],
  );
});

test("addAccount: a key of the same name gets the new secret, or keeps its own when none is given", async () => {
  const store = await openTestStore();
  const given = { name: "root", accessKeyId: "AKIDROOT" };
  const first = await addAccount(store, { ...given, secretAccessKey: "first-secret" });
  store.nowMs += 1;
  assert.deepEqual(await addAccount(store, { ...given, secretAccessKey: "second-secret" }), {
    ...first,
    secretAccessKey: "second-secret",
  });
  assert.equal((await addAccount(store, given)).secretAccessKey, "second-secret");
  await assert.rejects(addAccount(store, { ...given, name: "other" }), AccountError);
});

test("addAccount: names and keys nobody can use are refused, and the secret is not repeated", async () => {
  const store = await openTestStore();
  for (const name of ["", " x", "x\n", "x".repeat(65)]) await assert.rejects(addAccount(store, { name }), AccountError);
  for (const accessKeyId of ["", "ab", "with/slash", "with space"])
    await assert.rejects(addAccount(store, { name: "a", accessKeyId }), AccountError);
  await assert.rejects(
    addAccount(store, { name: "a", secretAccessKey: "short" }),
    (error: Error) => !error.message.includes("short "),
  );
  assert.deepEqual(await listAccounts(store), []);
});

test("removeKey: the owner stays when the last key goes, and a key added again is the same owner's", async () => {
  const store = await openTestStore();
  const first = await addAccount(store, { name: "alice" });
  const second = await addAccount(store, { name: "alice" });
  assert.deepEqual(await removeKey(store, first.accessKeyId), { key: first, left: 1 });
  assert.deepEqual(await removeKey(store, second.accessKeyId), { key: second, left: 0 });
  assert.equal(await findAccessKey(store, first.accessKeyId), undefined);
  const [alice] = await listAccounts(store);
  assert.deepEqual(
    [alice?.account.canonicalId, alice?.account.createdAtMs, alice?.keys],
    [first.canonicalId, first.createdAtMs, []],
  );
  store.nowMs += 1;
  for (const add of [addAccount, addRootKey]) assert.equal((await add(store, { name: "alice" })).canonicalId, first.canonicalId);
  await assert.rejects(removeKey(store, first.accessKeyId), AccountError);
  await assert.rejects(removeKey(store, "alice"), AccountError);
  await assert.rejects(addRootKey(store, { name: "bob" }), AccountError);
});

test("takeOverAccounts: a store of an older version, which kept owners inside their keys, gets accounts and finds them", async () => {
  const store = await openTestStore();
  const account = { accountId: accountIdOf("a".repeat(64)), canonicalId: "a".repeat(64), displayName: "alice" };
  const old = { ...account, secretAccessKey: "secret-of-alice", userId: undefined, userName: undefined, disabled: false };
  const keys = ["KEY2", "KEY1"].map((accessKeyId, index) => ({ ...old, accessKeyId, createdAtMs: index + 1 }));
  const stored = { ...account, canonicalId: "b".repeat(64), accountId: accountIdOf("b".repeat(64)), displayName: "bob" };
  const bob = { ...stored, email: undefined, createdAtMs: 1, keptKeyId: undefined };
  await commit(store, [...keys.map((key) => put(accessKeyRow(key.accessKeyId), key)), put(accountRow("bob"), bob)]);
  for (let time = 0; time < 2; time += 1) await takeOverAccounts(store);
  const alice = { ...account, email: undefined, createdAtMs: 1, keptKeyId: undefined };
  const listed = [
    { account: alice, keys: keys.toReversed(), mfaDevice: undefined },
    { account: bob, keys: [], mfaDevice: undefined },
  ];
  assert.deepEqual(await listAccounts(store), listed);
  for (const by of [{ accountId: bob.accountId }, { canonicalId: bob.canonicalId }])
    assert.deepEqual(await findAccount(store, by), bob);
  await removeKey(store, "KEY1");
  await removeKey(store, "KEY2");
  assert.deepEqual((await listAccounts(store))[0], { account: alice, keys: [], mfaDevice: undefined });
  store.metadata.transact = async () => assert.fail("a commit");
  await takeOverAccounts(store);
});

test("takeOverAccounts: in a store without accounts there is nothing to do", async () => {
  const store = await openTestStore();
  store.metadata.transact = async () => assert.fail("a commit");
  await takeOverAccounts(store);
});

test("takeOverAccounts: of the keys of one account, the oldest says when it was made; an account that is there says it itself", async () => {
  const store = await openTestStore();
  const known = { accountId: accountIdOf("a".repeat(64)), canonicalId: "a".repeat(64), displayName: "known" };
  const other = { accountId: accountIdOf("c".repeat(64)), canonicalId: "c".repeat(64), displayName: "other" };
  const keyOf = (account: typeof known, accessKeyId: string, createdAtMs: number) => {
    const plain = { secretAccessKey: "secret-of-old", userId: undefined, userName: undefined, disabled: false };
    return put(accessKeyRow(accessKeyId), { ...account, ...plain, accessKeyId, createdAtMs });
  };
  await commit(store, [
    put(accountRow("known"), { ...known, email: undefined, createdAtMs: 5, keptKeyId: "KEY1" }),
    keyOf(known, "KEY1", 3),
    ...[4, 2, 3].map((createdAtMs, index) => keyOf(other, `OTHER${index}`, createdAtMs)),
  ]);
  await takeOverAccounts(store);
  assert.deepEqual(
    (await listAccounts(store)).map(({ account, keys }) => [
      account.displayName,
      account.createdAtMs,
      account.keptKeyId,
      keys.length,
    ]),
    [
      ["known", 5, "KEY1", 1],
      ["other", 2, undefined, 3],
    ],
  );
});

test("takeOverAccounts: keys alone tell of accounts, too", async () => {
  const store = await openTestStore();
  const canonicalId = "a".repeat(64);
  const owner = { accountId: accountIdOf(canonicalId), canonicalId, displayName: "alice" };
  const key = { ...owner, accessKeyId: "KEY", secretAccessKey: "secret-of-alice", createdAtMs: 1, disabled: false };
  await commit(store, [put(accessKeyRow("KEY"), { ...key, userId: undefined, userName: undefined })]);
  await takeOverAccounts(store);
  assert.equal((await findAccount(store, { canonicalId }))?.displayName, "alice");
});

test("addAccount: in a store of an older version, where owners went with their last key, whose name is on buckets gets them", async () => {
  const store = await openTestStore();
  assert.equal((await addAccount(store, { name: BUCKET.ownerName })).canonicalId, BUCKET.ownerId);
});

test("removeKey, setKeyDisabled: a key that somebody else removes meanwhile is none", async () => {
  for (const change of [removeKey, (...[store, id]: Parameters<typeof removeKey>) => setKeyDisabled(store, id, true)]) {
    const store = await openTestStore();
    const { accessKeyId } = await addAccount(store, { name: "alice" });
    let isFirst = true;
    const { transact } = store.metadata;
    store.metadata.transact = async (...args) => {
      if (isFirst) {
        isFirst = false;
        await removeKey(store, accessKeyId);
      }
      return transact.call(store.metadata, ...args) as never;
    };
    await assert.rejects(change(store, accessKeyId), {
      name: "AccountError",
      message: `There is no access key "${accessKeyId}"; holdfast user list shows them.`,
    });
  }
});

test("setKeyDisabled: a key is disabled and enabled, and its secret may change meanwhile", async () => {
  const store = await openTestStore();
  const key = await addAccount(store, { name: "alice" });
  const disabled = { ...key, disabled: true };
  for (let time = 0; time < 2; time += 1) assert.deepEqual(await setKeyDisabled(store, key.accessKeyId, true), disabled);
  const changed = { name: "alice", accessKeyId: key.accessKeyId, secretAccessKey: "another-secret" };
  assert.equal((await addAccount(store, changed)).disabled, true);
  assert.deepEqual(await setKeyDisabled(store, key.accessKeyId, false), { ...key, secretAccessKey: "another-secret" });
  await assert.rejects(setKeyDisabled(store, "NONE", true), AccountError);
});

test("removeAccount: whoever owns buckets stays, unless it is said to whom these go", async () => {
  const store = await openTestStore();
  const alice = await addAccount(store, { name: BUCKET.ownerName });
  const bob = await addAccount(store, { name: "bob" });
  await assert.rejects(removeAccount(store, BUCKET.ownerName), /owns "bucket"; say with --give-buckets-to NAME/);
  await assert.rejects(removeAccount(store, BUCKET.ownerName, "carl"), AccountError);
  await assert.rejects(removeAccount(store, BUCKET.ownerName, BUCKET.ownerName), AccountError);
  assert.equal((await findBucket(store, "bucket"))?.ownerId, alice.canonicalId);
  assert.deepEqual(await removeAccount(store, BUCKET.ownerName, "bob"), { keys: [alice], buckets: ["bucket"] });
  const bucket = await findBucket(store, "bucket");
  assert.deepEqual([bucket?.ownerId, bucket?.ownerName], [bob.canonicalId, "bob"]);
  assert.equal(await findAccessKey(store, alice.accessKeyId), undefined);
  assert.notEqual((await addAccount(store, { name: BUCKET.ownerName })).canonicalId, alice.canonicalId);
  await assert.rejects(removeAccount(store, "carl"), AccountError);
  await assert.rejects(removeAccount(store, bob.accessKeyId), /an access key of "bob", not a user/);
  assert.deepEqual((await removeAccount(store, BUCKET.ownerName)).buckets, []);
});

for (const [buckets, told] of [
  [1, '"b0"; say'],
  [5, '"b0", "b1", "b2", "b3", "b4"; say'],
  [7, '"b0", "b1", "b2", "b3", "b4" and 2 more; say'],
] as const) {
  test(`removeAccount: of ${buckets} buckets that keep their owner, as many are named as can be read`, async () => {
    const store = await openTestStore();
    const { canonicalId: ownerId } = await addAccount(store, { name: "alice" });
    const records = Array.from({ length: buckets }, (_, index) => ({
      ...BUCKET,
      name: `b${index}`,
      ownerId,
      ownerName: "alice",
    }));
    await commit(
      store,
      records.map((record) => put(bucketRow(record.name), record)),
    );
    await assert.rejects(removeAccount(store, "alice"), (error: Error) => error.message.startsWith(`"alice" owns ${told} with`));
  });
}

test("addAccount: the root of an account has 10,000 access keys, and no more", async () => {
  const store = await openTestStore();
  const record = { ...(await addAccount(store, { name: "alice" })), createdAtMs: 1 };
  const fill = Array.from({ length: 9_998 }, (_, index) => ({ ...record, accessKeyId: `KEY${index}` }));
  await commit(store, fill.flatMap(addedKey));
  const last = await addAccount(store, { name: "alice" });
  await assert.rejects(addAccount(store, { name: "alice" }), {
    name: "AccountError",
    message: '"alice" has 10000 access keys, the most that one has; remove one first.',
  });
  await addAccount(store, { name: "bob" });
  const changed = { name: "alice", accessKeyId: last.accessKeyId, secretAccessKey: "another-secret" };
  assert.equal((await addAccount(store, changed)).secretAccessKey, "another-secret");
  await removeKey(store, last.accessKeyId);
  await addAccount(store, { name: "alice" });
});

test("addAccount: a store holds 10,000 users, and no more", async () => {
  const store = await openTestStore();
  const record = {
    accountId: "1".repeat(12),
    canonicalId: "a".repeat(64),
    email: undefined,
    createdAtMs: 1,
    keptKeyId: undefined,
  };
  const names = Array.from({ length: 9_999 }, (_, index) => `user ${index}`);
  await commit(
    store,
    names.map((displayName) => put(accountRow(displayName), { ...record, displayName })),
  );
  await addAccount(store, { name: "the last one" });
  await assert.rejects(addAccount(store, { name: "one more" }), {
    name: "AccountError",
    message: "There are 10000 users, the most this store holds; remove one first.",
  });
  assert.equal((await addAccount(store, { name: "user 0" })).displayName, "user 0");
});

test("setKeptKey: the kept key is set once; removed, it stays so, until another one is kept", async () => {
  const store = await openTestStore();
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  const first = await setKeptKey(store, kept, true);
  assert.equal(first.state, "usable");
  await removeKey(store, "KEPT");
  assert.deepEqual(await setKeptKey(store, kept, false), { ...first, state: "removed" });
  assert.equal(await findAccessKey(store, "KEPT"), undefined);
  const other = { accessKeyId: "OTHER", secretAccessKey: "other-secret" };
  assert.deepEqual(await setKeptKey(store, other, false), first);
  assert.equal((await findAccessKey(store, "OTHER"))?.secretAccessKey, "other-secret");
  await setKeptKey(store, { ...other, secretAccessKey: "mended-secret" }, false);
  assert.equal((await findAccessKey(store, "OTHER"))?.secretAccessKey, "mended-secret");
  await setKeyDisabled(store, "OTHER", true);
  assert.equal((await setKeptKey(store, other, false)).state, "disabled");
  await assert.rejects(removeAccount(store, FIRST_USER_NAME), /the first user, whom every store has/);
});

test("setKeptKey: a first start that was cut short is done again; in an older store, a key that is not there was removed", async () => {
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  assert.equal((await setKeptKey(await openTestStore(), kept, false)).state, "usable");
  const older = await openTestStore();
  await addAccount(older, { name: FIRST_USER_NAME, email: "first@a.example" });
  assert.equal((await setKeptKey(older, kept, false)).state, "removed");
  assert.equal((await setKeptKey(older, kept, true)).state, "usable");
  const { keptKeyId, email } = (await findAccount(older, { displayName: FIRST_USER_NAME }))!;
  assert.deepEqual([keptKeyId, email], ["KEPT", "first@a.example"]);
});

test("addAccount: what is set as it is takes no commit", async () => {
  const store = await openTestStore();
  const wanted = { name: "alice", email: "alice@example.com", accessKeyId: "ALICE", secretAccessKey: "secret-of-alice" };
  const kept = { accessKeyId: "KEPT", secretAccessKey: "kept-secret" };
  const key = await addAccount(store, wanted);
  const first = await setKeptKey(store, kept, true);
  store.metadata.transact = async () => assert.fail("a commit");
  assert.deepEqual(await addAccount(store, wanted), key);
  assert.deepEqual(await setKeptKey(store, kept, false), first);
});

test("newAccessKeyId: letters of keys are as likely as each other: bytes beyond the last whole round of them are thrown away", () => {
  const bytes = [35, 252, 71, 253, 107, 254, 251, 255];
  const id = newAccessKeyId((sizeBytes) => Buffer.from(Array.from({ length: sizeBytes }, (_, index) => bytes[index % 8]!)));
  assert.equal(id, `HF${"9".repeat(18)}`);
});

test("newAccessKeyId: generated keys use every letter and never repeat", () => {
  const ids = new Set(Array.from({ length: 500 }, () => newAccessKeyId(randomBytes)));
  assert.equal(ids.size, 500);
  assert.equal(new Set([...ids].map((id) => id.slice(2)).join("")).size, 36);
  assert.equal(new Set(Array.from({ length: 100 }, () => newSecretAccessKey(randomBytes)).join("")).size, 64);
});

test("setEmail: an account is found by its address in any case, which nobody else has", async () => {
  const store = await openTestStore();
  const { accountId } = await addAccount(store, { name: "acme", email: "Root@Acme.example" });
  await addAccount(store, { name: "other" });
  assert.equal((await findAccount(store, { email: "root@acme.EXAMPLE" }))?.accountId, accountId);
  await assert.rejects(setEmail(store, "other", "ROOT@acme.example"), /is that of "acme" already/);
  await assert.rejects(addAccount(store, { name: "third", email: "root@acme.example" }), AccountError);
  await assert.rejects(setEmail(store, "other", "nobody"), /cannot be an e-mail address/);
  await addAccount(store, { name: "acme" });
  await setEmail(store, "acme", "root@acme.example");
  assert.equal((await findAccount(store, { email: "root@acme.example" }))?.email, "root@acme.example");
  await setEmail(store, "acme", "new@acme.example");
  assert.equal(await findAccount(store, { email: "root@acme.example" }), undefined);
  await setEmail(store, "acme", undefined);
  assert.equal(await findAccount(store, { email: "new@acme.example" }), undefined);
  assert.equal(await findAccount(store, { displayName: "third" }), undefined);
  await assert.rejects(setEmail(store, "nobody", undefined), AccountError);
  await setEmail(store, "acme", "last@acme.example");
  await removeAccount(store, "acme");
  await setEmail(store, "other", "last@acme.example");
});

test("findAccount: by number, canonical id and name, until the account is removed", async () => {
  const store = await openTestStore();
  const { accountId, canonicalId } = await addAccount(store, { name: "acme" });
  const keys = [{ accountId }, { canonicalId }, { displayName: "acme" }];
  for (const by of keys) assert.equal((await findAccount(store, by))?.displayName, "acme");
  for (const by of [
    { accountId: canonicalId },
    { canonicalId: accountId },
    { email: accountId },
    { displayName: "x".repeat(9_999) },
  ]) {
    assert.equal(await findAccount(store, by), undefined);
  }
  // Of a form that begins or ends as another one.
  for (const [email, form] of [
    ["111122223333@a.example", "accountId"],
    ["a@1.111122223333", "accountId"],
    [`${"0".repeat(64)}@a.example`, "canonicalId"],
    [`a@1.${"0".repeat(64)}`, "canonicalId"],
  ] as const) {
    await setEmail(store, "acme", email);
    assert.equal((await findAccount(store, { email }))?.accountId, accountId);
    assert.equal(await findAccount(store, { [form]: email } as { accountId: string }), undefined);
  }
  await createUser(store, { accountId, userName: "ann" });
  await assert.rejects(removeAccount(store, "acme"), /^AccountError: "acme" holds 1 users; remove them first/);
  await deleteUser(store, accountId, "ann");
  await removeAccount(store, "acme");
  for (const by of keys) assert.equal(await findAccount(store, by), undefined);
});

test("removeAccount: an account that holds anything stays, and says what", async () => {
  const store = await openTestStore();
  const { accountId } = await addAccount(store, { name: "acme" });
  const none = { users: 0, groups: 0, roles: 0, policies: 0, policyVersions: 0, mfaDevices: 0, revision: "r" };
  for (const [counts, told] of [
    [{ users: 1, groups: 1 }, "1 users, 1 groups"],
    [{ roles: 2 }, "2 roles"],
    [{ policies: 1, groups: 3 }, "3 groups, 1 policies"],
  ] as const) {
    await commit(store, [put(identitiesRow(accountId), { ...none, ...counts })]);
    const message = `"acme" holds ${told}; remove them first, by holdfast with --account, or by IAM.`;
    await assert.rejects(removeAccount(store, "acme"), { name: "AccountError", message });
  }
  await commit(store, [put(identitiesRow(accountId), none)]);
  await removeAccount(store, "acme");
});

test("removeKey, setKeyDisabled: keys of users inside accounts too", async () => {
  const store = await openTestStore();
  const { accountId } = await addAccount(store, { name: "acme" });
  await createUser(store, { accountId, userName: "ann" });
  const { accessKeyId } = await createAccessKey(store, { accountId, userName: "ann" });
  await assert.rejects(addAccount(store, { name: "acme", accessKeyId }), /belongs to "ann"/);
  assert.equal((await setKeyDisabled(store, accessKeyId, true)).userName, "ann");
  assert.equal((await removeKey(store, accessKeyId)).left, 0);
  assert.deepEqual((await listAccessKeys(store, { accountId, userName: "ann" })).items, []);
});
