import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallerPolicies } from "../../src/access/callerPolicies.ts";
import { findCallerPolicies, NO_POLICIES } from "../../src/access/callerPolicies.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { SignedCaller } from "../../src/auth/Caller.ts";
import { putBoundary } from "../../src/store/accounts/attachments.ts";
import { deleteInlinePolicy, putInlinePolicy } from "../../src/store/accounts/inlinePolicies.ts";
import { createPolicy } from "../../src/store/accounts/managedPolicies.ts";
import { createUser, deleteUser } from "../../src/store/accounts/users.ts";
import type { Store } from "../../src/store/Store.ts";
import { openTestStore } from "../store/testStore.ts";
import { SESSION, USER } from "./conditionFacts.ts";
import { rootOf } from "../testCallers.ts";

const ROOT = rootOf("o", "a".repeat(64), "AKIDOWNER");
const ANN = { kind: "user", accountId: ROOT.accountId, name: "ann" } as const;
const ANY_DOCUMENT = (): undefined => undefined;
const document = (Condition: object = {}): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*", Condition } });
const BY_OBJECT = document({ StringEquals: { "s3:ExistingObjectTag/a": "1" } });
const BY_BUCKET = document({ StringEquals: { "aws:ResourceTag/a": "1" } });

/** A store with a user, who is the caller. */
async function opened(): Promise<{ store: Store; caller: SignedCaller }> {
  const store = await openTestStore();
  const { uniqueId: userId } = await createUser(store, { accountId: ROOT.accountId, userName: "ann" });
  const arn = `arn:aws:iam::${ROOT.accountId}:user/ann`;
  return { store, caller: { ...USER, accountId: ROOT.accountId, arn, principalArn: arn, userId, userName: "ann" } };
}

const readingsOf = ({ readings }: CallerPolicies): string[] => [...readings].toSorted();
const namesOf = (policies: CallerPolicies["identity"]): string[] | undefined => policies?.map(({ name }) => name);

test("callerPolicies: none limit a root, nor who does not sign", async () => {
  const store = await openTestStore();
  assert.equal(findCallerPolicies(store, ANONYMOUS), NO_POLICIES);
  assert.equal(findCallerPolicies(store, ROOT), NO_POLICIES);
});

test("callerPolicies: a user's own and their boundary, parsed once for as long as they are the same", async () => {
  const { store, caller } = await opened();
  const without = await findCallerPolicies(store, caller);
  assert.deepEqual([without.identity, without.boundary, without.session], [[], undefined, undefined]);
  await putInlinePolicy(store, ANN, { policyName: "p", document: BY_OBJECT }, ANY_DOCUMENT);
  const own = await findCallerPolicies(store, caller);
  assert.equal(own.identity?.length, 1);
  assert.equal(own.identity[0]?.policy.use, "identity");
  assert.equal(own.boundary, undefined);
  assert.deepEqual(readingsOf(own), ["objectTags"]);
  assert.equal(await findCallerPolicies(store, caller), own);
  const boundary = { accountId: ROOT.accountId, policyName: "b", document: BY_BUCKET };
  const { policyArn } = await createPolicy(store, boundary, ANY_DOCUMENT);
  await putBoundary(store, ANN, policyArn);
  const bounded = await findCallerPolicies(store, caller);
  assert.equal(bounded.boundary?.policy.use, "identity");
  assert.deepEqual(namesOf(bounded.identity), namesOf(own.identity));
  assert.deepEqual(readingsOf(bounded), ["objectTags", "resourceTags"]);
});

test("callerPolicies: nothing is allowed to a user who is gone", async () => {
  const { store, caller } = await opened();
  await putInlinePolicy(store, ANN, { policyName: "p", document: document() }, ANY_DOCUMENT);
  assert.equal((await findCallerPolicies(store, caller)).identity?.length, 1);
  await deleteInlinePolicy(store, ANN, "p");
  await deleteUser(store, ROOT.accountId, "ann");
  assert.deepEqual(await findCallerPolicies(store, caller), { ...NO_POLICIES, identity: [] });
});

test("callerPolicies: a session's own limit it beside all others, a root's session too", async () => {
  const { store, caller } = await opened();
  await putInlinePolicy(store, ANN, { policyName: "p", document: BY_OBJECT }, ANY_DOCUMENT);
  const limited = { ...SESSION, policies: [BY_BUCKET, document()] };
  for (const [who, readings] of [
    [caller, ["objectTags", "resourceTags"]],
    [ROOT, ["resourceTags"]],
  ] as const) {
    const found = await findCallerPolicies(store, { ...who, session: limited });
    assert.deepEqual(namesOf(found.session), ["the session's policy", "the session's policy"]);
    assert.equal(found.identity?.length, who === ROOT ? undefined : 1);
    assert.deepEqual(readingsOf(found), readings);
    assert.equal((await findCallerPolicies(store, { ...who, session: limited })).session, found.session);
    assert.equal((await findCallerPolicies(store, { ...who, session: SESSION })).session, undefined);
  }
});
