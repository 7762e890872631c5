import assert from "node:assert/strict";
import { AWS_POLICIES } from "../../../src/store/accounts/awsPolicies.ts";
import { accountSummary } from "../../../src/store/accounts/accountSummary.ts";
import {
  attachPolicy,
  deleteBoundary,
  detachPolicy,
  listAttachedPolicies,
  putBoundary,
} from "../../../src/store/accounts/attachments.ts";
import { addUserToGroup, createGroup } from "../../../src/store/accounts/groups.ts";
import type { Holder } from "../../../src/store/accounts/holders.ts";
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from "../../../src/store/accounts/inlinePolicies.ts";
import { setTags } from "../../../src/store/accounts/identityTags.ts";
import {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  getPolicy,
  getPolicyVersion,
  listPolicies,
  listPolicyVersions,
  ownPolicyName,
  setDefaultPolicyVersion,
} from "../../../src/store/accounts/managedPolicies.ts";
import type { PolicySubject } from "../../../src/store/accounts/policiesOf.ts";
import { policiesOf } from "../../../src/store/accounts/policiesOf.ts";
import { listEntitiesForPolicy } from "../../../src/store/accounts/policyEntities.ts";
import { removeUserWithAll } from "../../../src/store/accounts/removeUserWithAll.ts";
import { createRole, deleteRole } from "../../../src/store/accounts/roles.ts";
import { createUser, deleteUser, updateUser } from "../../../src/store/accounts/users.ts";
import type { RoleRecord } from "../../../src/store/records/RoleRecord.ts";
import type { UserRecord } from "../../../src/store/records/UserRecord.ts";
import { ANY_DOCUMENT, documentOf, onEveryEngine } from "./identityStores.ts";

const refusal = (code: string, message: string | RegExp) => ({ name: "IdentityError", code, message });
const holder = <Kind extends Holder["kind"]>(accountId: string, kind: Kind, name: string): Holder<Kind> => ({
  accountId,
  kind,
  name,
});
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

const ofUser = ({ accountId, uniqueId: userId, name: userName }: UserRecord): PolicySubject => ({
  kind: "user",
  accountId,
  userId,
  userName,
  principalArn: "",
});
const ofRole = ({ accountId, uniqueId, name }: RoleRecord): PolicySubject => ({
  kind: "assumed-role",
  accountId,
  userId: `${uniqueId}:session`,
  userName: undefined,
  principalArn: `arn:aws:iam::${accountId}:role/path/${name}`,
});

onEveryEngine("managed policies: versions come and go, five at most, and one applies", async ({ store, accountId }) => {
  const made = await createPolicy(
    store,
    { accountId, policyName: "Reading", document: '{"v":1}', path: "/p/", description: "d" },
    ANY_DOCUMENT,
  );
  const { policyArn } = made;
  assert.equal(policyArn, `arn:aws:iam::${accountId}:policy/p/Reading`);
  assert.match(made.policyId, /^ANPA[A-Z0-9]{17}$/);
  assert.deepEqual(await getPolicy(store, accountId, policyArn), made);
  for (const number of [2, 3, 4, 5]) {
    store.nowMs += 1;
    const version = await createPolicyVersion(
      store,
      accountId,
      policyArn,
      { document: `{"v":${number}}`, setAsDefault: number === 3 },
      ANY_DOCUMENT,
    );
    assert.deepEqual(version, {
      versionId: `v${number}`,
      isDefault: number === 3,
      createdAtMs: store.nowMs,
      document: `{"v":${number}}`,
    });
  }
  await assert.rejects(
    createPolicyVersion(store, accountId, policyArn, { document: "{}", setAsDefault: true }, ANY_DOCUMENT),
    refusal(
      "LimitExceeded",
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    ),
  );
  await assert.rejects(
    deletePolicyVersion(store, accountId, policyArn, "v3"),
    refusal("DeleteConflict", "Cannot delete the default version of a policy."),
  );
  await deletePolicyVersion(store, accountId, policyArn, "v2");
  await setDefaultPolicyVersion(store, accountId, policyArn, "v1");
  const page = await listPolicyVersions(store, accountId, policyArn, { maxItems: 3 });
  assert.deepEqual(
    page.items.map(({ versionId, isDefault }) => [versionId, isDefault]),
    [
      ["v5", false],
      ["v4", false],
      ["v3", false],
    ],
  );
  const rest = await listPolicyVersions(store, accountId, policyArn, { marker: page.marker });
  assert.deepEqual(
    rest.items.map(({ versionId, isDefault }) => [versionId, isDefault]),
    [["v1", true]],
  );
  assert.equal((await getPolicyVersion(store, accountId, policyArn, "v4")).document, '{"v":4}');
  for (const versionId of ["v2", "v9", "4", "v04"]) {
    await assert.rejects(
      getPolicyVersion(store, accountId, policyArn, versionId),
      refusal("NoSuchEntity", `Policy ${policyArn} version ${versionId} does not exist or is not attachable.`),
    );
  }
  await assert.rejects(
    deletePolicy(store, accountId, policyArn),
    refusal("DeleteConflict", /^This policy has more than one version\./),
  );
  for (const versionId of ["v3", "v4", "v5"]) await deletePolicyVersion(store, accountId, policyArn, versionId);
  await deletePolicy(store, accountId, policyArn);
  await assert.rejects(getPolicy(store, accountId, policyArn), refusal("NoSuchEntity", `Policy ${policyArn} was not found.`));
});

onEveryEngine("createPolicy: what is too large, taken or no policy is refused", async ({ store, accountId }) => {
  const create = (more: object) => createPolicy(store, { accountId, policyName: "p", document: "{}", ...more }, ANY_DOCUMENT);
  await assert.rejects(
    create({ document: documentOf(6_145) }),
    refusal("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"),
  );
  await create({ document: `${documentOf(6_144)}${" ".repeat(1_000)}` });
  await assert.rejects(
    create({ policyName: "P" }),
    refusal("EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed."),
  );
  await create({ policyName: "white", document: `{}${" ".repeat(131_070)}` });
  await assert.rejects(create({ policyName: "q", document: " ".repeat(131_073) }), refusal("ValidationError", /131072/));
  const fault = new Error("Syntax errors in policy.");
  await assert.rejects(
    createPolicy(store, { accountId, policyName: "q", document: "{}" }, () => {
      throw fault;
    }),
    fault,
  );
  await assert.rejects(
    getPolicy(store, accountId, `arn:aws:iam::${accountId}:policy/other/p`),
    refusal("NoSuchEntity", /not found/),
  );
  await assert.rejects(getPolicy(store, accountId, "arn:aws:iam::000000000001:policy/p"), refusal("NoSuchEntity", /not found/));
  await assert.rejects(
    getPolicy(store, accountId, `arn:aws:iam::${accountId}:user/p`),
    refusal("InvalidInput", /is not valid\.$/),
  );
});

onEveryEngine("managed policies: AWS's own are read by everybody and changed by nobody", async ({ store, accountId }) => {
  const policy = await getPolicy(store, accountId, READ_ONLY);
  assert.deepEqual([policy.policyName, policy.defaultVersionId, policy.attachmentCount], ["AmazonS3ReadOnlyAccess", "v3", 0]);
  assert.match((await getPolicyVersion(store, accountId, READ_ONLY, "v3")).document, /s3:Get\*/);
  await assert.rejects(getPolicyVersion(store, accountId, READ_ONLY, "v2"), refusal("NoSuchEntity", /version v2/));
  const { updatedAtMs } = AWS_POLICIES.find(({ name }) => name === "AmazonS3ReadOnlyAccess")!;
  assert.deepEqual((await listPolicyVersions(store, accountId, READ_ONLY)).items, [
    { versionId: "v3", isDefault: true, createdAtMs: updatedAtMs },
  ]);
  for (const change of [
    () => deletePolicy(store, accountId, READ_ONLY),
    () => createPolicyVersion(store, accountId, READ_ONLY, { document: "{}", setAsDefault: true }, ANY_DOCUMENT),
  ]) {
    await assert.rejects(change, refusal("InvalidInput", /AWS's own policies cannot be changed/));
  }
});

onEveryEngine("attachPolicy: ten at most; who is attached is listed, and keeps the policy", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "Ann", path: "/a/" });
  await createGroup(store, { accountId, groupName: "staff" });
  await createRole(store, { accountId, roleName: "app", trustPolicy: "{}" }, ANY_DOCUMENT);
  const ann = holder(accountId, "user", "ann");
  const arns: string[] = [];
  for (let index = 0; index < 11; index += 1) {
    arns.push(
      (
        await createPolicy(
          store,
          { accountId, policyName: `P${index}`, document: "{}", path: index < 9 ? "/x/" : "/" },
          ANY_DOCUMENT,
        )
      ).policyArn,
    );
  }
  for (const arn of arns.slice(0, 10)) for (let time = 0; time < 2; time += 1) await attachPolicy(store, ann, arn);
  await assert.rejects(
    attachPolicy(store, ann, arns[10]!),
    refusal("LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10"),
  );
  await attachPolicy(store, holder(accountId, "group", "staff"), arns[0]!);
  await attachPolicy(store, holder(accountId, "role", "app"), arns[0]!);
  await putBoundary(store, holder(accountId, "role", "app"), arns[0]!);
  const page = await listAttachedPolicies(store, ann, { pathPrefix: "/x/", maxItems: 5 });
  assert.deepEqual(
    page.items.map(({ policyName }) => policyName),
    ["P0", "P1", "P2", "P3", "P4"],
  );
  assert.equal((await listAttachedPolicies(store, ann, { pathPrefix: "/x/", marker: page.marker })).items.length, 4);
  const entities = async (more = {}) =>
    (await listEntitiesForPolicy(store, accountId, arns[0]!, more)).items.map(({ kind, name }) => `${kind} ${name}`);
  assert.deepEqual(await entities({ usage: "PermissionsPolicy" }), ["group staff", "role app", "user Ann"]);
  assert.deepEqual(await entities({ usage: "PermissionsBoundary" }), ["role app"]);
  assert.deepEqual(await entities({ kind: "user" }), ["user Ann"]);
  assert.deepEqual(await entities({ kind: "user", maxItems: 1 }), ["user Ann"]);
  await putBoundary(store, ann, arns[0]!);
  assert.deepEqual(await entities({ usage: "PermissionsBoundary" }), ["role app", "user Ann"]);
  const bounded = async (arn: string) =>
    (await listEntitiesForPolicy(store, accountId, arn, { usage: "PermissionsBoundary" })).items.map(({ name }) => name);
  await putBoundary(store, ann, arns[10]!);
  assert.deepEqual([await bounded(arns[0]!), await bounded(arns[10]!)], [["app"], ["Ann"]]);
  await putBoundary(store, ann, arns[9]!);
  assert.deepEqual([await bounded(arns[10]!), await bounded(arns[9]!)], [[], ["Ann"]]);
  await deleteBoundary(store, ann);
  assert.deepEqual(await bounded(arns[9]!), []);
  assert.deepEqual(await entities({ pathPrefix: "/a/" }), ["user Ann"]);
  const first = await listEntitiesForPolicy(store, accountId, arns[0]!, { maxItems: 1 });
  assert.deepEqual([first.items.length, (await entities({ marker: first.marker })).length], [1, 3]);
  const { attachmentCount, boundaryUsageCount } = await getPolicy(store, accountId, arns[0]!);
  assert.deepEqual([attachmentCount, boundaryUsageCount], [3, 1]);
  await assert.rejects(
    deletePolicy(store, accountId, arns[0]!),
    refusal("DeleteConflict", "Cannot delete a policy attached to entities."),
  );
  await detachPolicy(store, ann, arns[0]!);
  await assert.rejects(detachPolicy(store, ann, arns[0]!), refusal("NoSuchEntity", `Policy ${arns[0]} was not found.`));
  for (const arn of ["arn:aws:iam::aws:policy/None", `arn:aws:iam::${accountId}:policy/None`]) {
    await assert.rejects(
      attachPolicy(store, ann, arn),
      refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`),
    );
  }
  await assert.rejects(
    attachPolicy(store, holder(accountId, "user", "none"), ADMINISTRATOR),
    refusal("NoSuchEntity", /with name none/),
  );
});

onEveryEngine("putInlinePolicy: all together are no larger than IAM has it, white space aside", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "ann" });
  const ann = holder(accountId, "user", "ann");
  const put = (policyName: string, document: string) => putInlinePolicy(store, ann, { policyName, document }, ANY_DOCUMENT);
  await put("a", documentOf(1_000));
  await put("b", `${documentOf(1_048)}   \n`);
  await assert.rejects(put("c", "{}"), refusal("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user ann"));
  await put("a", documentOf(999));
  const page = await listInlinePolicies(store, ann, { maxItems: 1 });
  assert.deepEqual([page.items, (await listInlinePolicies(store, ann, { marker: page.marker })).items], [["a"], ["b"]]);
  assert.equal(await getInlinePolicy(store, ann, "a"), documentOf(999));
  await deleteInlinePolicy(store, ann, "a");
  for (const ask of [getInlinePolicy, deleteInlinePolicy]) {
    await assert.rejects(ask(store, ann, "a"), refusal("NoSuchEntity", "The user policy with name a cannot be found."));
  }
  await createGroup(store, { accountId, groupName: "g" });
  const group = holder(accountId, "group", "g");
  await assert.rejects(
    putInlinePolicy(store, group, { policyName: "p", document: documentOf(5_121) }, ANY_DOCUMENT),
    refusal("LimitExceeded", /5120 bytes exceeded for group g$/),
  );
});

onEveryEngine("listPolicies: AWS's own, then the account's, page by page", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "ann" });
  for (const policyName of ["beta", "Alpha"]) await createPolicy(store, { accountId, policyName, document: "{}" }, ANY_DOCUMENT);
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page = await listPolicies(store, accountId, { maxItems: 2, marker });
    assert.ok(page.items.length <= 2);
    names.push(...page.items.map(({ policyName }) => policyName));
    ({ marker } = page);
  } while (marker !== undefined);
  const own = AWS_POLICIES.map(({ name }) => name);
  assert.deepEqual(names, [...own, "Alpha", "beta"]);
  const list = async (more: object) => (await listPolicies(store, accountId, more)).items.map(({ policyName }) => policyName);
  assert.deepEqual(await list({ scope: "Local" }), ["Alpha", "beta"]);
  assert.deepEqual(await list({ scope: "AWS" }), own);
  const edge = await listPolicies(store, accountId, { maxItems: own.length });
  assert.deepEqual(await list({ marker: edge.marker }), ["Alpha", "beta"]);
  await attachPolicy(store, holder(accountId, "user", "ann"), `arn:aws:iam::${accountId}:policy/beta`);
  await putBoundary(store, holder(accountId, "user", "ann"), ADMINISTRATOR);
  assert.deepEqual(await list({ onlyAttached: true }), ["beta"]);
  assert.deepEqual(await list({ usage: "PermissionsPolicy" }), ["beta"]);
  assert.deepEqual(await list({ usage: "PermissionsBoundary" }), ["AdministratorAccess"]);
});

onEveryEngine(
  "policiesOf: a user's own, those of their groups, and the boundary; the same object until something changes",
  async ({ store, accountId }) => {
    const ann = await createUser(store, { accountId, userName: "ann" });
    const subject = ofUser(ann);
    const none = await policiesOf(store, subject);
    assert.deepEqual([none?.identity, none?.boundary], [[], undefined]);
    assert.equal(policiesOf(store, subject), none, "at hand when nothing has changed");
    const { policyArn } = await createPolicy(store, { accountId, policyName: "p", document: '{"v":1}' }, ANY_DOCUMENT);
    await createGroup(store, { accountId, groupName: "g" });
    await addUserToGroup(store, accountId, "g", "ann");
    await attachPolicy(store, holder(accountId, "group", "g"), policyArn);
    await putInlinePolicy(store, holder(accountId, "group", "g"), { policyName: "ofGroup", document: '{"g":1}' }, ANY_DOCUMENT);
    await putInlinePolicy(store, holder(accountId, "user", "ann"), { policyName: "own", document: '{"u":1}' }, ANY_DOCUMENT);
    await attachPolicy(store, holder(accountId, "user", "ann"), READ_ONLY);
    await putBoundary(store, holder(accountId, "user", "ann"), policyArn);
    const all = (await policiesOf(store, subject))!;
    const readOnly = AWS_POLICIES.find(({ name }) => name === "AmazonS3ReadOnlyAccess")!.document;
    assert.deepEqual(all.identity, [
      { name: "inline own", document: '{"u":1}' },
      { name: READ_ONLY, document: readOnly },
      { name: "inline ofGroup", document: '{"g":1}' },
      { name: policyArn, document: '{"v":1}' },
    ]);
    assert.deepEqual(all.boundary, { name: policyArn, document: '{"v":1}' });
    assert.notEqual(all.revision, none?.revision);
    await createPolicyVersion(store, accountId, policyArn, { document: '{"v":2}', setAsDefault: true }, ANY_DOCUMENT);
    const changed = (await policiesOf(store, subject))!;
    assert.deepEqual([changed.boundary?.document, changed.identity.at(-1)?.document], ['{"v":2}', '{"v":2}']);
    await deleteBoundary(store, holder(accountId, "user", "ann"));
    assert.equal((await policiesOf(store, subject))?.boundary, undefined);
    const federated: PolicySubject = { ...subject, kind: "federated-user", userId: `${accountId}:eve` };
    assert.deepEqual((await policiesOf(store, federated))?.identity, changed.identity);
    assert.match((await policiesOf(store, { ...federated, userName: undefined }))!.identity[0]!.document, /"Action":"\*"/);
    assert.equal(await policiesOf(store, { ...federated, userName: undefined, accountId: "000000000001" }), undefined);
  },
);

onEveryEngine("policiesOf: an engine that answers later gives the same", async ({ store, accountId }) => {
  const subject = ofUser(await createUser(store, { accountId, userName: "ann" }));
  await attachPolicy(store, holder(accountId, "user", "ann"), READ_ONLY);
  const { read } = store.metadata;
  store.metadata.read = async (readSet) => read.call(store.metadata, readSet);
  assert.deepEqual(
    (await policiesOf(store, subject))?.identity.map(({ name }) => name),
    [READ_ONLY],
  );
});

onEveryEngine("createPolicyVersion: a policy that was made anew meanwhile is another one", async ({ store, accountId }) => {
  const wanted = { accountId, policyName: "p", document: "{}" };
  const { policyArn } = await createPolicy(store, wanted, ANY_DOCUMENT);
  let isFirst = true;
  const { transact } = store.metadata;
  store.metadata.transact = async (...args) => {
    if (isFirst) {
      isFirst = false;
      await deletePolicy(store, accountId, policyArn);
      await createPolicy(store, wanted, ANY_DOCUMENT);
    }
    return transact.call(store.metadata, ...args) as never;
  };
  await assert.rejects(
    createPolicyVersion(store, accountId, policyArn, { document: "{}", setAsDefault: true }, ANY_DOCUMENT),
    refusal("NoSuchEntity", `Policy ${policyArn} was not found.`),
  );
});

onEveryEngine("policiesOf: who is gone, or somebody else of that name, has none", async ({ store, accountId }) => {
  const ann = await createUser(store, { accountId, userName: "ann" });
  const role = await createRole(store, { accountId, roleName: "app", trustPolicy: "{}", path: "/path/" }, ANY_DOCUMENT);
  await putInlinePolicy(store, holder(accountId, "role", "app"), { policyName: "p", document: "{}" }, ANY_DOCUMENT);
  assert.deepEqual((await policiesOf(store, ofRole(role)))?.identity, [{ name: "inline p", document: "{}" }]);
  await deleteInlinePolicy(store, holder(accountId, "role", "app"), "p");
  await deleteRole(store, accountId, "app");
  await deleteUser(store, accountId, "ann");
  assert.equal(await policiesOf(store, ofUser(ann)), undefined);
  assert.equal(await policiesOf(store, ofRole(role)), undefined);
  await createUser(store, { accountId, userName: "ann" });
  await createRole(store, { accountId, roleName: "app", trustPolicy: "{}" }, ANY_DOCUMENT);
  assert.equal(await policiesOf(store, ofUser(ann)), undefined);
  assert.equal(await policiesOf(store, ofRole(role)), undefined);
  assert.equal(await policiesOf(store, { ...ofUser(ann), accountId: "000000000001" }), undefined);
});

onEveryEngine("policiesOf: what is read while the account changes is of one state of it", async ({ store, accountId }) => {
  const ann = await createUser(store, { accountId, userName: "ann" });
  const holderOfAnn = holder(accountId, "user", "ann");
  for (let round = 0; round < 5; round += 1) {
    const changes = [0, 1, 2].map((number) =>
      putInlinePolicy(store, holderOfAnn, { policyName: "p", document: `{"v":${round * 3 + number}}` }, ANY_DOCUMENT),
    );
    const [found] = await Promise.all([policiesOf(store, ofUser(ann)), ...changes]);
    assert.ok(found!.identity.length <= 1);
    const after = await policiesOf(store, ofUser(ann));
    assert.equal(after?.identity[0]?.document, await getInlinePolicy(store, holderOfAnn, "p"));
  }
});

onEveryEngine("removeUserWithAll: nothing of the user is left", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "ann" });
  await createGroup(store, { accountId, groupName: "g" });
  await addUserToGroup(store, accountId, "g", "ann");
  const ann = holder(accountId, "user", "ann");
  await attachPolicy(store, ann, ADMINISTRATOR);
  await putBoundary(store, ann, READ_ONLY);
  await putInlinePolicy(store, ann, { policyName: "p", document: "{}" }, ANY_DOCUMENT);
  assert.deepEqual(await removeUserWithAll(store, accountId, "ann"), []);
  for (const arn of [ADMINISTRATOR, READ_ONLY]) assert.deepEqual((await listEntitiesForPolicy(store, accountId, arn)).items, []);
  await assert.rejects(removeUserWithAll(store, accountId, "ann"), refusal("NoSuchEntity", /ann/));
});

/** What GetAccountSummary shows of a new account of AWS, counts of what is there left out. */
const QUOTAS_SHOWN = {
  ...{ AccessKeysPerUserQuota: 2, AssumeRolePolicySizeQuota: 2048, AttachedPoliciesPerGroupQuota: 10 },
  ...{ AttachedPoliciesPerRoleQuota: 10, AttachedPoliciesPerUserQuota: 10, GlobalEndpointTokenVersion: 1 },
  ...{ GroupPolicySizeQuota: 5120, GroupsPerUserQuota: 10, GroupsQuota: 300, InstanceProfilesQuota: 0, PoliciesQuota: 1500 },
  ...{ PolicySizeQuota: 6144, PolicyVersionsInUseQuota: 7500, RolePolicySizeQuota: 10240, RolesQuota: 1000 },
  ...{ ServerCertificatesQuota: 0, SigningCertificatesPerUserQuota: 0, UserPolicySizeQuota: 2048, UsersQuota: 5000 },
  ...{ VersionsPerPolicyQuota: 5, AccountPasswordPresent: 0, AccountSigningCertificatesPresent: 0, InstanceProfiles: 0 },
  ...{ Providers: 0, ServerCertificates: 0 },
};

onEveryEngine("accountSummary: counts of what is there, under IAM's names", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "ann" });
  await createUser(store, { accountId, userName: "ben" });
  await updateUser(store, accountId, "ben", { newUserName: "carl" });
  await createGroup(store, { accountId, groupName: "g" });
  const { policyArn } = await createPolicy(store, { accountId, policyName: "p", document: "{}" }, ANY_DOCUMENT);
  await createPolicyVersion(store, accountId, policyArn, { document: "{}", setAsDefault: false }, ANY_DOCUMENT);
  await setTags(store, { accountId, kind: "policy", name: ownPolicyName(accountId, policyArn) }, [["k", "v"]]);
  assert.deepEqual((await getPolicy(store, accountId, policyArn)).tags, [["k", "v"]]);
  const summary = await accountSummary(store, accountId);
  assert.deepEqual(summary, {
    ...QUOTAS_SHOWN,
    ...{ Users: 2, Groups: 1, Roles: 0, Policies: 1, PolicyVersionsInUse: 2 },
    ...{ AccountAccessKeysPresent: 1, AccountMFAEnabled: 0, MFADevices: 0, MFADevicesInUse: 0 },
  });
  assert.throws(() => ownPolicyName("000000000001", policyArn), refusal("NoSuchEntity", `Policy ${policyArn} was not found.`));
  assert.throws(() => ownPolicyName(accountId, `arn:aws:iam::${accountId}:user/p`), refusal("InvalidInput", /is not valid\.$/));
  await deletePolicyVersion(store, accountId, policyArn, "v2");
  await deletePolicy(store, accountId, policyArn);
  await deleteUser(store, accountId, "ann");
  const after = await accountSummary(store, accountId);
  assert.deepEqual([after["Users"], after["Policies"], after["PolicyVersionsInUse"]], [1, 0, 0]);
});
