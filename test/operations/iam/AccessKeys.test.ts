import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCESS_KEY_ID } from "../../server/TestServer.ts";
import { ALLOW_ALL, IamServer, refusal } from "./IamServer.ts";

test("CreateAccessKey: makes a key that opens what its user may do", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  await iam.putUserPolicy({ UserName: "bob", PolicyName: "all", PolicyDocument: ALLOW_ALL });
  const { AccessKey } = await iam.createAccessKey({ UserName: "bob" });
  assert.deepEqual([AccessKey!.UserName, AccessKey!.Status], ["bob", "Active"]);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
  const bob = server.client({ credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! } });
  assert.equal((await bob.getUser({})).User!.UserName, "bob");
});

test("CreateAccessKey: a user has two at most", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  await iam.createAccessKey({ UserName: "bob" });
  await iam.createAccessKey({ UserName: "bob" });
  const [status, name, message] = await refusal(iam.createAccessKey({ UserName: "bob" }));
  assert.deepEqual([status, name, message], [409, "LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2"]);
});

test("CreateAccessKey: without a name, a root gets a further key of its own", async () => {
  await using server = await IamServer.start();
  const { AccessKey } = await server.iam.createAccessKey({});
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
  const other = server.client({ credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! } });
  assert.equal((await other.getUser({})).User!.Arn, server.arn("root"));
});

test("UpdateAccessKey: an inactive key opens nothing, from its next request on", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  await iam.putUserPolicy({ UserName: "bob", PolicyName: "all", PolicyDocument: ALLOW_ALL });
  const [key] = (await bob.listAccessKeys({})).AccessKeyMetadata!;
  assert.deepEqual([key!.UserName, key!.Status], ["bob", "Active"]);
  await iam.updateAccessKey({ UserName: "bob", AccessKeyId: key!.AccessKeyId!, Status: "Inactive" });
  assert.deepEqual(await refusal(bob.listAccessKeys({})), [
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
  ]);
  assert.equal((await iam.listAccessKeys({ UserName: "bob" })).AccessKeyMetadata![0]!.Status, "Inactive");
  await iam.updateAccessKey({ UserName: "bob", AccessKeyId: key!.AccessKeyId!, Status: "Active" });
  assert.equal((await bob.listAccessKeys({})).AccessKeyMetadata!.length, 1);
});

test("UpdateAccessKey: a status is Active or Inactive", async () => {
  await using server = await IamServer.start();
  const update = (Status: string): Promise<unknown> =>
    server.iam.updateAccessKey({ AccessKeyId: ACCESS_KEY_ID, Status: Status as "Active" });
  assert.equal(
    (await refusal(update("Off")))[2],
    "1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Expired, Inactive]",
  );
  assert.deepEqual((await refusal(update("Expired"))).slice(0, 2), [400, "InvalidInputException"]);
});

test("DeleteAccessKey: the key is gone, and a key of somebody else is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  const { AccessKeyMetadata } = await iam.listAccessKeys({ UserName: "bob" });
  const AccessKeyId = AccessKeyMetadata![0]!.AccessKeyId!;
  await iam.createUser({ UserName: "ann" });
  assert.deepEqual(await refusal(iam.deleteAccessKey({ UserName: "ann", AccessKeyId })), [
    404,
    "NoSuchEntityException",
    `The Access Key with id ${AccessKeyId} cannot be found.`,
  ]);
  await iam.deleteAccessKey({ UserName: "bob", AccessKeyId });
  assert.equal((await refusal(bob.getUser({})))[1], "InvalidClientTokenId");
});

test("ListAccessKeys: lists keys without their secrets, in pages", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  for (let made = 0; made < 2; made += 1) await iam.createAccessKey({ UserName: "bob" });
  const first = await iam.listAccessKeys({ UserName: "bob", MaxItems: 1 });
  assert.deepEqual([first.AccessKeyMetadata!.length, first.IsTruncated], [1, true]);
  assert.deepEqual(Object.keys(first.AccessKeyMetadata![0]!).toSorted(), ["AccessKeyId", "CreateDate", "Status", "UserName"]);
  const second = await iam.listAccessKeys({ UserName: "bob", Marker: first.Marker! });
  assert.deepEqual([second.AccessKeyMetadata!.length, second.IsTruncated], [1, false]);
});

test("GetAccessKeyLastUsed: of a key that was never used it says so", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  await iam.createUser({ UserName: "bob" });
  const { AccessKey } = await iam.createAccessKey({ UserName: "bob" });
  const { UserName, AccessKeyLastUsed } = await iam.getAccessKeyLastUsed({ AccessKeyId: AccessKey!.AccessKeyId! });
  assert.equal(UserName, "bob");
  assert.deepEqual(AccessKeyLastUsed, { ServiceName: "N/A", Region: "N/A" });
});

test("GetAccessKeyLastUsed: tells for what a key was used last, and when", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  await iam.putUserPolicy({ UserName: "bob", PolicyName: "all", PolicyDocument: ALLOW_ALL });
  const before = Date.now();
  const { AccessKeyMetadata } = await bob.listAccessKeys({});
  const { AccessKeyLastUsed } = await bob.getAccessKeyLastUsed({ AccessKeyId: AccessKeyMetadata![0]!.AccessKeyId! });
  assert.deepEqual([AccessKeyLastUsed!.ServiceName, AccessKeyLastUsed!.Region], ["iam", "us-east-1"]);
  assert.ok(AccessKeyLastUsed!.LastUsedDate!.getTime() >= before - 1_000);
});

test("GetAccessKeyLastUsed: a key that nobody has is NoSuchEntity", async () => {
  await using server = await IamServer.start();
  const asked = server.iam.getAccessKeyLastUsed({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" });
  assert.equal((await refusal(asked))[1], "NoSuchEntityException");
});

test("GetAccountSummary: counts what the account holds", async () => {
  await using server = await IamServer.start();
  await server.iam.createUser({ UserName: "bob" });
  const { SummaryMap } = await server.iam.getAccountSummary({});
  assert.deepEqual([SummaryMap!.Users, SummaryMap!.Groups, SummaryMap!.AccessKeysPerUserQuota], [1, 0, 2]);
});

test("ListAccountAliases: an account has none", async () => {
  await using server = await IamServer.start();
  const { AccountAliases, IsTruncated } = await server.iam.listAccountAliases({});
  assert.deepEqual([AccountAliases, IsTruncated], [[], false]);
});
