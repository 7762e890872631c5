import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOW_ALL, IamServer, refusal } from "./IamServer.ts";

test("CreateUser: makes a user with path, boundary and tags, and shows it", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: ALLOW_ALL });
  const Tags = [{ Key: "team", Value: "a+b c" }];
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { User } = await iam.createUser({ UserName: "bob", Path: "/dev/", PermissionsBoundary: Policy!.Arn!, Tags });
  assert.match(User!.UserId!, /^AIDA[A-Z0-9]{17}$/);
  assert.ok(User!.CreateDate!.getTime() >= before);
  assert.deepEqual(
    { ...User, UserId: undefined, CreateDate: undefined },
    {
      Path: "/dev/",
      UserName: "bob",
      UserId: undefined,
      Arn: server.arn("user/dev/bob"),
      CreateDate: undefined,
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: Policy!.Arn },
      Tags,
    },
  );
  assert.deepEqual((await iam.getUser({ UserName: "bob" })).User, User);
});

test("CreateUser: a name is given once in an account, in whatever case", async () => {
  await using server = await IamServer.start();
  await server.iam.createUser({ UserName: "bob" });
  const [status, name, message] = await refusal(server.iam.createUser({ UserName: "BOB" }));
  assert.deepEqual([status, name], [409, "EntityAlreadyExistsException"]);
  assert.match(message, /^User with name BOB already exists\.$/);
});

for (const [UserName, message] of [
  [
    "a b",
    "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
  ],
  [
    "u".repeat(65),
    `1 validation error detected: Value '${"u".repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
  [
    "",
    "1 validation error detected: Value '' at 'userName' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [undefined, "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"],
] as const) {
  test(`CreateUser: the name ${JSON.stringify(UserName)?.slice(0, 10)} is refused with ValidationError`, async () => {
    await using server = await IamServer.start();
    assert.deepEqual(await refusal(server.iam.createUser({ UserName })), [400, "ValidationError", message]);
  });
}

test("CreateUser: everything that is wrong is told at once", async () => {
  await using server = await IamServer.start();
  const asked = server.iam.createUser({ UserName: "", PermissionsBoundary: "short", Tags: [{ Key: "", Value: "v" }] });
  const [, name, message] = await refusal(asked);
  assert.equal(name, "ValidationError");
  assert.match(message, /^3 validation errors detected: Value '' at 'userName' .*; Value 'short' at 'permissionsBoundary' /);
  assert.match(message, /; Value '' at 'tags\.1\.member\.key' failed to satisfy constraint: Member must have length greater/);
});

test("CreateUser: a path begins and ends with a slash", async () => {
  await using server = await IamServer.start();
  assert.deepEqual(await refusal(server.iam.createUser({ UserName: "bob", Path: "dev" })), [
    400,
    "ValidationError",
    "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
  ]);
});

test("GetUser: without a name shows the caller, be it the root or a user", async () => {
  await using server = await IamServer.start();
  const { User: root } = await server.iam.getUser({});
  assert.deepEqual([root!.UserId, root!.Arn], [server.accountId, server.arn("root")]);
  const bob = await server.userWithKey("bob");
  await server.iam.putUserPolicy({ UserName: "bob", PolicyName: "all", PolicyDocument: ALLOW_ALL });
  assert.equal((await bob.getUser({})).User!.UserName, "bob");
});

test("GetUser: who is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.deepEqual(await refusal(server.iam.getUser({ UserName: "bob" })), [
    404,
    "NoSuchEntityException",
    "The user with name bob cannot be found.",
  ]);
});

test("GetUser: a user needs a policy, and is told which action on which ARN it has to allow", async () => {
  await using server = await IamServer.start();
  await server.iam.createUser({ UserName: "ann", Path: "/dev/" });
  const bob = await server.userWithKey("bob");
  assert.deepEqual(await refusal(bob.getUser({ UserName: "ann" })), [
    403,
    "AccessDenied",
    `User: ${server.arn("user/bob")} is not authorized to perform: iam:GetUser on resource: ${server.arn("user/dev/ann")} because no identity-based policy allows the iam:GetUser action`,
  ]);
});

test("UpdateUser: gives a user another name and path, and nothing else changes", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { User } = await iam.createUser({ UserName: "bob" });
  await iam.updateUser({ UserName: "bob", NewUserName: "rob", NewPath: "/ops/" });
  const renamed = await iam.getUser({ UserName: "rob" });
  assert.deepEqual(renamed.User, { ...User, UserName: "rob", Path: "/ops/", Arn: server.arn("user/ops/rob") });
  assert.equal((await refusal(iam.updateUser({ UserName: "bob" })))[1], "NoSuchEntityException");
});

test("DeleteUser: a user goes once nothing is theirs any more", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  const { AccessKey } = await iam.createAccessKey({ UserName: "bob" });
  assert.deepEqual((await refusal(iam.deleteUser({ UserName: "bob" }))).slice(0, 2), [409, "DeleteConflictException"]);
  await iam.deleteAccessKey({ UserName: "bob", AccessKeyId: AccessKey!.AccessKeyId! });
  await iam.deleteUser({ UserName: "bob" });
  assert.equal((await refusal(iam.getUser({ UserName: "bob" })))[1], "NoSuchEntityException");
});

test("ListUsers: in pages, by name, below a path", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  for (const UserName of ["c", "a", "b"]) await iam.createUser({ UserName, Path: UserName === "b" ? "/dev/" : "/" });
  const first = await iam.listUsers({ MaxItems: 2 });
  assert.deepEqual([first.Users!.map(({ UserName }) => UserName), first.IsTruncated], [["a", "b"], true]);
  const second = await iam.listUsers({ MaxItems: 2, Marker: first.Marker! });
  assert.deepEqual([second.Users!.map(({ UserName }) => UserName), second.IsTruncated, second.Marker], [["c"], false, undefined]);
  const below = await iam.listUsers({ PathPrefix: "/dev/" });
  assert.deepEqual(
    below.Users!.map(({ Arn }) => Arn),
    [server.arn("user/dev/b")],
  );
});

test("ListUsers: a page has 1 to 1,000 users", async () => {
  await using server = await IamServer.start();
  assert.match((await refusal(server.iam.listUsers({ MaxItems: 0 })))[2], /at 'maxItems' .* greater than or equal to 1$/);
  assert.match((await refusal(server.iam.listUsers({ MaxItems: 1001 })))[2], /at 'maxItems' .* less than or equal to 1000$/);
});

test("TagUser: sets tags beside those that are there", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob", Tags: [{ Key: "a", Value: "1" }] });
  await iam.tagUser({
    UserName: "bob",
    Tags: [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "3" },
    ],
  });
  const { Tags, IsTruncated } = await iam.listUserTags({ UserName: "bob" });
  assert.deepEqual(Tags, [
    { Key: "a", Value: "3" },
    { Key: "b", Value: "2" },
  ]);
  assert.equal(IsTruncated, false);
});

test("TagUser: 50 tags are all that one request can bring", async () => {
  await using server = await IamServer.start();
  await server.iam.createUser({ UserName: "bob" });
  const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
  const [status, name, message] = await refusal(server.iam.tagUser({ UserName: "bob", Tags }));
  assert.deepEqual([status, name], [400, "ValidationError"]);
  assert.match(message, /at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/);
});

test("UntagUser: takes tags away; there being none is no error", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({
    UserName: "bob",
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await iam.untagUser({ UserName: "bob", TagKeys: ["a", "c"] });
  await iam.untagUser({ UserName: "bob", TagKeys: [] });
  assert.deepEqual((await iam.listUserTags({ UserName: "bob" })).Tags, [{ Key: "b", Value: "2" }]);
});

test("ListUserTags: in pages", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({
    UserName: "bob",
    Tags: [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "1" },
    ],
  });
  const first = await iam.listUserTags({ UserName: "bob", MaxItems: 1 });
  assert.deepEqual([first.Tags, first.IsTruncated], [[{ Key: "a", Value: "1" }], true]);
  const second = await iam.listUserTags({ UserName: "bob", Marker: first.Marker! });
  assert.deepEqual([second.Tags, second.IsTruncated], [[{ Key: "b", Value: "2" }], false]);
});

test("PutUserPermissionsBoundary: sets the boundary, and DeleteUserPermissionsBoundary takes it away", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: ALLOW_ALL });
  await iam.putUserPermissionsBoundary({ UserName: "bob", PermissionsBoundary: Policy!.Arn! });
  const { User } = await iam.getUser({ UserName: "bob" });
  assert.equal(User!.PermissionsBoundary!.PermissionsBoundaryArn, Policy!.Arn);
  await iam.deleteUserPermissionsBoundary({ UserName: "bob" });
  assert.equal((await iam.getUser({ UserName: "bob" })).User!.PermissionsBoundary, undefined);
});

test("DeleteUserPermissionsBoundary: of a user who is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.equal((await refusal(server.iam.deleteUserPermissionsBoundary({ UserName: "bob" })))[1], "NoSuchEntityException");
});
