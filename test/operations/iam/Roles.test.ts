import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOW_ALL, IamServer, refusal, trusting } from "./IamServer.ts";

test("CreateRole: makes a role, and shows it with its trust policy percent-encoded", async () => {
  await using server = await IamServer.start();
  const AssumeRolePolicyDocument = trusting(server.accountId);
  const { Role } = await server.iam.createRole({
    ...{ RoleName: "reader", Path: "/app/", AssumeRolePolicyDocument, Description: "Reads (all)", MaxSessionDuration: 7200 },
    Tags: [{ Key: "team", Value: "x" }],
  });
  assert.match(Role!.RoleId!, /^AROA[A-Z0-9]{17}$/);
  assert.deepEqual([Role!.Path, Role!.RoleName, Role!.Arn], ["/app/", "reader", server.arn("role/app/reader")]);
  assert.equal(decodeURIComponent(Role!.AssumeRolePolicyDocument!), AssumeRolePolicyDocument);
  assert.match(Role!.AssumeRolePolicyDocument!, /^[A-Za-z0-9._~%-]+$/);
  assert.deepEqual(
    [Role!.Description, Role!.MaxSessionDuration, Role!.Tags],
    ["Reads (all)", 7200, [{ Key: "team", Value: "x" }]],
  );
});

for (const [what, AssumeRolePolicyDocument, message] of [
  ["is no JSON", "{", "This policy contains invalid Json"],
  [
    "names nobody",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}',
    "Missing required field Principal",
  ],
] as const) {
  test(`CreateRole: a trust policy that ${what} is MalformedPolicyDocument`, async () => {
    await using server = await IamServer.start();
    const asked = server.iam.createRole({ RoleName: "r", AssumeRolePolicyDocument });
    assert.deepEqual(await refusal(asked), [400, "MalformedPolicyDocumentException", message]);
  });
}

test("CreateRole: a session lasts from one hour to twelve", async () => {
  await using server = await IamServer.start();
  const role = { RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) };
  assert.equal(
    (await refusal(server.iam.createRole({ ...role, MaxSessionDuration: 60 })))[2],
    "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
  );
});

test("GetRole: shows a role, with the boundary and tags it has", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: ALLOW_ALL });
  await iam.createRole({
    RoleName: "r",
    AssumeRolePolicyDocument: trusting(server.accountId),
    PermissionsBoundary: Policy!.Arn!,
  });
  const { Role } = await iam.getRole({ RoleName: "r" });
  assert.deepEqual(
    [Role!.PermissionsBoundary!.PermissionsBoundaryArn, Role!.Tags, Role!.Description, Role!.MaxSessionDuration],
    [Policy!.Arn, undefined, undefined, 3600],
  );
});

test("GetRole: one that is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.deepEqual(await refusal(server.iam.getRole({ RoleName: "r" })), [
    404,
    "NoSuchEntityException",
    "The role with name r cannot be found.",
  ]);
});

test("UpdateRole: sets description and longest session", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  await iam.updateRole({ RoleName: "r", Description: "new", MaxSessionDuration: 3601 });
  const { Role } = await iam.getRole({ RoleName: "r" });
  assert.deepEqual([Role!.Description, Role!.MaxSessionDuration], ["new", 3601]);
});

test("UpdateRoleDescription: sets the description, and shows the role", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId), MaxSessionDuration: 7200 });
  const { Role } = await iam.updateRoleDescription({ RoleName: "r", Description: "new" });
  assert.deepEqual([Role!.RoleName, Role!.Description, Role!.MaxSessionDuration], ["r", "new", 7200]);
});

test("UpdateAssumeRolePolicy: gives a role another trust policy, which is read first", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  const PolicyDocument = trusting("210987654321");
  await iam.updateAssumeRolePolicy({ RoleName: "r", PolicyDocument });
  assert.equal(decodeURIComponent((await iam.getRole({ RoleName: "r" })).Role!.AssumeRolePolicyDocument!), PolicyDocument);
  const asked = iam.updateAssumeRolePolicy({ RoleName: "r", PolicyDocument: ALLOW_ALL });
  assert.equal((await refusal(asked))[1], "MalformedPolicyDocumentException");
});

test("DeleteRole: one with policies stays", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  await iam.putRolePolicy({ RoleName: "r", PolicyName: "p", PolicyDocument: ALLOW_ALL });
  assert.deepEqual((await refusal(iam.deleteRole({ RoleName: "r" }))).slice(0, 2), [409, "DeleteConflictException"]);
  await iam.deleteRolePolicy({ RoleName: "r", PolicyName: "p" });
  await iam.deleteRole({ RoleName: "r" });
  assert.deepEqual((await iam.listRoles({})).Roles, []);
});

test("ListRoles: by name, in pages, below a path", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const AssumeRolePolicyDocument = trusting(server.accountId);
  for (const RoleName of ["c", "a", "b"]) {
    await iam.createRole({ RoleName, AssumeRolePolicyDocument, Path: RoleName === "b" ? "/app/" : "/" });
  }
  const first = await iam.listRoles({ MaxItems: 2 });
  assert.deepEqual([first.Roles!.map(({ RoleName }) => RoleName), first.IsTruncated], [["a", "b"], true]);
  const below = await iam.listRoles({ PathPrefix: "/app/" });
  assert.deepEqual(
    below.Roles!.map(({ Arn }) => Arn),
    [server.arn("role/app/b")],
  );
});

test("TagRole: sets tags, UntagRole takes them away, ListRoleTags lists them", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  await iam.tagRole({
    RoleName: "r",
    Tags: [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "" },
    ],
  });
  assert.deepEqual((await iam.listRoleTags({ RoleName: "r" })).Tags, [
    { Key: "a", Value: "" },
    { Key: "b", Value: "2" },
  ]);
  await iam.untagRole({ RoleName: "r", TagKeys: ["a"] });
  assert.deepEqual((await iam.getRole({ RoleName: "r" })).Role!.Tags, [{ Key: "b", Value: "2" }]);
});

test("UntagRole: of a role that is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.equal((await refusal(server.iam.untagRole({ RoleName: "r", TagKeys: ["a"] })))[1], "NoSuchEntityException");
});

test("ListRoleTags: of a role that is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.equal((await refusal(server.iam.listRoleTags({ RoleName: "r" })))[1], "NoSuchEntityException");
});

test("PutRolePermissionsBoundary: sets the boundary", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trusting(server.accountId) });
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: ALLOW_ALL });
  await iam.putRolePermissionsBoundary({ RoleName: "r", PermissionsBoundary: Policy!.Arn! });
  assert.equal((await iam.getRole({ RoleName: "r" })).Role!.PermissionsBoundary!.PermissionsBoundaryType, "Policy");
});

test("DeleteRolePermissionsBoundary: takes the boundary away", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: ALLOW_ALL });
  const AssumeRolePolicyDocument = trusting(server.accountId);
  await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument, PermissionsBoundary: Policy!.Arn! });
  await iam.deleteRolePermissionsBoundary({ RoleName: "r" });
  assert.equal((await iam.getRole({ RoleName: "r" })).Role!.PermissionsBoundary, undefined);
});
