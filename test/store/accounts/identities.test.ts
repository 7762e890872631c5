import assert from "node:assert/strict";
import { createAccessKey, deleteAccessKey, listAccessKeys, setKeyStatus } from "../../../src/store/accounts/accessKeys.ts";
import { identityArn } from "../../../src/store/accounts/arns.ts";
import { attachPolicy, detachPolicy, listAttachedPolicies, putBoundary } from "../../../src/store/accounts/attachments.ts";
import { findCredential } from "../../../src/store/accounts/credentials.ts";
import { addUserToGroup, createGroup, listUsersOfGroup, removeUserFromGroup } from "../../../src/store/accounts/groups.ts";
import type { Holder } from "../../../src/store/accounts/holders.ts";
import { listTagsOf, removeTags, setTags } from "../../../src/store/accounts/identityTags.ts";
import { deleteInlinePolicy, putInlinePolicy } from "../../../src/store/accounts/inlinePolicies.ts";
import { createPolicy } from "../../../src/store/accounts/managedPolicies.ts";
import { listEntitiesForPolicy } from "../../../src/store/accounts/policyEntities.ts";
import { principalId } from "../../../src/store/accounts/principals.ts";
import {
  createRole,
  deleteRole,
  findRole,
  getRole,
  listRoles,
  updateRole,
  updateTrustPolicy,
} from "../../../src/store/accounts/roles.ts";
import { createUser, deleteUser, findUser, getUser, listUsers, updateUser } from "../../../src/store/accounts/users.ts";
import { identitiesRow } from "../../../src/store/records/identityRows.ts";
import { put, remove } from "../../../src/store/records/Row.ts";
import { userRow } from "../../../src/store/records/UserRecord.ts";
import { readRow } from "../../../src/store/transact.ts";
import { commit } from "../testStore.ts";
import { ANY_DOCUMENT, documentOf, onEveryEngine } from "./identityStores.ts";

const refusal = (code: string, message: string | RegExp) => ({ name: "IdentityError", code, message });
const BOUNDARY = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const user = (accountId: string, name: string): Holder<"user"> => ({ accountId, kind: "user", name });

onEveryEngine("createUser: a user has a unique id, a path and an ARN, and is found in any case", async ({ store, accountId }) => {
  const ann = await createUser(store, { accountId, userName: "Ann", path: "/staff/" });
  assert.match(ann.uniqueId, /^AIDA[A-Z0-9]{17}$/);
  assert.equal(ann.createdAtMs, store.nowMs);
  assert.equal(identityArn("user", ann), `arn:aws:iam::${accountId}:user/staff/Ann`);
  assert.deepEqual(await getUser(store, accountId, "aNN"), ann);
  assert.equal(await findUser(store, accountId, "ben"), undefined);
  assert.equal(await findUser(store, accountId, "x".repeat(5_000)), undefined);
  await assert.rejects(getUser(store, accountId, "ben"), refusal("NoSuchEntity", "The user with name ben cannot be found."));
  await assert.rejects(
    createUser(store, { accountId, userName: "ANN" }),
    refusal("EntityAlreadyExists", "User with name ANN already exists."),
  );
  const other = await createUser(store, { accountId: "000000000001", userName: "Ann" });
  assert.notEqual(other.uniqueId, ann.uniqueId);
});

onEveryEngine(
  "createUser: names, paths and tags that IAM does not take are refused in its words",
  async ({ store, accountId }) => {
    const create = (more: object) => createUser(store, { accountId, userName: "ann", ...more });
    await assert.rejects(
      create({ userName: "a b" }),
      refusal(
        "ValidationError",
        "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
      ),
    );
    await assert.rejects(
      create({ userName: "x".repeat(65) }),
      refusal("ValidationError", /at 'userName' .* less than or equal to 64$/),
    );
    await assert.rejects(create({ userName: "" }), refusal("ValidationError", /greater than or equal to 1$/));
    for (const path of ["staff/", "/staff", "/a b/"]) {
      await assert.rejects(
        create({ path }),
        refusal("ValidationError", /^The specified value for path is invalid\. It must begin and end with \//),
      );
    }
    await assert.rejects(create({ tags: [["aws:x", ""]] }), refusal("InvalidInput", /^aws: prefixed tag key names/));
    await assert.rejects(
      create({
        tags: [
          ["A", ""],
          ["a", ""],
        ],
      }),
      refusal("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
    );
    await assert.rejects(create({ tags: [["k\0", ""]] }), refusal("ValidationError", /'tags\.1\.member\.key'/));
    await assert.rejects(
      create({ boundaryArn: "arn:aws:iam::aws:policy/None" }),
      refusal("NoSuchEntity", /^Scope ARN: .* not attachable\.$/),
    );
    await assert.rejects(create({ boundaryArn: "here" }), refusal("InvalidInput", "ARN here is not valid."));
    await assert.rejects(getUser(store, accountId, "ann"), refusal("NoSuchEntity", /ann/));
  },
);

onEveryEngine("createUser: an account has 5,000 users and no more", async ({ store, accountId }) => {
  const counts = { users: 4_999, groups: 300, roles: 1_000, policies: 1_500, policyVersions: 0, mfaDevices: 0 };
  await commit(store, [put(identitiesRow(accountId), { ...counts, revision: "r" })]);
  await createUser(store, { accountId, userName: "last" });
  await assert.rejects(
    createUser(store, { accountId, userName: "more" }),
    refusal("LimitExceeded", "Cannot exceed quota for UsersPerAccount: 5000"),
  );
  await assert.rejects(
    createGroup(store, { accountId, groupName: "g" }),
    refusal("LimitExceeded", "Cannot exceed quota for GroupsPerAccount: 300"),
  );
  await assert.rejects(
    createRole(store, { accountId, roleName: "r", trustPolicy: "{}" }, ANY_DOCUMENT),
    refusal("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"),
  );
  await assert.rejects(
    createPolicy(store, { accountId, policyName: "p", document: "{}" }, ANY_DOCUMENT),
    refusal("LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500"),
  );
  await deleteUser(store, accountId, "last");
  await createUser(store, { accountId, userName: "more" });
});

onEveryEngine(
  "createUser: of several at once with a name one is made, and all with names of their own are",
  async ({ store, accountId }) => {
    const names = ["ann", "Ann", "ben", "carl", "dora", "ANN"];
    const made = await Promise.allSettled(names.map((userName) => createUser(store, { accountId, userName })));
    assert.equal(made.filter(({ status }) => status === "fulfilled").length, 4);
    assert.equal((await listUsers(store, accountId)).items.length, 4);
  },
);

onEveryEngine("listUsers: by name, page by page, and those under a path alone", async ({ store, accountId }) => {
  for (const [userName, path] of [
    ["carl", "/"],
    ["Ann", "/a/"],
    ["ben", "/a/b/"],
  ] as const)
    await createUser(store, { accountId, userName, path });
  await createUser(store, { accountId: "999999999999", userName: "zoe" });
  const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
  const first = await listUsers(store, accountId, { maxItems: 2 });
  assert.deepEqual(names(first.items), ["Ann", "ben"]);
  const second = await listUsers(store, accountId, { marker: first.marker, maxItems: 1 });
  assert.deepEqual([names(second.items), second.marker], [["carl"], undefined]);
  const under = await listUsers(store, accountId, { pathPrefix: "/a/", maxItems: 1 });
  assert.deepEqual(names(under.items), ["Ann"]);
  assert.deepEqual(names((await listUsers(store, accountId, { pathPrefix: "/a/", marker: under.marker })).items), ["ben"]);
  await assert.rejects(listUsers(store, accountId, { marker: "not+a+marker" }), refusal("ValidationError", "Invalid Marker."));
  await assert.rejects(
    listUsers(store, accountId, { maxItems: 0 }),
    refusal("ValidationError", /'maxItems' .* greater than or equal to 1$/),
  );
  await assert.rejects(
    listUsers(store, accountId, { maxItems: 1_001 }),
    refusal("ValidationError", /less than or equal to 1000$/),
  );
  await assert.rejects(listUsers(store, accountId, { pathPrefix: "a" }), refusal("ValidationError", /pathPrefix/));
});

onEveryEngine(
  "updateUser: a new name and path go with the keys, groups, policies and attachments of the user",
  async ({ store, accountId }) => {
    await createUser(store, { accountId, userName: "ann" });
    await createUser(store, { accountId, userName: "ben" });
    await createGroup(store, { accountId, groupName: "Staff" });
    const { policyArn } = await createPolicy(store, { accountId, policyName: "p", document: "{}" }, ANY_DOCUMENT);
    const key = await createAccessKey(store, { accountId, userName: "ann" });
    await addUserToGroup(store, accountId, "staff", "ann");
    await attachPolicy(store, user(accountId, "ann"), policyArn);
    await putBoundary(store, user(accountId, "ann"), BOUNDARY);
    await putInlinePolicy(store, user(accountId, "ann"), { policyName: "own", document: "{}" }, ANY_DOCUMENT);
    const before = (await findCredential(store, key.accessKeyId))!.caller;
    for (const newUserName of ["Ann", "anna"]) {
      const [old] = (await listUsers(store, accountId)).items;
      const renamed = await updateUser(store, accountId, old!.name, { newUserName, newPath: "/x/" });
      assert.deepEqual([renamed.name, renamed.path, renamed.uniqueId], [newUserName, "/x/", before.userId]);
      assert.deepEqual((await listUsersOfGroup(store, accountId, "Staff")).items, [renamed]);
      assert.deepEqual((await listEntitiesForPolicy(store, accountId, policyArn)).items, [
        { kind: "user", name: newUserName, uniqueId: renamed.uniqueId },
      ]);
      const bounded = await listEntitiesForPolicy(store, accountId, BOUNDARY, { usage: "PermissionsBoundary" });
      assert.deepEqual(
        bounded.items.map(({ name }) => name),
        [newUserName],
      );
      const { caller } = (await findCredential(store, key.accessKeyId))!;
      assert.deepEqual([caller.arn, caller.userName], [`arn:aws:iam::${accountId}:user/x/${newUserName}`, newUserName]);
    }
    assert.deepEqual(
      (await listUsers(store, accountId)).items.map(({ name }) => name),
      ["anna", "ben"],
    );
    await assert.rejects(
      updateUser(store, accountId, "anna", { newUserName: "BEN" }),
      refusal("EntityAlreadyExists", "User with name BEN already exists."),
    );
    await assert.rejects(updateUser(store, accountId, "ann", {}), refusal("NoSuchEntity", /ann/));
    assert.equal((await updateUser(store, accountId, "anna", { newUserName: "anne" })).path, "/x/");
    assert.equal((await updateUser(store, accountId, "anne", { newPath: "/y/" })).name, "anne");
  },
);

onEveryEngine("deleteUser: whoever has something left stays, and says what", async ({ store, accountId }) => {
  const holder = user(accountId, "ann");
  await createUser(store, { accountId, userName: "ann", boundaryArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" });
  await createGroup(store, { accountId, groupName: "staff" });
  const key = await createAccessKey(store, { accountId, userName: "ann" });
  await addUserToGroup(store, accountId, "staff", "ann");
  await attachPolicy(store, holder, "arn:aws:iam::aws:policy/AdministratorAccess");
  await putInlinePolicy(store, holder, { policyName: "own", document: "{}" }, ANY_DOCUMENT);
  const steps: [string, () => Promise<unknown>][] = [
    ["detach all policies", () => detachPolicy(store, holder, "arn:aws:iam::aws:policy/AdministratorAccess")],
    ["delete policies", () => deleteInlinePolicy(store, holder, "own")],
    ["delete access keys", () => deleteAccessKey(store, { accountId, userName: "ann" }, key.accessKeyId)],
    ["remove users from group", () => removeUserFromGroup(store, accountId, "staff", "ann")],
  ];
  for (const [what, step] of steps) {
    await assert.rejects(
      deleteUser(store, accountId, "ann"),
      refusal("DeleteConflict", `Cannot delete entity, must ${what} first.`),
    );
    await step();
  }
  await deleteUser(store, accountId, "ann");
  assert.equal(await findUser(store, accountId, "ann"), undefined);
  assert.deepEqual((await listEntitiesForPolicy(store, accountId, "arn:aws:iam::aws:policy/AmazonS3FullAccess")).items, []);
  assert.equal(await findCredential(store, key.accessKeyId), undefined);
});

onEveryEngine("roles: made, described, trusted to others, and deleted", async ({ store, accountId }) => {
  const made = await createRole(
    store,
    { accountId, roleName: "Reader", trustPolicy: "{}", path: "/app/", tags: [["team", "x"]] },
    ANY_DOCUMENT,
  );
  assert.match(made.uniqueId, /^AROA[A-Z0-9]{17}$/);
  assert.deepEqual([made.maxSessionDurationSeconds, made.description], [3_600, ""]);
  const described = await updateRole(store, accountId, "reader", { description: "Reads.", maxSessionDurationSeconds: 43_200 });
  assert.deepEqual(described, { ...made, description: "Reads.", maxSessionDurationSeconds: 43_200 });
  assert.deepEqual(await updateRole(store, accountId, "reader", {}), described);
  assert.deepEqual((await updateRole(store, accountId, "reader", { description: "" })).description, "");
  await updateRole(store, accountId, "reader", { description: "Reads." });
  const trusted = await updateTrustPolicy(store, accountId, "reader", '{"v":2}', ANY_DOCUMENT);
  assert.deepEqual(await getRole(store, accountId, "Reader"), trusted);
  assert.deepEqual(await findRole(store, accountId, "Reader"), trusted);
  assert.deepEqual((await listRoles(store, accountId)).items, [trusted]);
  await assert.rejects(
    updateRole(store, accountId, "reader", { maxSessionDurationSeconds: 3_599 }),
    refusal("ValidationError", /'maxSessionDuration'/),
  );
  await assert.rejects(
    updateRole(store, accountId, "reader", { description: "x".repeat(1_001) }),
    refusal("ValidationError", /'description'/),
  );
  await assert.rejects(
    createRole(store, { accountId, roleName: "large", trustPolicy: documentOf(2_049) }, ANY_DOCUMENT),
    refusal("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"),
  );
  await assert.rejects(
    createRole(store, { accountId, roleName: "reader", trustPolicy: "{}" }, ANY_DOCUMENT),
    refusal("EntityAlreadyExists", "Role with name reader already exists."),
  );
  await assert.rejects(
    updateTrustPolicy(store, accountId, "reader", documentOf(2_049), ANY_DOCUMENT),
    refusal("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"),
  );
  await updateTrustPolicy(store, accountId, "reader", documentOf(2_048), ANY_DOCUMENT);
  const wrong = new Error("no policy");
  await assert.rejects(
    updateTrustPolicy(store, accountId, "reader", "?", () => assert.fail(wrong)),
    wrong,
  );
  await putInlinePolicy(store, { accountId, kind: "role", name: "reader" }, { policyName: "p", document: "{}" }, ANY_DOCUMENT);
  await assert.rejects(deleteRole(store, accountId, "reader"), refusal("DeleteConflict", /delete policies/));
  await deleteInlinePolicy(store, { accountId, kind: "role", name: "reader" }, "p");
  await deleteRole(store, accountId, "reader");
  assert.equal(await findRole(store, accountId, "reader"), undefined);
});

onEveryEngine("tags: set, replaced in any case, taken away, and no more than 50", async ({ store, accountId }) => {
  const ann = user(accountId, "ann");
  await createUser(store, {
    accountId,
    userName: "ann",
    tags: [
      ["Team", "a"],
      ["z", ""],
    ],
  });
  await setTags(store, ann, [
    ["team", "b"],
    ["Ä", "ö"],
  ]);
  assert.deepEqual((await listTagsOf(store, ann)).items, [
    ["team", "b"],
    ["z", ""],
    ["Ä", "ö"],
  ]);
  await removeTags(store, ann, ["TEAM", "none"]);
  const page = await listTagsOf(store, ann, { maxItems: 1 });
  assert.deepEqual([page.items, (await listTagsOf(store, ann, { marker: page.marker })).items], [[["z", ""]], [["Ä", "ö"]]]);
  await setTags(
    store,
    ann,
    Array.from({ length: 48 }, (_, index) => [`t${index}`, ""] as const),
  );
  await assert.rejects(setTags(store, ann, [["one more", ""]]), refusal("LimitExceeded", /maximum limit/));
  await setTags(store, ann, [["Z", "2"]]);
});

onEveryEngine("access keys: two for a user, disabled and enabled, of nobody else", async ({ store, accountId, rootKeyId }) => {
  const owner = { accountId, userName: "ann" };
  await createUser(store, { accountId, userName: "ann", tags: [["__proto__", "x"]] });
  await createUser(store, { accountId, userName: "ben" });
  const keys = [
    await createAccessKey(store, owner),
    await createAccessKey(store, owner, { accessKeyId: "HFANN", secretAccessKey: "secret-of-ann" }),
  ];
  await assert.rejects(createAccessKey(store, owner), refusal("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"));
  assert.deepEqual(
    (await listAccessKeys(store, owner)).items.map(({ accessKeyId }) => accessKeyId).toSorted(),
    keys.map(({ accessKeyId }) => accessKeyId).toSorted(),
  );
  assert.deepEqual(
    (await listAccessKeys(store, { accountId, userName: undefined })).items.map(({ accessKeyId }) => accessKeyId),
    [rootKeyId],
  );
  const credential = (await findCredential(store, "HFANN"))!;
  assert.equal(credential, await findCredential(store, "HFANN"), "the same object as long as nothing has changed");
  assert.deepEqual([credential.secretAccessKey, credential.disabled, credential.caller.kind], ["secret-of-ann", false, "user"]);
  assert.deepEqual(Object.entries(credential.caller.tags), [["__proto__", "x"]]);
  await setKeyStatus(store, owner, "HFANN", "Inactive");
  assert.equal((await findCredential(store, "HFANN"))?.disabled, true);
  await setKeyStatus(store, owner, "HFANN", "Active");
  assert.equal((await findCredential(store, "HFANN"))?.disabled, false);
  const others = [
    { accountId, userName: "ben" },
    { accountId, userName: undefined },
    { accountId: "000000000001", userName: undefined },
  ];
  for (const other of others) {
    await assert.rejects(
      deleteAccessKey(store, other, "HFANN"),
      refusal("NoSuchEntity", "The Access Key with id HFANN cannot be found."),
    );
  }
  await assert.rejects(setKeyStatus(store, owner, rootKeyId, "Inactive"), refusal("NoSuchEntity", /cannot be found/));
  for (const root of [
    { accountId, userName: undefined },
    { accountId: "000000000001", userName: undefined },
  ]) {
    await assert.rejects(
      deleteAccessKey(store, root, "NONE"),
      refusal("NoSuchEntity", "The Access Key with id NONE cannot be found."),
    );
    if (root.accountId !== accountId)
      await assert.rejects(deleteAccessKey(store, root, rootKeyId), refusal("NoSuchEntity", /cannot be/));
  }
  await deleteAccessKey(store, owner, "HFANN");
  assert.equal(await findCredential(store, "HFANN"), undefined);
  await createAccessKey(store, { accountId, userName: undefined });
  await assert.rejects(createAccessKey(store, { accountId, userName: undefined }), refusal("LimitExceeded", /AccessKeysPerUser/));
  await assert.rejects(
    createAccessKey(store, owner, { accessKeyId: rootKeyId }),
    refusal("EntityAlreadyExists", /already exists/),
  );
  await assert.rejects(
    createAccessKey(store, { accountId: "000000000001", userName: undefined }),
    refusal("NoSuchEntity", /account/),
  );
});

onEveryEngine(
  "findCredential: a root's is made once, and a user's says what the user is now",
  async ({ store, accountId, rootKeyId }) => {
    const root = (await findCredential(store, rootKeyId))!;
    assert.equal(root, await findCredential(store, rootKeyId));
    assert.deepEqual(
      [root.caller.kind, root.caller.arn, root.caller.displayName],
      ["root", `arn:aws:iam::${accountId}:root`, "acme"],
    );
    await createUser(store, { accountId, userName: "ann" });
    const { accessKeyId } = await createAccessKey(store, { accountId, userName: "ann" });
    const before = (await findCredential(store, accessKeyId))!;
    assert.equal(before.caller.canonicalId, root.caller.canonicalId);
    await setTags(store, user(accountId, "ann"), [["team", "x"]]);
    const after = (await findCredential(store, accessKeyId))!;
    assert.deepEqual(after.caller, { ...before.caller, tags: { team: "x" } });
    const row = userRow(accountId, "ann");
    const ann = (await readRow(store, row))!;
    for (const change of [put(row, { ...ann, uniqueId: "AIDAANOTHER" }), remove(row)]) {
      await commit(store, [change]);
      assert.equal(await findCredential(store, accessKeyId), undefined);
    }
  },
);

onEveryEngine("principalId: who is there has an id, by the exact ARN", async ({ store, accountId }) => {
  const ann = await createUser(store, { accountId, userName: "Ann", path: "/staff/" });
  const role = await createRole(store, { accountId, roleName: "app", trustPolicy: "{}" }, ANY_DOCUMENT);
  const iam = `arn:aws:iam::${accountId}`;
  const sts = `arn:aws:sts::${accountId}`;
  for (const [arn, id] of [
    [`${iam}:user/staff/Ann`, ann.uniqueId],
    [`${iam}:user/Ann`, undefined],
    [`${iam}:user/staff/ann`, undefined],
    [`${iam}:role/app`, role.uniqueId],
    [`${iam}:group/app`, undefined],
    [`${iam}:root`, accountId],
    ["arn:aws:iam::000000000001:root", undefined],
    [`${sts}:assumed-role/app/session`, `${role.uniqueId}:session`],
    [`${sts}:assumed-role/none/session`, undefined],
    [`${sts}:federated-user/eve`, `${accountId}:eve`],
    [accountId, undefined],
    [`${iam}:user/${"x/".repeat(5_000)}`, undefined],
    [` ${iam}:root`, undefined],
    [`${iam}:root/`, undefined],
    [` ${sts}:assumed-role/app/session`, undefined],
    [`${sts}:assumed-role/app/session/`, undefined],
    [`${sts}:assumed-role/app/s`, undefined],
    [` ${sts}:federated-user/eve`, undefined],
    [`${sts}:federated-user/eve/`, undefined],
    [`${sts}:federated-user/${"e".repeat(32)}`, `${accountId}:${"e".repeat(32)}`],
    [`${sts}:federated-user/${"e".repeat(33)}`, undefined],
  ] as const) {
    assert.equal(await principalId(store, arn), id, arn);
  }
  assert.deepEqual((await listAttachedPolicies(store, user(accountId, "Ann"))).items, []);
});
