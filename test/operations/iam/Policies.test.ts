import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOW_ALL, IamServer, refusal, trusting } from "./IamServer.ts";

const READ_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "Read", Effect: "Allow", Action: ["iam:Get*", "iam:List*"], Resource: "*" }],
});

test("CreatePolicy: makes a managed policy, and shows it without its document", async () => {
  await using server = await IamServer.start();
  const Tags = [{ Key: "team", Value: "x" }];
  const wanted = { PolicyName: "all", Path: "/x/", PolicyDocument: ALLOW_ALL, Description: "everything", Tags };
  const { Policy } = await server.iam.createPolicy(wanted);
  assert.match(Policy!.PolicyId!, /^ANPA[A-Z0-9]{17}$/);
  const { PolicyName, Path, Arn, DefaultVersionId, AttachmentCount, PermissionsBoundaryUsageCount, IsAttachable } = Policy!;
  assert.deepEqual([PolicyName, Path, Arn, DefaultVersionId], ["all", "/x/", server.arn("policy/x/all"), "v1"]);
  assert.deepEqual([AttachmentCount, PermissionsBoundaryUsageCount, IsAttachable, Policy!.Tags], [0, 0, true, Tags]);
});

test("CreatePolicy: a document that is no policy is MalformedPolicyDocument", async () => {
  await using server = await IamServer.start();
  const refused = (PolicyDocument: string): Promise<readonly unknown[]> =>
    refusal(server.iam.createPolicy({ PolicyName: "p", PolicyDocument }));
  const code = "MalformedPolicyDocumentException";
  assert.deepEqual(await refused("{"), [400, code, "Syntax errors in policy."]);
  assert.deepEqual(await refused(trusting(server.accountId)), [400, code, "Policy document should not specify a principal."]);
});

test("CreatePolicy: there is one of a name", async () => {
  await using server = await IamServer.start();
  await server.iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL });
  const [status, name] = await refusal(server.iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL }));
  assert.deepEqual([status, name], [409, "EntityAlreadyExistsException"]);
});

test("GetPolicy: shows description and tags, and how often it is attached", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { Policy } = await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL, Description: "d" });
  await iam.createUser({ UserName: "bob" });
  await iam.attachUserPolicy({ UserName: "bob", PolicyArn: Policy!.Arn! });
  const shown = (await iam.getPolicy({ PolicyArn: Policy!.Arn! })).Policy!;
  assert.deepEqual([shown.Description, shown.AttachmentCount, shown.Tags], ["d", 1, []]);
});

test("GetPolicy: one that is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  const PolicyArn = server.arn("policy/nothing");
  assert.deepEqual(await refusal(server.iam.getPolicy({ PolicyArn })), [
    404,
    "NoSuchEntityException",
    `Policy ${PolicyArn} was not found.`,
  ]);
});

test("DeletePolicy: one that is attached stays", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await iam.createUser({ UserName: "bob" });
  await iam.attachUserPolicy({ UserName: "bob", PolicyArn });
  assert.deepEqual((await refusal(iam.deletePolicy({ PolicyArn }))).slice(0, 2), [409, "DeleteConflictException"]);
  await iam.detachUserPolicy({ UserName: "bob", PolicyArn });
  await iam.deletePolicy({ PolicyArn });
  assert.equal((await refusal(iam.getPolicy({ PolicyArn })))[1], "NoSuchEntityException");
});

test("ListPolicies: the account's own by scope, attached ones, below a path, in pages", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  for (const PolicyName of ["c", "a", "b"]) {
    await iam.createPolicy({ PolicyName, PolicyDocument: ALLOW_ALL, Path: PolicyName === "b" ? "/x/" : "/" });
  }
  await iam.createUser({ UserName: "bob" });
  await iam.attachUserPolicy({ UserName: "bob", PolicyArn: server.arn("policy/c") });
  const namesOf = async (wanted: Parameters<typeof iam.listPolicies>[0]): Promise<(string | undefined)[]> =>
    (await iam.listPolicies(wanted)).Policies!.map(({ PolicyName }) => PolicyName);
  assert.deepEqual(await namesOf({ Scope: "Local" }), ["a", "b", "c"]);
  assert.deepEqual(await namesOf({ Scope: "Local", OnlyAttached: true }), ["c"]);
  assert.deepEqual(await namesOf({ Scope: "Local", PathPrefix: "/x/" }), ["b"]);
  const first = await iam.listPolicies({ Scope: "Local", MaxItems: 2 });
  assert.equal(first.IsTruncated, true);
  assert.deepEqual(await namesOf({ Scope: "Local", Marker: first.Marker! }), ["c"]);
});

test("CreatePolicyVersion: adds a version, which applies if it is said so", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  const second = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY });
  assert.deepEqual([second.PolicyVersion!.VersionId, second.PolicyVersion!.IsDefaultVersion], ["v2", false]);
  const third = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY, SetAsDefault: true });
  assert.deepEqual([third.PolicyVersion!.VersionId, third.PolicyVersion!.IsDefaultVersion], ["v3", true]);
  assert.equal((await iam.getPolicy({ PolicyArn })).Policy!.DefaultVersionId, "v3");
});

test("CreatePolicyVersion: there are five at most", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  for (let made = 1; made < 5; made += 1) await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY });
  const [status, name] = await refusal(iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY }));
  assert.deepEqual([status, name], [409, "LimitExceededException"]);
});

test("GetPolicyVersion: shows the document as it was given, percent-encoded", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: READ_ONLY })).Policy!.Arn!;
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: "v1" });
  assert.match(PolicyVersion!.Document!, /^%7B%22Version%22%3A%222012-10-17%22%2C.*iam%3AGet%2A/);
  assert.equal(decodeURIComponent(PolicyVersion!.Document!), READ_ONLY);
  assert.equal((await refusal(iam.getPolicyVersion({ PolicyArn, VersionId: "v2" })))[1], "NoSuchEntityException");
});

test("ListPolicyVersions: lists versions, the latest first, without documents", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY });
  const { Versions, IsTruncated } = await iam.listPolicyVersions({ PolicyArn });
  assert.deepEqual(
    [Versions!.map(({ VersionId }) => VersionId), Versions![0]!.Document, IsTruncated],
    [["v2", "v1"], undefined, false],
  );
});

test("SetDefaultPolicyVersion: what the version allows applies to whom the policy is attached", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await iam.attachUserPolicy({ UserName: "bob", PolicyArn });
  await bob.createGroup({ GroupName: "one" });
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY });
  await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v2" });
  assert.equal((await bob.listGroups({})).Groups!.length, 1);
  assert.equal((await refusal(bob.createGroup({ GroupName: "two" })))[1], "AccessDenied");
});

test("DeletePolicyVersion: the one that applies stays", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ_ONLY, SetAsDefault: true });
  const [status, name] = await refusal(iam.deletePolicyVersion({ PolicyArn, VersionId: "v2" }));
  assert.deepEqual([status, name], [409, "DeleteConflictException"]);
  await iam.deletePolicyVersion({ PolicyArn, VersionId: "v1" });
  assert.equal((await iam.listPolicyVersions({ PolicyArn })).Versions!.length, 1);
});

test("ListEntitiesForPolicy: lists who has it attached, by kind", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  const { User } = await iam.createUser({ UserName: "bob" });
  await iam.createGroup({ GroupName: "devs" });
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  await iam.attachUserPolicy({ UserName: "bob", PolicyArn });
  await iam.attachGroupPolicy({ GroupName: "devs", PolicyArn });
  await iam.attachRolePolicy({ RoleName: "r", PolicyArn });
  const all = await iam.listEntitiesForPolicy({ PolicyArn });
  assert.deepEqual(all.PolicyUsers, [{ UserName: "bob", UserId: User!.UserId }]);
  assert.deepEqual([all.PolicyGroups![0]!.GroupName, all.PolicyRoles![0]!.RoleName, all.IsTruncated], ["devs", "r", false]);
  const roles = await iam.listEntitiesForPolicy({ PolicyArn, EntityFilter: "Role" });
  assert.deepEqual([roles.PolicyUsers, roles.PolicyGroups, roles.PolicyRoles!.length], [[], [], 1]);
  const none = await iam.listEntitiesForPolicy({ PolicyArn, EntityFilter: "LocalManagedPolicy" });
  assert.deepEqual([none.PolicyUsers, none.PolicyGroups, none.PolicyRoles], [[], [], []]);
});

test("TagPolicy: sets tags, UntagPolicy takes them away, ListPolicyTags lists them", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const PolicyArn = (await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await iam.tagPolicy({
    PolicyArn,
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await iam.untagPolicy({ PolicyArn, TagKeys: ["a"] });
  assert.deepEqual((await iam.listPolicyTags({ PolicyArn })).Tags, [{ Key: "b", Value: "2" }]);
});

test("UntagPolicy: of a policy of another account is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  const PolicyArn = "arn:aws:iam::210987654321:policy/p";
  assert.equal((await refusal(server.iam.untagPolicy({ PolicyArn, TagKeys: ["a"] })))[1], "NoSuchEntityException");
});

test("ListPolicyTags: of what is no policy is InvalidInput", async () => {
  await using server = await IamServer.start();
  const PolicyArn = server.arn("user/somebody");
  assert.deepEqual(await refusal(server.iam.listPolicyTags({ PolicyArn })), [
    400,
    "InvalidInputException",
    `ARN ${PolicyArn} is not valid.`,
  ]);
});
