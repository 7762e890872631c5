import assert from "node:assert/strict";
import { test } from "node:test";
import { addAccount, removeKey } from "../../../src/store/accounts/accounts.ts";
import { KeyUses } from "../../../src/store/accounts/KeyUses.ts";
import { keyLastUsed, noteKeyUse, writeKeyUses } from "../../../src/store/accounts/keyLastUsed.ts";
import { openTestStore } from "../testStore.ts";

const REGION = "us-east-1";

/** A store with a key, and how often it commits. */
async function opened() {
  const store = await openTestStore();
  const { accountId, accessKeyId } = await addAccount(store, { name: "acme" });
  const counted = { commits: 0 };
  const { transact } = store.metadata;
  store.metadata.transact = (readSet, decide) => {
    counted.commits += 1;
    return transact.call(store.metadata, readSet, decide) as ReturnType<typeof transact<never>>;
  };
  const use = (afterMs: number, service = "s3") =>
    noteKeyUse(store, accessKeyId, { usedAtMs: store.nowMs + afterMs, service, region: REGION });
  const used = async () => (await keyLastUsed(store, accountId, accessKeyId)).use;
  return { store, accountId, accessKeyId, counted, use, used };
}

test("noteKeyUse: a key that goes on being used is written down once a minute, and for each service", async () => {
  const { store, counted, use, used } = await opened();
  assert.equal(await used(), undefined);
  for (let afterMs = 0; afterMs < 60_000; afterMs += 1_000) use(afterMs);
  assert.equal(counted.commits, 0);
  assert.deepEqual(await used(), { usedAtMs: store.nowMs, service: "s3", region: REGION });
  use(59_999);
  await writeKeyUses(store);
  assert.equal(counted.commits, 1);
  use(60_000);
  assert.equal((await used())?.usedAtMs, store.nowMs + 60_000);
  use(60_001, "iam");
  assert.equal((await used())?.service, "iam");
  assert.equal(counted.commits, 3);
});

test("noteKeyUse: what another process knows better stays, and a key that is gone leaves nothing behind", async () => {
  const { store, accountId, accessKeyId, use, used } = await opened();
  use(1_000);
  await writeKeyUses(store);
  use(0, "sts");
  assert.equal((await used())?.service, "s3");
  use(1_000, "sts");
  assert.equal((await used())?.service, "s3", "at the same time, whoever wrote first");
  use(100_000);
  await removeKey(store, accessKeyId);
  await writeKeyUses(store);
  await assert.rejects(keyLastUsed(store, accountId, accessKeyId), { code: "NoSuchEntity" });
  await addAccount(store, { name: "acme", accessKeyId });
  assert.equal(await used(), undefined);
});

test("noteKeyUse: uses are written down by themselves a moment later", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { counted, use } = await opened();
  use(0);
  use(0, "iam");
  t.mock.timers.tick(999);
  assert.equal(counted.commits, 0);
  t.mock.timers.tick(1);
  assert.equal(counted.commits, 1);
});

test("KeyUses: the first use to wait is told, later ones wait with it, and what was taken waits no more", () => {
  const uses = new KeyUses();
  const use = { usedAtMs: 100_000, service: "s3", region: REGION };
  assert.equal(uses.note("a", use), true);
  assert.equal(uses.note("b", use), false);
  assert.equal(uses.note("a", { ...use, region: "eu-west-1" }), false);
  assert.deepEqual(uses.take(), [
    ["a", { ...use, region: "eu-west-1" }],
    ["b", use],
  ]);
  assert.deepEqual(uses.take(), []);
  assert.equal(uses.note("b", { ...use, usedAtMs: 159_999 }), false);
  assert.deepEqual(uses.take(), []);
  assert.equal(uses.note("b", { ...use, usedAtMs: 160_000 }), true);
});
