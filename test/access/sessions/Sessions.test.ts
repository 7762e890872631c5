import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindSessionOwner, SessionOwner } from "../../../src/access/sessions/Sessions.ts";
import { MAX_OPEN_TOKENS, Sessions } from "../../../src/access/sessions/Sessions.ts";
import type { SessionContent } from "../../../src/auth/SessionContent.ts";
import { createStore } from "../../../src/store/createStore.ts";
import { rootOf } from "../../testCallers.ts";
import { openTestStore } from "../../store/testStore.ts";

const OWNER: SessionOwner = { caller: rootOf("ann", "a".repeat(64), "AKIA"), managedPolicies: ["{}"] };
const CONTENT: SessionContent = {
  principal: { ...OWNER.caller, kind: "root" },
  session: {
    kind: "GetSessionToken",
    issuedAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_003_600_000,
    mfaAtMs: 1_800_000_000_000,
    sourceIdentity: undefined,
    transitiveTagKeys: [],
    federatedProvider: undefined,
    policies: undefined,
    policyArns: [],
  },
};
const found: FindSessionOwner = () => OWNER;

test("Sessions: a token that was issued opens beside its key, as its owner, and opened again is the same credential", async () => {
  const sessions = new Sessions(await openTestStore(), found);
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = await sessions.issue(CONTENT);
  const credential = await sessions.open(sessionToken, accessKeyId);
  assert.equal(credential?.accessKeyId, accessKeyId);
  assert.equal(credential.secretAccessKey, secretAccessKey);
  assert.equal(credential.caller.accessKeyId, accessKeyId);
  assert.equal(credential.caller.arn, OWNER.caller.arn);
  assert.equal(credential.caller.session?.expiresAtMs, expiresAtMs);
  assert.equal(credential.caller.session.mfaAtMs, CONTENT.session.mfaAtMs);
  assert.equal(sessions.open(sessionToken, accessKeyId), credential);
});

test("Sessions: another process, or the same after a restart, opens the token too", async () => {
  const store = await openTestStore();
  const { accessKeyId, secretAccessKey, sessionToken } = await new Sessions(store, found).issue(CONTENT);
  const other = new Sessions(createStore({ ...store }), found);
  assert.equal((await other.open(sessionToken, accessKeyId))?.secretAccessKey, secretAccessKey);
});

test("Sessions: a token beside another's access key is InvalidToken, opened before or not", async () => {
  const store = await openTestStore();
  const sessions = new Sessions(store, found);
  const one = await sessions.issue(CONTENT);
  const other = await sessions.issue(CONTENT);
  const refused = { code: "InvalidToken", status: 400, details: [["Token-0", one.sessionToken]] };
  assert.throws(() => sessions.open(one.sessionToken, other.accessKeyId), refused);
  await sessions.open(one.sessionToken, one.accessKeyId);
  assert.throws(() => sessions.open(one.sessionToken, other.accessKeyId), refused);
});

test("Sessions: a token of another store, and what is no token, are InvalidToken", async () => {
  const { accessKeyId, sessionToken } = await new Sessions(await openTestStore(), found).issue(CONTENT);
  const sessions = new Sessions(await openTestStore(), found);
  for (const token of [sessionToken, "token", "", "ä"]) {
    assert.throws(() => sessions.open(token, accessKeyId), { code: "InvalidToken", details: [["Token-0", token]] });
  }
});

test("Sessions: whose owner is gone has no credential from the next time on, and whose owner changed another one", async () => {
  let owner: SessionOwner | undefined = OWNER;
  const sessions = new Sessions(await openTestStore(), async () => owner);
  const { accessKeyId, sessionToken } = await sessions.issue(CONTENT);
  const first = await sessions.open(sessionToken, accessKeyId);
  owner = { ...OWNER, caller: { ...OWNER.caller, displayName: "Anna" } };
  const second = await sessions.open(sessionToken, accessKeyId);
  assert.notEqual(second, first);
  assert.equal(second?.caller.displayName, "Anna");
  owner = undefined;
  assert.equal(await sessions.open(sessionToken, accessKeyId), undefined);
});

test("Sessions: more tokens than a process keeps open are opened all the same", async () => {
  const sessions = new Sessions(await openTestStore(), found);
  const first = await sessions.issue(CONTENT);
  await sessions.open(first.sessionToken, first.accessKeyId);
  for (let count = 0; count < MAX_OPEN_TOKENS; count++) {
    const { accessKeyId, sessionToken } = await sessions.issue(CONTENT);
    await sessions.open(sessionToken, accessKeyId);
  }
  assert.equal((await sessions.open(first.sessionToken, first.accessKeyId))?.accessKeyId, first.accessKeyId);
});

test("Sessions: managed policies that a session is limited to are among its policies, as they are now", async () => {
  let owner: SessionOwner = OWNER;
  const sessions = new Sessions(await openTestStore(), () => owner);
  const policyArns = ["arn:aws:iam::111122223333:policy/p"];
  const limited = { ...CONTENT, session: { ...CONTENT.session, policies: ["[]"], policyArns } };
  const { accessKeyId, sessionToken } = await sessions.issue(limited);
  const policies = async (): Promise<unknown> => (await sessions.open(sessionToken, accessKeyId))?.caller.session?.policies;
  assert.deepEqual(await policies(), ["[]", "{}"]);
  owner = { ...OWNER, managedPolicies: ["{ }"] };
  assert.deepEqual(await policies(), ["[]", "{ }"]);
});
