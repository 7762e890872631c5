import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccessKey } from "../../src/store/accounts/accessKeys.ts";
import { findAccount } from "../../src/store/accounts/findAccount.ts";
import { keyLastUsed } from "../../src/store/accounts/keyLastUsed.ts";
import { createUser } from "../../src/store/accounts/users.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "./TestServer.ts";

const USERS_KEY_ID = "HFUSERUSERUSERUSER00";

test("key uses: a signed request says when its user's key was used, one with a wrong signature does not, and a root's is not noted", async () => {
  let nowMs = Date.now();
  await using server = await TestServer.start({ clock: () => nowMs });
  const { store } = server;
  const { accountId } = (await findAccount(store, { displayName: "tester" }))!;
  await createUser(store, { accountId, userName: "ann" });
  const keys = { accessKeyId: USERS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
  await createAccessKey(store, { accountId, userName: "ann" }, keys);
  const used = async (accessKeyId: string) => (await keyLastUsed(store, accountId, accessKeyId)).use;
  const get = (target: string) => server.request("GET", target, { unsigned: true });
  const signed = () => server.signed("GET", "/bucket", {}, USERS_KEY_ID);
  assert.equal((await get(signed().replace(/Signature=\w\w/, "Signature=00"))).status, 403);
  assert.equal(await used(USERS_KEY_ID), undefined);
  await get(signed());
  assert.deepEqual(await used(USERS_KEY_ID), { usedAtMs: nowMs, service: "s3", region: "us-east-1" });
  nowMs += 120_000;
  await get(signed());
  assert.equal((await used(USERS_KEY_ID))?.usedAtMs, nowMs);
  assert.equal(await used(ACCESS_KEY_ID), undefined);
});
