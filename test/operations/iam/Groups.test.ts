import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOW_ALL, IamServer, refusal } from "./IamServer.ts";

test("CreateGroup: makes a group, and shows it", async () => {
  await using server = await IamServer.start();
  const { Group } = await server.iam.createGroup({ GroupName: "devs", Path: "/dev/" });
  assert.match(Group!.GroupId!, /^AGPA[A-Z0-9]{17}$/);
  assert.deepEqual([Group!.Path, Group!.GroupName, Group!.Arn], ["/dev/", "devs", server.arn("group/dev/devs")]);
  const [status, name, message] = await refusal(server.iam.createGroup({ GroupName: "devs" }));
  assert.deepEqual([status, name, message], [409, "EntityAlreadyExistsException", "Group with name devs already exists."]);
});

test("GetGroup: shows the group and its users, in pages", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const { Group } = await iam.createGroup({ GroupName: "devs" });
  for (const UserName of ["b", "a"]) {
    await iam.createUser({ UserName });
    await iam.addUserToGroup({ GroupName: "devs", UserName });
  }
  const first = await iam.getGroup({ GroupName: "devs", MaxItems: 1 });
  assert.deepEqual([first.Group, first.Users!.map(({ UserName }) => UserName), first.IsTruncated], [Group, ["a"], true]);
  const second = await iam.getGroup({ GroupName: "devs", Marker: first.Marker! });
  assert.deepEqual([second.Users!.map(({ UserName }) => UserName), second.IsTruncated], [["b"], false]);
});

test("GetGroup: one that is not there is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  assert.deepEqual(await refusal(server.iam.getGroup({ GroupName: "devs" })), [
    404,
    "NoSuchEntityException",
    "The group with name devs cannot be found.",
  ]);
});

test("UpdateGroup: gives a group another name and path; its users stay in it", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createGroup({ GroupName: "devs" });
  await iam.createUser({ UserName: "bob" });
  await iam.addUserToGroup({ GroupName: "devs", UserName: "bob" });
  await iam.updateGroup({ GroupName: "devs", NewGroupName: "ops", NewPath: "/x/" });
  const { Group, Users } = await iam.getGroup({ GroupName: "ops" });
  assert.deepEqual([Group!.Arn, Users!.length], [server.arn("group/x/ops"), 1]);
});

test("DeleteGroup: one with users or policies stays", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createGroup({ GroupName: "devs" });
  await iam.putGroupPolicy({ GroupName: "devs", PolicyName: "p", PolicyDocument: ALLOW_ALL });
  assert.deepEqual((await refusal(iam.deleteGroup({ GroupName: "devs" }))).slice(0, 2), [409, "DeleteConflictException"]);
  await iam.deleteGroupPolicy({ GroupName: "devs", PolicyName: "p" });
  await iam.deleteGroup({ GroupName: "devs" });
  assert.deepEqual((await iam.listGroups({})).Groups, []);
});

test("ListGroups: by name, in pages, below a path", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  for (const GroupName of ["c", "a", "b"]) await iam.createGroup({ GroupName, Path: GroupName === "b" ? "/dev/" : "/" });
  const first = await iam.listGroups({ MaxItems: 2 });
  assert.deepEqual([first.Groups!.map(({ GroupName }) => GroupName), first.IsTruncated], [["a", "b"], true]);
  const below = await iam.listGroups({ PathPrefix: "/dev/" });
  assert.deepEqual(
    below.Groups!.map(({ GroupName }) => GroupName),
    ["b"],
  );
});

test("AddUserToGroup: what the group may do its user may do", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  await iam.createGroup({ GroupName: "admins" });
  await iam.putGroupPolicy({ GroupName: "admins", PolicyName: "all", PolicyDocument: ALLOW_ALL });
  assert.equal((await refusal(bob.listUsers({})))[1], "AccessDenied");
  await iam.addUserToGroup({ GroupName: "admins", UserName: "bob" });
  assert.equal((await bob.listUsers({})).Users!.length, 1);
});

test("AddUserToGroup: user and group have to be there", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const add = (): Promise<unknown> => iam.addUserToGroup({ GroupName: "devs", UserName: "bob" });
  assert.equal((await refusal(add()))[2], "The group with name devs cannot be found.");
  await iam.createGroup({ GroupName: "devs" });
  assert.equal((await refusal(add()))[2], "The user with name bob cannot be found.");
});

test("RemoveUserFromGroup: takes a user out", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createGroup({ GroupName: "devs" });
  await iam.createUser({ UserName: "bob" });
  await iam.addUserToGroup({ GroupName: "devs", UserName: "bob" });
  await iam.removeUserFromGroup({ GroupName: "devs", UserName: "bob" });
  assert.deepEqual((await iam.getGroup({ GroupName: "devs" })).Users, []);
});

test("ListGroupsForUser: lists the groups a user is in", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  for (const GroupName of ["b", "a", "c"]) await iam.createGroup({ GroupName });
  for (const GroupName of ["b", "a"]) await iam.addUserToGroup({ GroupName, UserName: "bob" });
  const { Groups, IsTruncated } = await iam.listGroupsForUser({ UserName: "bob" });
  assert.deepEqual([Groups!.map(({ GroupName }) => GroupName), IsTruncated], [["a", "b"], false]);
});
