import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionOwners } from "../../../src/access/sessions/sessionOwners.ts";
import type { SessionAccount, SessionContent, SessionPrincipal } from "../../../src/auth/SessionContent.ts";
import { addAccount, removeAccount } from "../../../src/store/accounts/accounts.ts";
import { setTags } from "../../../src/store/accounts/identityTags.ts";
import {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
} from "../../../src/store/accounts/managedPolicies.ts";
import { createRole, deleteRole } from "../../../src/store/accounts/roles.ts";
import { createUser, deleteUser } from "../../../src/store/accounts/users.ts";
import type { Store } from "../../../src/store/Store.ts";
import { openTestStore } from "../../store/testStore.ts";

const ANY_DOCUMENT = (): undefined => undefined;

/** A store with an account, in which one session's owner is looked up again and again. */
async function opened(): Promise<{ store: Store; account: SessionAccount; content: ContentMaker }> {
  const store = await openTestStore();
  const { accountId, canonicalId, displayName } = await addAccount(store, { name: "acme" });
  const account = { accountId, canonicalId, displayName };
  const content: ContentMaker = (principal, policyArns = []) => ({
    principal: { ...account, ...principal } as SessionPrincipal,
    session: {
      kind: "AssumeRole",
      issuedAtMs: 0,
      expiresAtMs: 1,
      mfaAtMs: undefined,
      sourceIdentity: undefined,
      transitiveTagKeys: [],
      federatedProvider: undefined,
      policies: undefined,
      policyArns,
    },
  });
  return { store, account, content };
}

type ContentMaker = (principal: object, policyArns?: readonly string[]) => SessionContent;

test("sessionOwners: the root of an account, as long as the account is there", async () => {
  const { store, account, content } = await opened();
  const find = sessionOwners(store);
  const arn = `arn:aws:iam::${account.accountId}:root`;
  const owner = await find(content({ kind: "root" }), undefined);
  const names = { arn, principalArn: arn, userId: account.accountId, userName: undefined, tags: {} };
  assert.deepEqual(owner?.caller, { kind: "root", ...account, ...names });
  assert.deepEqual(owner.managedPolicies, []);
  assert.equal(await find(content({ kind: "root", canonicalId: "f".repeat(64) }), undefined), undefined);
  await removeAccount(store, "acme");
  assert.equal(await find(content({ kind: "root" }), owner), undefined);
});

test("sessionOwners: a user by name and unique id, with their tags as they are now", async () => {
  const { store, account, content } = await opened();
  const find = sessionOwners(store);
  const { accountId } = account;
  const user = await createUser(store, { accountId, userName: "Ann", path: "/staff/", tags: [["team", "blue"]] });
  const session = content({ kind: "user", userName: "Ann", uniqueId: user.uniqueId });
  const owner = await find(session, undefined);
  const arn = `arn:aws:iam::${accountId}:user/staff/Ann`;
  const names = { arn, principalArn: arn, userId: user.uniqueId, userName: "Ann", tags: { team: "blue" } };
  assert.deepEqual(owner?.caller, { kind: "user", ...account, ...names });
  assert.equal(await find(session, owner), owner);
  await setTags(store, { kind: "user", accountId, name: "Ann" }, [["team", "red"]]);
  assert.deepEqual((await find(session, owner))?.caller.tags, { team: "red" });
  await deleteUser(store, accountId, "Ann");
  assert.equal(await find(session, owner), undefined);
  await createUser(store, { accountId, userName: "Ann" });
  assert.equal(await find(session, owner), undefined);
});

test("sessionOwners: somebody in a role, whose own tags count before the role's in any case", async () => {
  const { store, account, content } = await opened();
  const find = sessionOwners(store);
  const { accountId } = account;
  const made = {
    accountId,
    roleName: "reader",
    path: "/r/",
    trustPolicy: "{}",
    tags: [
      ["Team", "blue"],
      ["room", "7"],
    ] as const,
  };
  const role = await createRole(store, made, ANY_DOCUMENT);
  const session = { kind: "assumed-role", roleName: "reader", uniqueId: role.uniqueId, sessionName: "s" };
  const owner = await find(content({ ...session, tags: { team: "red", more: "1" } }), undefined);
  assert.deepEqual(owner?.caller, {
    kind: "assumed-role",
    ...account,
    arn: `arn:aws:sts::${accountId}:assumed-role/reader/s`,
    principalArn: `arn:aws:iam::${accountId}:role/r/reader`,
    userId: `${role.uniqueId}:s`,
    userName: undefined,
    tags: { room: "7", team: "red", more: "1" },
  });
  assert.deepEqual((await find(content({ ...session, tags: {} }), undefined))?.caller.tags, { Team: "blue", room: "7" });
  assert.equal(await find(content({ ...session, uniqueId: "AROAOTHER", tags: {} }), undefined), undefined);
  await deleteRole(store, accountId, "reader");
  assert.equal(await find(content({ ...session, tags: {} }), owner), undefined);
});

test("sessionOwners: whom a user or the root vouches for, as long as those are there", async () => {
  const { store, account, content } = await opened();
  const find = sessionOwners(store);
  const { accountId } = account;
  const guest = { kind: "federated-user", name: "guest" };
  const arn = `arn:aws:sts::${accountId}:federated-user/guest`;
  const names = { kind: "federated-user", ...account, arn, principalArn: arn, userId: `${accountId}:guest` };
  const ofRoot = await find(content({ ...guest, by: undefined, tags: { a: "1" } }), undefined);
  assert.deepEqual(ofRoot?.caller, { ...names, userName: undefined, tags: { a: "1" } });
  const user = await createUser(store, {
    accountId,
    userName: "ann",
    tags: [
      ["A", "0"],
      ["b", "2"],
    ],
  });
  const by = { userName: "ann", uniqueId: user.uniqueId };
  const ofUser = await find(content({ ...guest, by, tags: { a: "1" } }), undefined);
  assert.deepEqual(ofUser?.caller, { ...names, userName: "ann", tags: { b: "2", a: "1" } });
  await deleteUser(store, accountId, "ann");
  assert.equal(await find(content({ ...guest, by, tags: {} }), ofUser), undefined);
});

test("sessionOwners: managed policies have the version that applies now, and one that is gone is left out", async () => {
  const { store, account, content } = await opened();
  const find = sessionOwners(store);
  const { accountId } = account;
  const { policyArn: arn } = await createPolicy(store, { accountId, policyName: "p", document: '{"v":1}' }, ANY_DOCUMENT);
  const session = content({ kind: "root" }, [arn, `arn:aws:iam::${accountId}:policy/none`]);
  const owner = await find(session, undefined);
  assert.deepEqual(owner?.managedPolicies, ['{"v":1}']);
  assert.equal(await find(session, owner), owner);
  assert.deepEqual((await find(content({ kind: "root" }, [arn]), undefined))?.managedPolicies, ['{"v":1}']);
  await createPolicyVersion(store, accountId, arn, { document: '{"v":2}', setAsDefault: true }, ANY_DOCUMENT);
  const later = await find(session, owner);
  assert.deepEqual(later?.managedPolicies, ['{"v":2}']);
  await deletePolicyVersion(store, accountId, arn, "v1");
  await deletePolicy(store, accountId, arn);
  assert.deepEqual((await find(session, later))?.managedPolicies, []);
});
